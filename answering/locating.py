"""Finds the words that somebody says he quotes: exactly, or after making alike what typography and keyboards vary."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schema import Span
from text.folding import align, fold

LONGEST = 2_000  # characters of a quote; what is longer is cut
_SHORTEST = 8  # characters of a part between two marks of omission; a shorter one would be found anywhere
_OMITTED = re.compile(r"\s*(?:\[\s*(?:\.{3}|…)\s*\]|\(\s*(?:\.{3}|…)\s*\)|\.{3,}|…+|(?:\. ){2,}\.)\s*")
_FARTHEST = 1_500  # characters from one part of a quote to the next
_PIECE = 4_000  # characters that are looked through at once
_SLACK = 200  # characters of blanks and the like that a quote may lack
_AROUND = "\"'“”„‟«»‘’「」『』 \t\r\n"
_ENDS = ".,;:!?。、"


def locate(quote: str, text: str, start: int = 0, end: int | None = None) -> Span | None:
    """Return where a quote stands in `text[start:end]`, None where it does not.

    Blanks, quotation marks, dashes, Unicode forms and case may differ, marks of omission may stand for anything, and
    quotation marks or a stop may be added at its ends. What is found begins and ends with characters of the quote.
    """
    end = len(text) if end is None else end
    quote = quote[:LONGEST].strip()
    if not quote:
        return None
    at = text.find(quote, start, end)
    if at >= 0:
        return Span(at, at + len(quote))
    whole = _find([fold(quote), fold(quote).strip(_AROUND)], text, start, end)
    return whole or _parts(quote, text, start, end)


def _parts(quote: str, text: str, start: int, end: int) -> Span | None:
    """Return the span from the first part of a quote with omissions to its last, each in order."""
    parts = [fold(part).strip(_AROUND).rstrip(_ENDS) for part in _OMITTED.split(quote)]
    parts = [part for part in parts if part]
    if not parts or any(len(part) < _SHORTEST and not _dense(part) for part in parts):
        return None
    found: list[Span] = []
    for part in parts:
        left = found[-1].end if found else start
        span = _find([part], text, left, min(end, left + _FARTHEST) if found else end)
        if span is None:
            return None
        found.append(span)
    return Span(found[0].start, found[-1].end)


def _dense(part: str) -> bool:
    """Tell whether a few characters say much, as Chinese and Japanese ones do."""
    return len(part) >= _SHORTEST // 2 and not part.isascii()


def _find(copies: Sequence[str], text: str, start: int, end: int) -> Span | None:
    """Return where the first of some search copies stands that does.

    A text is looked through piece by piece, since aligning is slow; pieces overlap by more than a quote is long.
    """
    for copy in filter(None, copies):
        overlap = 2 * len(copy) + _SLACK
        for at in range(start, end, _PIECE):
            until = min(end, at + _PIECE + overlap)
            if copy in fold(text[at:until]) and (span := _aligned(copy, text, at, until)) is not None:
                return span
    return None


def _aligned(copy: str, text: str, start: int, end: int) -> Span | None:
    aligned = align(text[start:end])
    at = aligned.text.find(copy)
    if at < 0:
        return None
    return Span(start + aligned.spans[at].start, start + aligned.spans[at + len(copy) - 1].end)
