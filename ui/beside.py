"""What says the same as a part of a document, to be shown beside it: translations, readings aloud, quotations, copies.

Both sides are stored text. A counterpart is told once for each place of the document that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from schema import Alignment, Document, Relation, Span

MOST = 400  # counterparts of one window
LONGEST = 4_000  # characters of a counterpart that are shown; the rest stands in its document
GAP = 3  # blank characters at most between two counterparts that stand in one paragraph


class Corpus(Protocol):
    """The part of `index.reader.Index` that is asked here."""

    def alignments(self, document_id: str, start: int, end: int) -> Sequence[Alignment]:
        """Return what says the same as a part of the span."""

    def document(self, document_id: str) -> Document:
        """Return a document."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A span of the document that is read, and its counterpart; `original` where this was made from that."""

    here: Span
    document: str
    there: Span
    relation: Relation
    original: bool


def has_any(corpus: Corpus, document: Document) -> bool:
    """Tell whether anything says the same as a part of the document."""
    return bool(corpus.alignments(document.id, 0, max(1, len(document.text))))


def pairs(corpus: Corpus, document: Document, window: Span) -> list[Pair]:
    """Return the counterparts of what stands in a window of the document: by place, then by where they stand."""
    found: set[Pair] = set()
    for one in corpus.alignments(document.id, window.start, window.end):
        if one.a_document == document.id:
            found.add(Pair(one.a, one.b_document, one.b, one.relation, False))
        if one.b_document == document.id:
            found.add(Pair(one.b, one.a_document, one.a, one.relation, one.relation != "copy"))
    inside = [one for one in found if one.here.start < window.end and window.start < one.here.end]
    inside.sort(key=lambda one: (one.here.start, one.here.end, one.document, one.there.start, one.there.end))
    return inside[:MOST]


def rows(corpus: Corpus, document: Document, found: Sequence[Pair]) -> Iterator[dict[str, Any]]:
    """Yield each counterpart as JSON for the page, in the order of `found`.

    `text` is the stored text of `[start, end)`, cut where `cut` says so. `gap` is the stored blank between it and the
    counterpart before it of the same kind and document, where nothing else stands between; null else.
    """
    before: dict[tuple[str, Relation, bool], Pair] = {}
    for one in found:
        source = corpus.document(one.document)
        kind = one.document, one.relation, one.original
        block, own = source.block_at(one.there.start), document.block_at(one.here.start)
        yield {
            "document": one.document,
            "title": source.title,
            "start": one.there.start,
            "end": one.there.end,
            "text": source.text[one.there.start : min(one.there.end, one.there.start + LONGEST)],
            "cut": one.there.end - one.there.start > LONGEST,
            "gap": _gap(source, before.get(kind), one),
            "relation": one.relation,
            "original": one.original,
            "here": one.document == document.id,
            "language": block.language if block else None,
            "translated": bool(block and own and block.language != own.language),
            "speaker": block.speaker if block else None,
            "inferred": block.speaker_inferred if block else False,
            "time": [block.time.start_seconds, block.time.end_seconds] if block and block.time else None,
        }
        before[kind] = one


def _gap(source: Document, before: Pair | None, one: Pair) -> str | None:
    if before is None or not before.there.end <= one.there.start <= before.there.end + GAP:
        return None
    blank = source.text[before.there.end : one.there.start]
    return blank if not blank.strip() and "\n" not in blank else None
