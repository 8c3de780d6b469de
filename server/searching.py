"""Routes that show the corpus as a whole: where a phrase stands in it, and what the strip is drawn from."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, HTTPException, Query

from errors import UsageError
from index.reader import Index
from retrieval.phrases import Found, Hit, Phrases
from schema import EVERYTHING, UNKNOWN_LANGUAGE, Document, Filters
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
    searching, strips = Searching(source), _Kept(Strip)

    @router.get("/search")
    def search(
        phrase: str = "",
        document: str | None = None,
        after: str = "0",
        filters: str = "",
        most: int = Query(PAGE, ge=0, le=PAGE),
        seconds: float = Query(SECONDS, ge=0, le=SECONDS),
    ) -> JSON:
        return JSON(searching.find(phrase, document, after, _filters(filters), most, min(seconds, SECONDS)))

    @router.get("/strip")
    def strip(document: Annotated[list[str] | None, Query()] = None, filters: str = "") -> JSON:
        opened = _opened(source)
        within = _within(opened, _filters(filters))
        named = [name for name in (document or [])[:MOST_NAMED] if name in opened.titles]
        with strips.of(opened) as drawn:
            return JSON({"generation": opened.answerer.index.generation, **drawn.row(named, SECONDS, within)})

    return router


class Searching:
    """Finds an exact phrase in the corpus, for the page and for other programs."""

    def __init__(self, source: AnswererSource) -> None:
        self._source = source
        self._phrases = _Kept(Phrases)

    def find(
        self,
        phrase: str,
        document: str | None = None,
        after: str = "0",
        filters: Filters = EVERYTHING,
        most: int = PAGE,
        seconds: float = SECONDS,
    ) -> dict[str, Any]:
        """Return one page of hits as in docs/answer-format.md. :raises HTTPException: with the reason.

        :param most: hits on the page; 0 only counts on.
        :param seconds: that documents are looked through for; what was found by then is told.
        """
        wanted = _bounded(phrase)
        opened = _opened(self._source)
        if document is not None and document not in opened.titles:
            raise HTTPException(404, "no such document")
        first = _cursor(after)
        with self._phrases.of(opened) as finder:
            found = finder.count(wanted, seconds, _within(opened, filters, document), filters)
            groups = list(_page(opened, finder, found, wanted, first, most, filters))
        shown = sum(len(group["hits"]) for group in groups)
        goes_on = not found.complete or first + shown < found.total
        return {
            "phrase": phrase.strip(),
            "total": found.total,
            "complete": found.complete,
            "in_documents": len(found.counts),
            "looked": found.looked,
            "of": found.of,
            "documents": groups,
            "next": str(first + shown) if goes_on else None,
            "generation": opened.answerer.index.generation,
        }


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


def _filters(text: str) -> Filters:
    """Read the filters of an address. :raises HTTPException: where they are none."""
    try:
        return Filters.from_json(json.loads(text)) if text else EVERYTHING
    except (UsageError, ValueError, RecursionError) as error:
        raise HTTPException(400, str(error) if isinstance(error, UsageError) else "filters are no JSON") from error


def _within(opened: Opened, filters: Filters, document: str | None = None) -> Sequence[str] | None:
    """Return the ids of the documents to look at, None for all."""
    passing = opened.answerer.documents_within(filters) if filters else None
    if document is None:
        return passing
    return [document] if passing is None or document in passing else []


def _page(
    opened: Opened, finder: Phrases, found: Found, phrase: str, first: int, most: int, filters: Filters
) -> Iterator[dict[str, Any]]:
    """Yield the documents of a page with their hits, the first of which has this number among all (from 0)."""
    room, before = most, 0
    for name, count in found.counts.items():
        if room and first < before + count:
            hits = finder.hits(phrase, name, max(0, first - before), room, filters)
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
