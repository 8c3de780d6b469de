"""Run-in labels: a few words in front of a paragraph that name what it is about ("Step 1: ...", "Open doors. ...").

With a colon the label goes into the section path and the paragraph stays whole. With a stop it reads as a heading of
its own, but so does many a short sentence: it must be two to four words without a verb or a pronoun, and the text
must speak of the same thing elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from documents.kinds.draft import Draft
from documents.kinds.lines import is_cjk
from text.words import fold

_COLON = re.compile(
    r"(?:\*\*)?(?P<label>[^\W\d_](?:[^:：.!?。\n]{1,46}[^\s:：.!?。])?)(?:\*\*)?[:：](?:\*\*)?\s+(?=\S{2,})"
)
_COUNTED = re.compile(r"[^\W\d_]+ (?:\d{1,2}|[IVX]{1,4}|#\d{1,2})$")
_STOP = re.compile(r"(?P<label>[^\W\d_][\w’'&/-]*(?: [\w’'&/-]+){1,3})\.\s+(?=[^\W\d_])")
_MOST_WORDS = 6
_MOST = 1_000  # paragraphs that are searched for other mentions of a label
_READ = 1_000  # characters of each
_FUNCTION = frozenset(
    """
    i you we he she it they this that these those there here what who which how why when where is are was were be been
    am do does did has have had will would can could should may might must shall not no yes as at by for from if so
    but and or too also good fair thank thanks well right sure okay ok see again more please let go come time
    ich du wir er sie es ihr das dies ist sind war waren hat haben wird werden kann nicht nein ja aber und oder
    yo tú él ella nosotros ellos es son fue está no sí pero y o ha han hay je tu il elle nous vous ils est sont était
    """.split()
)


def mark_labels(drafts: list[Draft]) -> None:
    """Put run-in labels into the section path of their paragraphs; cut off those that end in a stop as headings."""
    whole = " ".join(fold(draft.text[:_READ]) for draft in drafts[:_MOST] if draft.role != "noise")
    i = 0
    while i < len(drafts):
        draft = drafts[i]
        if _open(draft):
            if label := _with_colon(draft):
                draft.labels = (label,)
            elif (cut := _with_stop(draft, whole)) is not None:
                drafts[i : i + 1] = _apart(draft, cut, _level_at(drafts, i))
                i += 1
        i += 1


def _open(draft: Draft) -> bool:
    return draft.is_prose and draft.role is None and draft.mark is None and draft.region_role in (None, "body")


def _with_colon(draft: Draft) -> str | None:
    """Return a label that ends in a colon. Names that open quotations are told before."""
    match = _COLON.match(draft.text[:80])
    if match is None or is_cjk(match["label"]):
        return None
    label = match["label"]
    words = label.split()
    counted = _COUNTED.match(label) is not None
    if not counted and (len(words) > _MOST_WORDS or not label[0].isupper()):
        return None
    first = words[1] if words[0] == "Not" and len(words) > 2 else words[0]
    if not counted and (first.lower() in _FUNCTION - {"a"} or words[-1].lower() in _FUNCTION):
        return None
    return label


def _with_stop(draft: Draft, whole: str) -> int | None:
    """Return where a label with a stop ends in the paragraph, None where there is none."""
    match = _STOP.match(draft.text[:60])
    if match is None or "\n" in match.group():
        return None
    words = fold(match["label"]).split()
    if any(word in _FUNCTION for word in words) or not words[-1].isalpha() or len(words[-1]) < 4:
        return None
    if sum(char.isupper() for char in match["label"][1:]) > 0:
        return None  # names and abbreviations
    mentions = len(re.findall(rf"{re.escape(words[0])}\W+{re.escape(words[-1][:-1])}", whole))
    return match.end("label") + 1 if mentions >= 2 else None


def _apart(draft: Draft, cut: int, level: int) -> list[Draft]:
    """Split a paragraph into its run-in heading and the rest."""
    rest = draft.text[cut:].lstrip()
    heading = replace(draft, end=draft.start + cut, text=draft.text[:cut], role="heading", level=level, reports=())
    return [heading, replace(draft, start=draft.end - len(rest), text=rest, gap=False)]


def _level_at(drafts: Sequence[Draft], i: int) -> int:
    """Return the level below the heading that the paragraph stands under."""
    for draft in reversed(drafts[max(0, i - 400) : i]):
        if draft.whole != drafts[i].whole:
            return 1
        if draft.role == "heading":
            return (draft.level or 1) + 1
    return 1
