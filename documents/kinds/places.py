"""Find the parts of a sidecar in the text they speak of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from documents.sidecar import Part, Sidecar
from errors import DocumentError
from text.words import fold

_SINGLE = {"heading", "quotation", "footnote", "metadata", "noise"}


@dataclass(frozen=True, slots=True)
class Place:
    """A part with its span. A `region` lasts until the next one; the others lie inside and win over it."""

    start: int
    end: int
    part: Part
    region: bool


def place(sidecar: Sidecar, text: str, paragraph_ends: Iterable[tuple[int, int]]) -> list[Place]:
    """Return the parts with their spans, in the order of the text.

    :param paragraph_ends: start and end of the paragraphs, in order: where a part of one paragraph ends.
    :raises DocumentError: where first or last words are not in the text, or the first words stand there twice.
    """
    folded = fold(text) if sidecar.parts else ""
    paragraphs = list(paragraph_ends)
    starts = [start for start, _ in paragraphs]
    found = []
    for number, part in enumerate(sidecar.parts, start=1):
        where = f'sidecar {sidecar.name}: part {number} ("{part.begins[:40]}")'
        start, after = _first_words(folded, part, where)
        end = _last_words(folded, part, start, where)
        region = part.role is not None and part.role not in _SINGLE
        if end is None and not region:
            at = bisect_right(starts, start) - 1
            end = max(after, paragraphs[at][1]) if at >= 0 else after
        found.append(Place(start, end if end is not None else -1, part, region))
    found.sort(key=lambda place: place.start)
    return _close_regions(found, len(text))


def _close_regions(places: list[Place], length: int) -> list[Place]:
    """End each open region where the next one begins."""
    closed: list[Place] = []
    next_start = length
    for place in reversed(places):
        end = place.end
        if place.region:
            end = next_start if end < 0 else min(end, next_start)
            next_start = place.start
        closed.append(Place(place.start, end, place.part, place.region))
    return closed[::-1]


def _first_words(folded: str, part: Part, where: str) -> tuple[int, int]:
    """Return where the part begins and where its first words end; line beginnings come before other places."""
    pattern = _pattern(part.begins)
    matches = [match.span() for match in re.finditer(pattern, folded)]
    at_lines = [span for span in matches if _begins_line(folded, span[0])]
    matches = at_lines or matches
    if not matches:
        raise DocumentError(f"{where}: these words are not in the document; correct begins or delete the part")
    if part.occurrence is None and len(matches) > 1:
        raise DocumentError(f"{where}: these words stand {len(matches)} times; give more of them, or an occurrence")
    if (part.occurrence or 1) > len(matches):
        raise DocumentError(f"{where}: these words stand {len(matches)} times; correct the occurrence")
    return matches[(part.occurrence or 1) - 1]


def _last_words(folded: str, part: Part, start: int, where: str) -> int | None:
    if part.ends is None:
        return None
    match = re.compile(_pattern(part.ends)).search(folded, start)
    if match is None:
        raise DocumentError(f'{where}: its last words "{part.ends[:40]}" do not follow; correct ends')
    return match.end()


def _pattern(words: str) -> str:
    """Match the words however they are wrapped and whatever their quotes and dashes look like."""
    return r"\s+".join(re.escape(word) for word in fold(words).split())


def _begins_line(folded: str, position: int) -> bool:
    """Tell whether only blanks and marks such as "> ", "- " or "## " stand before the position on its line."""
    before = folded[max(0, position - 40) : position]
    return not re.split(r"[\n\r\v\f\x85\u2028\u2029]", before)[-1].strip(" \t>-*#\"'")
