"""Quotations that begin with a name and a colon, and how far they go.

"Name: words" opens a quotation. It goes on over the next paragraph where that one shows it: an open bracket or
quotation mark, an ellipsis, a small letter, a sentence left unfinished. Where nothing shows it, the quotation is one
paragraph; a sidecar may say more. A heading or the next name ends it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.kinds.draft import Draft
from documents.kinds.lines import begins_elided, begins_lower, is_cjk, is_rule, is_sentence_end, leaves_open
from documents.kinds.names import SOMEBODY, clean_name, is_name

_MOST = 3_000  # paragraphs whose words are looked at
_READ = 4_000  # characters of each
_HEAD = 120  # characters in which a name and its colon must stand
_COLON = re.compile(r"(?<=\S)(?:\*\*)?[:：](?:\*\*)?(?:\s+|(?<=：)|(?=[“\"「『«„])|(?<=[\u3041-\u9fff）)]:))(?=\S)")
_SAYING = re.compile(
    r"(?P<name>[^,;:.!?，。、]{2,48}?)\s+(?:[a-z]+ly\s+)?(?:said|says|wrote|writes|responded|responds|replied|replies|answered"
    r"|answers|asked|asks|tweeted|posted|commented|comments|notes|noted|added|adds|put\sit"
    r"|sagt|sagte|schreibt|schrieb|antwortet|antwortete|meint|meinte|erklärte|fragte"
    r"|dice|dijo|escribe|escribió|respondió|responde|preguntó|afirma|afirmó|explicó"
    r"|dit|écrit|répond|répondit|demande|explique)\b(?:[^.!?。]|(?<=\d)\.(?=\d))*$"
)
_SAYING_CJK = re.compile(
    r"(?P<name>[^、。はがも（(]{2,30}?)\s?(?:氏|さん)?\s?[はが](?=.*(?:述べ|言|語|書|答|応答|回答|返信|コメント|指摘|反論)).*$"
)
_SAYING_ZH = re.compile(
    r"(?P<name>[^，。]{2,30}?)(?:表示|说|說|写道|寫道|回答|指出|问|問|称|稱|回应|認為|认为)(?:道)?$"
)
_ANNOUNCED = re.compile(rf"(?:.*[.!?]\s+)?(?:[Aa]s\s|[Ww]ie\s|[Cc]omo\s)?{_SAYING.pattern[:-1]}[:：]$", re.DOTALL)
_ANNOUNCED_AS = re.compile(
    r"(?:[Ss]o|[Ll]aut|[Ss]egún|[Ss]elon|[Aa]ccording\sto|in\sthe\swords\sof)\s(?P<name>[^,;:.!?]{2,40})[,]?[^.!?:]{0,60}[:：]$"
)
_WORD = re.compile(r"[^\W\d_]+")
_OPEN_QUOTE = '“"「『«„‘'
_ELLIPSIS = re.compile(r"[\[(]?(?:\.{3,}|…+|\. \. \.)[\])]?$")


@dataclass(frozen=True, slots=True)
class Opening:
    """Who is quoted by the paragraph that opens a quotation, and how sure that is."""

    speaker: str
    certain: bool  # a full name or a sentence that says so; a lone small word is not


def mark_quotations(drafts: Sequence[Draft]) -> set[str]:
    """Give quotations their speaker; return the names of those quoted.

    In a translation the role stays, only the speaker is added, so that one sees it is a translation.
    """
    openings = {i: opening for i, draft in enumerate(drafts) if (opening := _opening(draft))}
    certain = {opening.speaker for opening in openings.values() if opening.certain}
    ordinary = _ordinary_words(drafts) if openings else set()
    certain = {name for name in certain if not _is_label(name, ordinary)}
    openings = {
        i: opening
        for i, opening in openings.items()
        if opening.speaker in certain or (not opening.certain and _is_believed(opening.speaker, bool(certain), drafts))
    }
    names = {opening.speaker for opening in openings.values()}
    last = -1
    for i in sorted(openings):
        if i <= last:
            continue
        speaker = openings[i].speaker
        _quote(drafts[i], speaker, inferred=False)
        last = i
        while last + 1 < len(drafts) and last + 1 not in openings and _goes_on(drafts, i, last + 1, openings):
            last += 1
            _quote(drafts[last], speaker, inferred=True)
    return names | _announced(drafts)


def _announced(drafts: Sequence[Draft]) -> set[str]:
    """Give marked quotations without a name the speaker that the paragraph above announces: "As Ada writes:"."""
    names = set()
    for i, draft in enumerate(drafts[1:], start=1):
        if draft.role != "quotation" or draft.speaker is not None or "speaker" in draft.told:
            continue
        above = drafts[i - 1]
        if above.role == "quotation" and above.speaker is not None:
            draft.speaker, draft.speaker_inferred = above.speaker, True
        elif match := _ANNOUNCED.match(above.text[-200:]) or _ANNOUNCED_AS.search(above.text[-200:]):
            name = clean_name(match["name"])
            if is_name(name):
                draft.speaker, draft.speaker_inferred = name, True
                names.add(name)
    return names


def opened_by(text: str) -> Opening | None:
    """Return who is quoted by a paragraph of the form "Name: words" or "Name said this: “words”"."""
    colon = _COLON.search(text[:_HEAD])
    if colon is None:
        return None
    before, after = text[: colon.start()].strip(), text[colon.end() :]
    if is_name(before):
        return Opening(clean_name(before), True)
    for pattern in (_SAYING, _SAYING_CJK, _SAYING_ZH):
        match = pattern.match(before)
        if match and is_name(match["name"], handles=True):
            quoted = after[:1] in _OPEN_QUOTE
            return Opening(clean_name(match["name"]), True) if quoted or pattern is not _SAYING_ZH else None
    if " " not in before and is_name(before, handles=True):
        return Opening(clean_name(before), any(char.isdigit() for char in before))
    return None


def _opening(draft: Draft) -> Opening | None:
    marked = draft.role == "quotation" and draft.speaker is None
    if not marked and (not draft.is_prose or draft.role not in (None, "translation") or draft.list_item):
        return None
    if draft.region_role in ("summary", "comment"):
        return None
    return opened_by(draft.text)


def _ordinary_words(drafts: Sequence[Draft]) -> set[str]:
    """Return the words that the document writes with a small letter."""
    return {word for draft in drafts[:_MOST] for word in _WORD.findall(draft.text[:_READ]) if word.islower()}


def _is_label(name: str, ordinary: set[str]) -> bool:
    """Tell whether a name in front of a colon is made of ordinary words only: "Project Timeline"."""
    if any(char.isdigit() for char in name):
        return False
    words = [word.lower() for word in _WORD.findall(name)]
    return bool(words) and name.lower() not in SOMEBODY and not is_cjk(name) and all(word in ordinary for word in words)


def _is_believed(word: str, others: bool, drafts: Sequence[Draft]) -> bool:
    """Tell whether a lone word before a colon is a name: it is no ordinary word of the text, and others are quoted.

    In Chinese characters it must be said elsewhere what the person says or does.
    """
    if is_cjk(word):
        acting = re.compile(rf"{re.escape(word)}(?:认为|認為|表示|说|說|指出|告诉|介绍|氏|さん|教授|先生|博士|は|が)")
        return any(acting.search(draft.text) for draft in drafts)
    if not others:
        return False
    inside = re.compile(rf"(?<=\s){re.escape(word)}\b(?!\s?[:：])", re.IGNORECASE)
    return not any(inside.search(draft.text) for draft in drafts)


def _quote(draft: Draft, speaker: str, inferred: bool) -> None:
    if "speaker" not in draft.told:
        draft.speaker, draft.speaker_inferred = speaker, inferred
    if draft.role is None and draft.region_role not in ("translation", "summary"):
        draft.role = "quotation"


def _goes_on(drafts: Sequence[Draft], first: int, i: int, openings: dict[int, Opening]) -> bool:
    """Tell whether the paragraph `i` goes on with the quotation that began with `first`."""
    draft, before = drafts[i], drafts[i - 1]
    if "speaker" in draft.told:
        return draft.speaker == drafts[first].speaker
    if not draft.is_prose or draft.role not in (None, "translation") or draft.whole != before.whole:
        return False
    if is_rule(draft.text):
        return False
    said = "\n".join(draft.text for draft in drafts[max(first, i - 6) : i])
    if leaves_open(said) or _is_ellipsis(draft.text) or begins_elided(draft.text) or begins_lower(draft.text):
        return True
    if _is_ellipsis(before.text) or before.text.rstrip().endswith((":", "：")):
        return True
    if before.text[-1:].isalnum() and not is_sentence_end(before.text):
        return True
    return any(_is_ellipsis(later.text) for later in _until_other(drafts, i, openings))


def _until_other(drafts: Sequence[Draft], i: int, openings: dict[int, Opening]) -> list[Draft]:
    """Return the next few paragraphs, up to a heading or another quotation."""
    found: list[Draft] = []
    for k in range(i + 1, min(i + 3, len(drafts))):
        if k in openings or drafts[k].role not in (None, "translation"):
            break
        found.append(drafts[k])
    return found


def _is_ellipsis(text: str) -> bool:
    return len(text) < 12 and _ELLIPSIS.match(text.strip()) is not None
