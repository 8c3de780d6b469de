"""Find an exact phrase in all documents, in the order of the corpus, with where it stands.

The catalogue is read, not the lexical index: that one knows stems of passages, and a phrase may begin within a word,
run on into the next passage, or stand in a sentence that no passage holds. Search copies (text.folding) are made
once and kept, so that a phrase is looked for at the speed of `str.count`.
"""

from __future__ import annotations

import re
import sys
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.reader import Index
from schema import EVERYTHING, Block, Document, Filters, Span
from text.folding import Aligned, align, blank_between, fold, joins

AROUND = 80  # characters of context on each side
_WORD = 24  # characters that context gives up to end with a word
MOST_KEPT = 128_000_000  # bytes of search copies in memory; documents beyond that are read again for each phrase
_PHRASES = 32  # whose counts are kept, so that a next page need not look again
_PIECE = 2_000  # characters; what is aligned at once around a hit
_BARRIER = "\n"  # stands where noise was; no phrase holds one
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a phrase stands. `before + text[start:end] + after` is one stretch of the stored text.

    `cut` tells on which sides the block goes on.
    """

    start: int
    end: int
    before: str
    after: str
    cut: tuple[bool, bool]
    block: Block | None


@dataclass(slots=True)
class Found:
    """How often a phrase stands in which documents, as far as was looked; `complete` when that is all of them."""

    counts: dict[str, int] = field(default_factory=dict)
    looked: int = 0  # documents
    of: int = 0  # documents that are looked through
    complete: bool = False

    @property
    def total(self) -> int:
        """Hits found so far."""
        return sum(self.counts.values())


_Sought = tuple[str, tuple[str, ...] | None, Filters]


class Phrases:
    """Looks phrases up in one generation of the index. For one thread at a time."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._ids = index.document_ids()
        self._copies: dict[str, str] = {}
        self._kept = 0
        self._found: OrderedDict[_Sought, Found] = OrderedDict()

    def count(
        self,
        phrase: str,
        seconds: float,
        within: Sequence[str] | None = None,
        filters: Filters = EVERYTHING,
    ) -> Found:
        """Look through all documents, or some, for so many seconds; a further call goes on from there.

        :param phrase: a search copy (`text.folding.fold`), not empty.
        :param within: ids of the documents to look through, None for all.
        :param filters: whose languages and speakers count; which documents pass says `within`.
        """
        ids = self._ids if within is None else within
        sought = (phrase, None if within is None else tuple(within), filters)
        found = self._found.setdefault(sought, Found(of=len(ids)))
        self._found.move_to_end(sought)
        if len(self._found) > _PHRASES:
            self._found.popitem(last=False)
        until = time.monotonic() + seconds
        for name in ids[found.looked :]:
            hits = self._copy(name).count(phrase)
            if hits and _parts(filters):  # few documents get so far
                hits = _Copy(self.index.document(name), filters).text.count(phrase)
            if hits:
                found.counts[name] = hits
            found.looked += 1
            if time.monotonic() >= until:
                break
        found.complete = found.looked == len(ids)
        return found

    def hits(self, phrase: str, document_id: str, first: int, most: int, filters: Filters = EVERYTHING) -> list[Hit]:
        """Return the hits in a document from number `first` (from 0) on, in order."""
        document = self.index.document(document_id)
        copy = _Copy(document, filters)
        return [_hit(document, span) for span in copy.find(phrase, first, most)]

    def _copy(self, document_id: str) -> str:
        copy = self._copies.get(document_id)
        if copy is None:
            copy = _Copy(self.index.document(document_id)).text
            if self._kept + sys.getsizeof(copy) <= MOST_KEPT:
                self._copies[document_id] = copy
                self._kept += sys.getsizeof(copy)
        return copy


class _Copy:
    """The search copy of a document without its noise, made in pieces so that only those with a hit are aligned.

    What the filters' languages and speakers leave out is left out like noise.
    """

    def __init__(self, document: Document, filters: Filters = EVERYTHING) -> None:
        self._stored = document.text
        self._pieces: list[Span] = []
        self._starts: list[int] = []  # of the pieces, in the copy
        self._aligned: dict[int, Aligned] = {}
        parts: list[str] = []
        length = 0
        for run in _runs(document, filters):
            last, left = "", run.start
            for piece in _pieces(document.text, run):
                copy = fold(document.text[piece.start : piece.end])
                gap = blank_between(last, copy) if left < piece.start else ""
                self._pieces.append(piece)
                self._starts.append(length + len(gap))
                parts += [gap, copy]
                length += len(gap) + len(copy)
                last, left = copy or last, piece.end
            parts.append(_BARRIER)
            length += len(_BARRIER)
        self.text = "".join(parts)

    def find(self, phrase: str, first: int, most: int) -> Iterator[Span]:
        """Yield the spans of the stored text whose copies hold the phrase: the hits from number `first` on."""
        at = -len(phrase)
        for number in range(first + most):
            at = self.text.find(phrase, at + len(phrase))
            if at < 0:
                return
            if number >= first:
                yield Span(self._origin(at).start, self._origin(at + len(phrase) - 1).end)

    def _origin(self, at: int) -> Span:
        """Return the span of the stored text that a character of the copy was made from."""
        number = bisect_right(self._starts, at) - 1
        piece = self._pieces[number]
        if number not in self._aligned:
            self._aligned[number] = align(self._stored[piece.start : piece.end])
        span = self._aligned[number].spans[at - self._starts[number]]
        return Span(piece.start + span.start, piece.start + span.end)


def _runs(document: Document, filters: Filters) -> Iterator[Span]:
    """Yield the stretches of a document between its noise, and between what filters leave out."""
    start, strict = 0, _parts(filters)
    for block in document.blocks:
        if block.role == "noise" or (strict and not _passes(block, filters)):
            yield Span(start, max(start, block.start))
            start = block.end
    yield Span(start, len(document.text))


def _parts(filters: Filters) -> bool:
    """Tell whether filters let pass parts of a document."""
    return bool(filters.languages or filters.speakers)


def _passes(block: Block, filters: Filters) -> bool:
    """Tell whether a block passes, as a passage of it would."""
    return (not filters.languages or block.language in filters.languages) and (
        not filters.speakers or block.speaker in filters.speakers
    )


def _pieces(text: str, run: Span) -> Iterator[Span]:
    """Cut a run at white space, which is left out, or else where no Unicode form reaches across."""
    start = _skip_blanks(text, run.start, run.end)
    while start < run.end:
        end = min(start + _PIECE, run.end)
        blank = next((at for at in range(end, start, -1) if at < run.end and text[at].isspace()), None)
        if end < run.end and blank is not None:
            end = blank
        while end < run.end and blank is None and joins(text[end]):
            end += 1
        yield Span(start, end)
        start = _skip_blanks(text, end, run.end)


def _skip_blanks(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _hit(document: Document, span: Span) -> Hit:
    """Put a hit into its context: whole words of the blocks that it begins and ends in."""
    text, block, last = document.text, _block(document, span.start), _block(document, span.end - 1)
    floor, ceiling = block.start if block else span.start, max(span.end, last.end if last else 0)
    left, right = max(floor, span.start - AROUND), min(ceiling, span.end + AROUND)
    if left > floor and (blank := _BLANKS.search(text, left - 1, min(left + _WORD, span.start))):
        left = blank.end()
    if right < ceiling and (blanks := list(_BLANKS.finditer(text, max(right - _WORD, span.end), right + 1))):
        right = blanks[-1].start()
    cut = (left > floor, right < ceiling)
    return Hit(span.start, span.end, text[left : span.start], text[span.end : right], cut, block)


def _block(document: Document, offset: int) -> Block | None:
    """Return the block that an offset lies in."""
    block = document.block_at(offset)
    return block if block and offset < block.end else None
