"""Whether a statement is a sentence of the source but for little, and whether that little makes it false.

A sentence copied with one name, number or "not" changed is what a reader is deceived by most easily, and what letters
tell surely: both are laid side by side, word by word (Ratcliff & Metzener 1988, as in difflib).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from text.names import is_ordinary, names
from text.negation import denials
from text.numbers import Number, numbers, same
from text.words import is_cjk, tokens

_SAME = 0.8  # share of a statement's words that stand in the same order in one sentence: it is that sentence, changed
_HALF, _LITTLE = 0.5, 4  # or this share, and no more other words than that (of Japanese: twice as many characters)
_FEWEST = 4  # words (of Chinese and Japanese: characters) of a statement that can be somebody's sentence, changed
_SKIPPED = 3  # words that a changed copy may lack without lacking a clause
_LONGEST = 400  # words (or characters) that are compared
_DASH = re.compile(r"[–—―]|--")  # parts words, where a hyphen joins them
_CHARACTERS = re.compile(r"[ァ-ヴー]+|.")
_CJK_BLANK = re.compile(r" (?=[\u3041-\u30ff\u4e00-\u9fff])|(?<=[\u3041-\u30ff\u4e00-\u9fff]) ")


@dataclass(frozen=True, slots=True)
class Near:
    """A sentence, the share of a statement that it has in order, and both in parts that stand for each other."""

    sentence: str
    covered: float
    parts: list[tuple[list[str], list[str]]]

    @property
    def changed(self) -> bool:
        """Tell whether the statement is this sentence but for little."""
        size = sum(len(own) for own, _ in self.parts)
        little = _LITTLE * (1 + any(map(is_cjk, self.sentence)))
        return self.covered >= _SAME or (self.covered >= _HALF and round((1 - self.covered) * size) <= little)


def nearest(claim: str, sentences: Sequence[str]) -> Near:
    """Return the sentence most like a statement."""
    own = _units(claim)
    best = Near("", 0.0, [])
    for sentence in sentences:
        theirs = _units(sentence)
        matcher = SequenceMatcher(None, own, theirs, autojunk=False)
        covered = sum(block.size for block in matcher.get_matching_blocks()) / max(1, len(own))
        if covered > best.covered and len(own) >= _FEWEST:
            best = Near(sentence, covered, list(_parts(own, theirs, matcher)))
    return best


def _parts(own: list[str], theirs: list[str], matcher: SequenceMatcher[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield a statement's words, in parts, each with what the sentence has in its place.

    What the sentence has more, at its ends or as a clause, is left out: so may the statement.
    """
    for tag, a, b, c, d in matcher.get_opcodes():
        more = tag == "insert" and (c == 0 or d == len(theirs) or d - c > _SKIPPED)
        yield own[a:b], [] if more or d - c > max(_SKIPPED, 2 * (b - a)) else theirs[c:d]


def swapped(claim: str, language: str, near: Near, text: str, around: str) -> tuple[str, ...]:
    """Return the kinds of change that make a sentence another one's contrary, or about something else.

    What the rest of the cited text has may have come from there, unless all else is as in the sentence. `around` tells
    which words are names that open a sentence.
    """
    own = _joined([unit for part, _ in near.parts for unit in part])
    kept = _joined([unit for _, part in near.parts for unit in part])
    strict = near.covered >= _SAME
    kinds = []
    if _other_number(numbers(own, language), numbers(kept, language), numbers(kept if strict else text, language)):
        kinds.append("number")
    if _other_name(claim, language, near, near.sentence if strict else text, around):
        kinds.append("name")
    if denials(own, language) != denials(kept, language):
        kinds.append("negation")
    return tuple(kinds)


def _other_number(own: Sequence[Number], kept: Sequence[Number], others: Sequence[Number]) -> bool:
    """Tell whether a number stands where the sentence has another one: in order where they are as many."""
    if len(own) == len(kept):
        return any(_alone([mine], [theirs]) for mine, theirs in zip(own, kept, strict=True))
    return _alone(own, others) and _alone(kept, own)


def _other_name(claim: str, language: str, near: Near, text: str, around: str) -> bool:
    """Tell whether a name stands where the sentence has another one."""
    changed = [(own, kept) for own, kept in near.parts if own != kept and own and kept]
    if not changed:
        return False
    named, theirs = _named(claim, language), _named(near.sentence, language)
    if changed[0] == near.parts[0] and not is_ordinary(claim.split(maxsplit=1)[0]):
        named, theirs = named | {changed[0][0][0]}, theirs | _named(around, language)
    others = _units(text)
    return any(
        any(unit in named and not _spelled(unit, others) for unit in own) and any(unit in theirs for unit in kept)
        for own, kept in changed
    )


def _named(text: str, language: str) -> set[str]:
    return {unit for span in names(text, language) for unit in _units(text[span.start : span.end])}


def _joined(units: Sequence[str]) -> str:
    """Return units as text: blanks between words, none beside Chinese and Japanese."""
    text = " ".join(units)
    return _CJK_BLANK.sub("", text)


def _spelled(word: str, others: Sequence[str]) -> bool:
    """Tell whether a name is among other words in another form ("US", "u.s."; "Charts", "chart")."""
    begins = word[:-1] if len(word) > 4 else word
    return any(other.replace(".", "").startswith(begins) for other in others)


def _alone(some: Sequence[Number], others: Sequence[Number]) -> bool:
    """Tell whether one of some numbers is none of the others."""
    worth = [value for other in others for value in other.values]
    return any(not any(same(value, other) for value in one.values for other in worth) for one in some)


def _units(text: str) -> list[str]:
    """Return what is compared in order: words, runs of Katakana, and other Chinese and Japanese characters."""
    found: list[str] = []
    for token in tokens(_DASH.sub(" ", text)):
        found.extend(_CHARACTERS.findall(token) if is_cjk(token) else [token.removesuffix("'s")])
    return found[:_LONGEST]
