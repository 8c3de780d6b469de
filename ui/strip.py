"""What the strip under the bar is drawn from: every document in proportion, its sections and times as shares of it.

Shares, not offsets, for browsers count characters in another way. Of a large corpus the largest documents are told,
those that are asked for by name, and how many more there are.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.reader import Index
from schema import Document

MOST = 60  # documents told at once
MOST_DATED = 120  # documents on the timeline
_SECTIONS = 40  # of one document
_POINTS = 100  # of one recording at which offset and time are told
_TITLE = 80  # characters of a title or of the name of a section


@dataclass(frozen=True, slots=True)
class _Measure:
    """What is kept of every document."""

    document: str
    title: str
    length: int
    date: str | None


class Strip:
    """Measures the documents of one generation once. For one thread at a time."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._ids = index.document_ids()
        self._measures: list[_Measure] = []

    def row(self, named: Sequence[str], seconds: float, within: Sequence[str] | None = None) -> dict[str, Any]:
        """Return the strip as JSON for the page; `complete` is False where not all was measured in so many seconds.

        :param named: ids of documents to be told however small they are, and whether they pass or not.
        :param within: ids of the documents that pass the filters in force, None for all.
        """
        until = time.monotonic() + seconds
        for name in self._ids[len(self._measures) :]:
            document = self._index.document(name)
            self._measures.append(_Measure(name, short(document.title), len(document.text), document.date))
            if time.monotonic() >= until:
                break
        passing = frozenset(self._ids if within is None else within)
        measures = [measure for measure in self._measures if measure.document in passing]
        largest = sorted(measures, key=lambda measure: -measure.length)[:MOST]
        told = {measure.document for measure in largest} | set(named)
        dated = sorted((measure for measure in measures if measure.date), key=lambda measure: measure.date or "")
        return {
            "documents": [
                document_row(self._index.document(name)) | {"outside": name not in passing}
                for name in self._ids
                if name in told
            ],
            "more": len(passing - told),
            "passing": len(passing),
            "total": len(self._ids),
            "dated": [{"document": m.document, "title": m.title, "date": m.date} for m in dated[:MOST_DATED]],
            "complete": len(self._measures) == len(self._ids),
        }


def document_row(document: Document) -> dict[str, Any]:
    """Return one document of the strip. `start` and the first of each point are shares of its length, 0 to 1."""
    length = len(document.text)
    ends = [block.time.end_seconds for block in document.blocks if block.time]
    recording = document.kind == "transcript" and bool(ends)
    return {
        "document": document.id,
        "title": short(document.title),
        "kind": document.kind,
        "date": document.date,
        "length": length,
        "minutes": max(ends) / 60 if recording else None,
        "sections": [{"title": short(name), "start": at / max(length, 1)} for name, at in sections(document)],
        "points": list(_points(document)) if recording else [],
    }


def sections(document: Document) -> list[tuple[str, int]]:
    """Return names and offsets of sections, of as many levels as keep them few; none where the first has too many."""
    deepest = max((len(block.section) for block in document.blocks), default=0)
    for depth in range(deepest, 0, -1):
        found = list(_changes(document, depth))
        if len(found) <= _SECTIONS:
            return found
    return []


def _changes(document: Document, depth: int) -> Iterator[tuple[str, int]]:
    before: tuple[str, ...] = ()
    for block in document.blocks:
        if block.role == "noise" or block.section[:depth] == before:
            continue
        before = block.section[:depth]
        yield (before[-1] if before else "", block.start)


def _points(document: Document) -> Iterator[tuple[float, float]]:
    timed = [(block.start, block.time.start_seconds) for block in document.blocks if block.time]
    for at, seconds in timed[:: -(-len(timed) // _POINTS)]:
        yield at / len(document.text), seconds


def short(text: str) -> str:
    """Return a text as one line of at most 80 characters."""
    line = " ".join(text.split())
    return line if len(line) <= _TITLE else line[: _TITLE - 1].rstrip() + "…"
