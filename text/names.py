"""Names in a text, by how they are written: capitals inside a sentence, acronyms, runs of Katakana.

No list of names and no model: German, where every noun has a capital, is read more narrowly than other languages.
"""

from __future__ import annotations

import re

from schema import Span
from text.language import WITHOUT_BLANKS

_LETTER = r"[A-Za-zÀ-ÖØ-öø-ɏ0-9_]"
_WORD = rf"(?:[A-ZÀ-ÖØ-Þ](?:{_LETTER}|-|['’](?!s\b))*{_LETTER}|[A-Z]\.)"
_LINK = r"(?: | (?:of|the|de|da|del|di|du|la|le|van|von|der|for|and|&) )"
_LATIN = re.compile(rf"(?<![A-Za-zÀ-ɏ0-9/_@#.&-]){_WORD}(?:{_LINK}{_WORD})*(?![A-Za-zÀ-ɏ0-9/_@&]|\.\w)")
_ACRONYM = re.compile(r"(?<![\w/_@#.&-])[A-Z][A-Za-z]*[A-Z0-9][A-Za-z0-9-]*(?![\w/_@&]|\.\w)", re.ASCII)
_KATAKANA = re.compile(r"[ァ-ヴ][ァ-ヴー]{2,}(?:[・=][ァ-ヴー]+)*")
_OPENS = re.compile(r"(?:^|[.!?…:;•\n]|[.!?]['\"”’)])\s*[\"'“‘«»„(\[¿¡-]*\s*$")
_SPLIT = re.compile(r" (?:and|&) ")
# Words that have a capital for other reasons: they open a sentence, are "I", days, or adjectives of languages.
_NOT = frozenset(
    "i i'm i'd i've i'll the a an this that these those it he she we they you in on at for if when while but and so as "
    "however there what why how who where which no not yes one two three all some most many our their his her its my "
    "your yesterday today tomorrow later once here now again both each every many did do does is are was were has have "
    "had can could will would should dear to from by with after before because since although though then also even "
    "just only still "
    "der die das ein eine einen einem einer wir sie er ich wenn aber im am zum zur für mit von bei nach und oder "
    "el la los las un una en es lo al del por para con si no pero como cuando este esta "
    "le les il elle nous vous ils dans sur pour avec mais si ce cette et ou de du des une "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december english german french spanish japanese".split()
)
_GERMAN_TITLES = frozenset("herr frau dr prof professor präsident präsidentin minister".split())
_COMMON_KATAKANA = frozenset(
    "システム データ モデル サービス プロジェクト グループ メンバー コメント インターネット コンピュータ "
    "コンピューター ケース レベル リスク ユーザー ユーザ ページ テスト エネルギー ルール プロセス センター "
    "チーム タイプ".split()
)


def names(text: str, language: str) -> list[Span]:
    """Return where names stand, in order, never overlapping. With blanks, a sentence's first word alone is none.

    "Yesterday Ada Moor left NASA in Paris." -> "Ada Moor", "NASA", "Paris"
    """
    found = [Span(match.start(), match.end()) for match in _ACRONYM.finditer(text) if len(match[0]) > 1]
    for match in _LATIN.finditer(text):
        found += _parts(text, match, language)
    found += [Span(m.start(), m.end()) for m in _KATAKANA.finditer(text) if m[0] not in _COMMON_KATAKANA]
    kept: list[Span] = []
    for span in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _parts(text: str, match: re.Match[str], language: str) -> list[Span]:
    """Return the names that a run of capitalised words holds."""
    spans, at = [], match.start()
    for part in _SPLIT.split(match[0]):
        start = text.index(part, at)
        at = start + len(part)
        if span := _trimmed(text, start, at, language):
            spans.append(span)
    return spans


def _trimmed(text: str, start: int, end: int, language: str) -> Span | None:
    """Return a run without what is no name at its front, None where nothing is left that looks like one."""
    words = [(m.start() + start, m.end() + start) for m in re.finditer(r"\S+", text[start:end])]
    opens = language not in WITHOUT_BLANKS and (
        start == 0 or _OPENS.search(text[max(0, start - 20) : start]) is not None
    )
    while words and is_ordinary(text[slice(*words[0])]):
        words.pop(0)
        opens = False
    while words and is_ordinary(text[slice(*words[-1])]):
        words.pop()
    if not words or (opens and len(words) < 2):
        return None
    if language == "de" and not _german(text, words):
        return None
    capitals = sum(text[a].isupper() for a, _ in words)
    if opens and (language == "de" or (capitals < len(words) and len(words) < 3)):
        return None  # "Kleine Häuser", "Bank of"
    return Span(words[0][0], words[-1][1])


def is_ordinary(word: str) -> bool:
    """Tell whether a word has a capital for other reasons than that it is a name: it opens a sentence, say."""
    return word.lower().rstrip(".").replace("’", "'") in _NOT


def _german(text: str, words: list[tuple[int, int]]) -> bool:
    """Tell whether capitalised German words are a name: several in a row, or one behind a title."""
    if len(words) > 1 and all(text[a:b][0].isupper() for a, b in words):
        return not re.search(r"\b(?:der|die|das|den|dem|des|ein\w*)\s+$", text[: words[0][0]][-8:], re.IGNORECASE)
    before = text[: words[0][0]].split()[-1:]
    return bool(before) and before[0].lower().rstrip(".") in _GERMAN_TITLES
