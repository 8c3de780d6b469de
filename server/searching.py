"""Routes that show the corpus as a whole: where a phrase stands in it, and what the strip is drawn from."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, HTTPException, Query

from index.reader import Index
from retrieval.phrases import Found, Hit, Phrases
from schema import UNKNOWN_LANGUAGE, Document
from server.routes import JSON
from server.source import AnswererSource, Opened
from text.folding import fold
from text.words import is_cjk
from ui.strip import Strip

PAGE = 50  # hits
SHORTEST, LONGEST = 2, 200  # characters of a phrase; one Chinese, Japanese or Korean character is a word, too
SECONDS = 2.0  # that one request looks; the next one goes on from there
WAIT_SECONDS = 10.0  # for searches of others: one at a time, for Python runs one at a time anyway
MOST_CURSOR = 9  # digits
MOST_NAMED = 40  # documents that one request for the strip may name

Made = TypeVar("Made")


def build(source: AnswererSource) -> APIRouter:
    """Return the routes `/search` and `/strip`."""
    router = APIRouter()
    phrases, strips = _Kept(Phrases), _Kept(Strip)

    @router.get("/search")
    def search(phrase: str = "", document: str | None = None, after: str = "0") -> JSON:
        wanted = _bounded(phrase)
        opened = _opened(source)
        if document is not None and document not in opened.titles:
            raise HTTPException(404, "no such document")
        first = _cursor(after)
        with phrases.of(opened) as finder:
            found = finder.count(wanted, SECONDS, document)
            groups = list(_page(opened, finder, found, wanted, first))
        shown = sum(len(group["hits"]) for group in groups)
        goes_on = not found.complete or first + shown < found.total
        return JSON(
            {
                "phrase": phrase.strip(),
                "total": found.total,
                "complete": found.complete,
                "in_documents": len(found.counts),
                "documents": groups,
                "next": str(first + shown) if goes_on else None,
                "generation": opened.answerer.index.generation,
            }
        )

    @router.get("/strip")
    def strip(document: Annotated[list[str] | None, Query()] = None) -> JSON:
        opened = _opened(source)
        named = [name for name in (document or [])[:MOST_NAMED] if name in opened.titles]
        with strips.of(opened) as drawn:
            return JSON({"generation": opened.answerer.index.generation, **drawn.row(named, SECONDS)})

    return router


class _Kept(Generic[Made]):
    """What was made for the index that is open, for one request at a time; made anew for another index."""

    def __init__(self, make: Callable[[Index], Made]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._now: tuple[Index, Made] | None = None

    @contextmanager
    def of(self, opened: Opened) -> Iterator[Made]:
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            raise HTTPException(503, "too many searches at once; please try again in a moment")
        try:
            index = opened.answerer.index
            if self._now is None or self._now[0] is not index:
                self._now = (index, self._make(index))
            yield self._now[1]
        finally:
            self._lock.release()


def _opened(source: AnswererSource) -> Opened:
    if source.opened is None:
        raise HTTPException(503, "the documents are not open yet; please try again in a moment")
    return source.opened


def _bounded(phrase: str) -> str:
    """Return the search copy of a phrase that is long and short enough."""
    typed, wanted = phrase.strip(), fold(phrase[: LONGEST * 2])
    if len(typed) > LONGEST:
        raise HTTPException(400, f"a phrase has at most {LONGEST} characters")
    if len(wanted) < SHORTEST and not (wanted and is_cjk(wanted)):
        raise HTTPException(400, f"a phrase has at least {SHORTEST} characters")
    return wanted


def _cursor(after: str) -> int:
    if not (after.isascii() and after.isdecimal() and len(after) <= MOST_CURSOR):
        raise HTTPException(400, "no such place to go on from")
    return int(after)


def _page(opened: Opened, finder: Phrases, found: Found, phrase: str, first: int) -> Iterator[dict[str, Any]]:
    """Yield the documents of a page with their hits, the first of which has this number among all (from 0)."""
    room, before = PAGE, 0
    for name, count in found.counts.items():
        if room and first < before + count:
            hits = finder.hits(phrase, name, max(0, first - before), room)
            room -= len(hits)
            document = opened.answerer.index.document(name)
            about = {"document": name, "title": document.title, "kind": document.kind, "date": document.date}
            yield {**about, "count": count, "hits": [_row(document, hit) for hit in hits]}
        before += count


def _row(document: Document, hit: Hit) -> dict[str, Any]:
    block = hit.block
    time = block.time if block else None
    return {
        "start": hit.start,
        "end": hit.end,
        "before": hit.before,
        "hit": document.text[hit.start : hit.end],
        "after": hit.after,
        "cut": list(hit.cut),
        "section": list(block.section) if block else [],
        "speaker": block.speaker if block else None,
        "speaker_inferred": block.speaker_inferred if block else False,
        "quoted_by": block.quoted_by if block else None,
        "time": time
        and {
            "start": time.start_seconds,
            "end": time.end_seconds,
            "from": time.source_start,
            "to": time.source_end,
        },
        "page": block.page if block else None,
        "role": block.role if block else "body",
        "language": block.language if block else UNKNOWN_LANGUAGE,
    }
