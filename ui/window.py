"""The text around a quote, cut into runs that the page can show without counting characters.

Python counts code points, browsers count UTF-16 units. So the cutting is done here and the page only puts run after
run: all of them together are the stored text of the window, and those that are marked are exactly the quote.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Literal

from schema import Document, Role, Span

AROUND = 1_500  # characters shown before and after a quote at first: some two screens of a telephone
MOST_AROUND = 20_000  # characters before or after that one request may ask for
LONGEST_QUOTE = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of the window in which nothing changes. `role` is "gap" between blocks; `block` counts them from 0."""

    text: str
    role: Role | Literal["gap"]
    block: int
    marked: bool


def around(document: Document, quote: Span, before: int = AROUND, after: int = AROUND) -> dict[str, Any]:
    """Return the window of `document` around a quote as JSON for the page.

    `before` and `after` are characters; the window grows from there to the ends of the blocks it cuts, as long as
    that at most doubles it.

    :raises ValueError: where the span does not lie in the document, or a length is out of bounds.
    """
    if not 0 <= quote.start < quote.end <= len(document.text):
        raise ValueError(f"no span {quote.start}-{quote.end} in {document.id}")
    if quote.end - quote.start > LONGEST_QUOTE or not (0 <= before <= MOST_AROUND and 0 <= after <= MOST_AROUND):
        raise ValueError(f"at most {LONGEST_QUOTE} characters of quote and {MOST_AROUND} around it")
    window = _window(document, quote, before, after)
    return {
        "document": document.id,
        "title": document.title,
        "start": window.start,
        "end": window.end,
        "length": len(document.text),
        "runs": [asdict(run) for run in _runs(document, window, quote)],
    }


def _window(document: Document, quote: Span, before: int, after: int) -> Span:
    """Widen the quote by the characters asked for, then to whole blocks where those are near."""
    start, end = max(0, quote.start - before), min(len(document.text), quote.end + after)
    for block in document.blocks:
        if block.start < start < block.end and start - block.start <= before:
            start = block.start
        if block.start < end < block.end and block.end - end <= after:
            end = block.end
    return Span(start, end)


def _runs(document: Document, window: Span, quote: Span) -> Iterator[Run]:
    """Cut the window where a block or the quote begins or ends."""
    blocks = [block for block in document.blocks if block.start < window.end and window.start < block.end]
    edges = {window.start, window.end, quote.start, quote.end}
    edges |= {edge for block in blocks for edge in (block.start, block.end) if window.start < edge < window.end}
    cuts = sorted(edges)
    starts = [block.start for block in blocks]
    for start, end in pairwise(cuts):
        number = bisect_right(starts, start) - 1
        inside = number >= 0 and start < blocks[number].end
        marked = quote.start <= start < quote.end
        yield Run(document.text[start:end], blocks[number].role if inside else "gap", number, marked)
