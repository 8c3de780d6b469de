"""The text around a quote, cut into runs that the page can show without counting characters, with labels beside it.

Python counts code points, browsers count UTF-16 units. So the cutting is done here and the page only puts run after
run: all of them together are the stored text of the window, and those that are marked are exactly the quote.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Literal

from schema import Document, Role, Span
from ui import beside
from ui.beside import Corpus, Pair
from ui.labels import label

AROUND = 1_500  # characters shown before and after a quote at first: some two screens of a telephone
MOST_AROUND = 20_000  # characters before or after that one request may ask for
LONGEST_QUOTE = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of the window in which nothing changes. `role` is "gap" between blocks; `block` counts them from 0.

    `pairs` are the numbers of the counterparts of the window that say the same as a span which this is part of.
    """

    text: str
    role: Role | Literal["gap"]
    block: int
    marked: bool
    pairs: tuple[int, ...] = ()


def around(
    document: Document, quote: Span, before: int = AROUND, after: int = AROUND, corpus: Corpus | None = None
) -> dict[str, Any]:
    """Return the window of `document` around a quote as JSON for the page.

    `before` and `after` are characters; the window grows from there to the ends of the blocks it cuts, as long as
    that at most doubles it. `labels` are by number of the block, as in `ui/labels.py`. `pairs` are the counterparts
    as in `ui/beside.py`, each with the `block` that it stands beside; there are none without a `corpus`.

    :raises ValueError: where the span does not lie in the document, or a length is out of bounds.
    """
    if not 0 <= quote.start < quote.end <= len(document.text):
        raise ValueError(f"no span {quote.start}-{quote.end} in {document.id}")
    if quote.end - quote.start > LONGEST_QUOTE or not (0 <= before <= MOST_AROUND and 0 <= after <= MOST_AROUND):
        raise ValueError(f"at most {LONGEST_QUOTE} characters of quote and {MOST_AROUND} around it")
    window = _window(document, quote, before, after)
    found = beside.pairs(corpus, document, window) if corpus else []
    numbers = _numbers(document, window)
    starts = [document.blocks[number].start for number in numbers]
    labels = {at: label(document, number, window.start) for at, number in enumerate(numbers)}
    places = [max(0, bisect_right(starts, pair.here.start) - 1) for pair in found]
    rows = beside.rows(corpus, document, found) if corpus else ()
    return {
        "document": document.id,
        "title": document.title,
        "start": window.start,
        "end": window.end,
        "length": len(document.text),
        "runs": [asdict(run) for run in _runs(document, window, quote, found)],
        "labels": {at: told for at, told in labels.items() if told},
        "pairs": [row | {"block": at} for row, at in zip(rows, places, strict=True)],
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


def _numbers(document: Document, window: Span) -> range:
    """Return the numbers of the blocks that stand in the window, or partly so."""
    first = bisect_right(document.blocks, window.start, key=lambda block: block.end)
    return range(first, bisect_left(document.blocks, window.end, lo=first, key=lambda block: block.start))


def _runs(document: Document, window: Span, quote: Span, pairs: Sequence[Pair]) -> Iterator[Run]:
    """Cut the window where a block, the quote or what has a counterpart begins or ends."""
    blocks = [document.blocks[number] for number in _numbers(document, window)]
    spans = [quote, *(pair.here for pair in pairs), *(Span(block.start, block.end) for block in blocks)]
    inside = {edge for span in spans for edge in (span.start, span.end) if window.start < edge < window.end}
    cuts = sorted({window.start, window.end} | inside)
    starts = [block.start for block in blocks]
    for start, end in pairwise(cuts):
        number = bisect_right(starts, start) - 1
        held = number >= 0 and start < blocks[number].end
        marked = quote.start <= start < quote.end
        same = tuple(at for at, pair in enumerate(pairs) if pair.here.start <= start < pair.here.end)
        yield Run(document.text[start:end], blocks[number].role if held else "gap", number, marked, same)
