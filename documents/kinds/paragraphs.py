"""Cut a text into paragraphs: every character that is not blank lies in exactly one of them.

Files come in two styles: one paragraph a line, or lines wrapped at some width with blank lines between paragraphs.
The style is told by a simple test on neighbouring lines: where a line was wrapped, the first word of the next would
not have fitted on it any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from documents.extract import Extract, Mark
from documents.kinds.lines import is_cjk, is_list_item, is_rule, is_sentence_end

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_WIDEST_WRAP = 160  # characters; longer lines are paragraphs by themselves
_NARROWEST_WRAP = 30  # characters; shorter lines are verse, addresses or lists
_FEWEST_PAIRS = 2  # neighbouring lines; with fewer there is nothing to see


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A trimmed span; `gap` tells that a blank line (or the text's edge) stands before it."""

    start: int
    end: int
    mark: Mark | None = None
    gap: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    gap: bool


def cut(extract: Extract) -> list[Paragraph]:
    """Return the paragraphs in order: one a mark, and what lies between marks by the style of its lines."""
    text = extract.text
    width = wrap_width(text) if not extract.marks or extract.format in ("plain", "markdown") else 0
    paragraphs: list[Paragraph] = []
    position = 0
    for mark in extract.marks:
        start, end = max(mark.start, position), min(mark.end, len(text))
        paragraphs.extend(_unmarked(text, position, start, width))
        span = _trim(text, start, end)
        if span:
            paragraphs.append(Paragraph(*span, mark, text.count("\n", position, span[0]) > 1))
        position = max(position, end)
    paragraphs.extend(_unmarked(text, position, len(text), width))
    return paragraphs


def wrap_width(text: str) -> int:
    """Return the width in characters that the text's lines were wrapped at, 0 where each line is a paragraph."""
    lines = list(_lines(text, 0, min(len(text), 200_000)))
    pairs = [(a, b) for a, b in pairwise(lines) if not b.gap and not _apart(text, a, b)]
    if len(pairs) < _FEWEST_PAIRS:
        return 0
    lengths = sorted(line.end - line.start for line in lines)
    width = lengths[min(len(lengths) - 1, int(len(lengths) * 0.98))]
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP or lengths[-1] > 3 * _WIDEST_WRAP:
        return 0
    wrapped = sum(
        _was_wrapped(text, a, b, width) and not is_sentence_end(text[a.start : a.end]) for a, b in pairs
    )  # a paragraph ends in a stop, a line in the middle of one seldom does
    return width if wrapped >= 0.5 * len(pairs) else 0


def _apart(text: str, line: _Line, following: _Line) -> bool:
    """Tell whether marks of lists and rules part two lines, however long they are."""
    before, after = text[line.start : line.end], text[following.start : following.end]
    return is_rule(before) or is_rule(after) or is_list_item(after)


def _was_wrapped(text: str, line: _Line, following: _Line, width: int) -> bool:
    """Tell whether the first word of the next line would not have fitted (with some slack: ragged or justified)."""
    length = line.end - line.start
    head = text[following.start : min(following.end, following.start + width)]
    word = head.split(maxsplit=1)[0] if head.split() else ""
    if is_cjk(word):
        return length > 0.85 * width  # such a line may end after any character
    return length + 1 + len(word) > 0.85 * width


def _lines(text: str, start: int, end: int) -> Iterator[_Line]:
    """Yield the lines that are not blank, trimmed."""
    previous = None
    for match in _LINE.finditer(text, start, end):
        span = _trim(text, match.start(), match.end())
        if span is None:
            continue
        # \r\n is one line end: count the line feeds, or the carriage returns where there are none
        between = text[previous : span[0]] if previous is not None else "\n\n"
        yield _Line(*span, max(between.count("\n"), between.count("\r"), between.count("\u2029") + 1) > 1)
        previous = span[1]


def _unmarked(text: str, start: int, end: int, width: int) -> Iterator[Paragraph]:
    lines = list(_lines(text, start, end))
    first = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or not width or _breaks(text, lines[i - 1], lines[i], width):
            yield Paragraph(lines[first].start, lines[i - 1].end, None, lines[first].gap)
            first = i


def _breaks(text: str, line: _Line, following: _Line, width: int) -> bool:
    """Tell whether a new paragraph begins with the following line of a wrapped text."""
    if following.gap:
        return True
    before, after = text[line.start : line.end], text[following.start : following.end]
    if _indented(text, following) and (is_list_item(before) or _indented(text, line)):
        return False
    if _apart(text, line, following) or before.startswith("#") or after.startswith("#"):
        return True
    if after.startswith(">") != before.startswith(">"):
        return True
    if _was_wrapped(text, line, following, width):
        return False
    return is_sentence_end(before) or len(before) < 0.6 * width


def _indented(text: str, line: _Line) -> bool:
    """Tell whether a line is set in, as the further lines of a list entry are, and begins no entry itself."""
    return (
        text[max(0, line.start - 2) : line.start].strip(" ") == ""
        and line.start >= 2
        and not is_list_item(text[line.start : line.end])
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span without blanks at its ends, None where nothing is left."""
    stripped = text[start:end].strip()
    if not stripped:
        return None
    begin = start + len(text[start:end]) - len(text[start:end].lstrip())
    return begin, begin + len(stripped)
