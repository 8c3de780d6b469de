"""The library: which documents there are, how each was understood, what was left out; and the ways to change them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, HTTPException, Request

from documents.describe import visible
from documents.formats.registry import FORMATS
from schema import KINDS, Block, Document
from server.routes import JSON
from server.source import AnswererSource, Opened
from server.updating import Updating
from server.uploads import Uploads, allowed
from settings import Settings

PAGE = 100  # documents, blocks or skipped files in one response
WORDS = 160  # characters of a block that are shown
MOST_CHECKED = 500  # files that one request may ask about
LONGEST_FILTER = 200  # characters

Sort = Literal["corpus", "title", "date", "length", "passages", "kind"]
Row = dict[str, Any]
Sent = Annotated[Any, Body()]


def build(source: AnswererSource, settings: Settings) -> APIRouter:
    """Return the routes below `/library`. Those that change documents are there where `uploads.allowed` says so."""
    router = APIRouter()
    updating = Updating(settings, source)
    shelf = _Shelf()

    @router.get("/library")
    def documents(text: str = "", sort: Sort = "corpus", descending: bool = False, after: int = 0) -> JSON:
        opened = source.opened
        rows = shelf.rows(opened) if opened else []
        found = _sorted([row for row in rows if _fits(row, text[:LONGEST_FILTER])], sort, descending)
        return JSON({"total": len(rows), "found": len(found), "documents": _paged(found, after)})

    @router.get("/library/skipped")
    def skipped(after: int = 0) -> JSON:
        opened = source.opened
        rows = [asdict(row) for row in opened.answerer.index.manifest.skipped] if opened else []
        return JSON({"total": len(rows), "skipped": _paged(rows, after)})

    @router.get("/library/state")
    def state() -> JSON:
        return JSON(
            {
                "work": asdict(updating.work),
                "generation": source.opened and source.opened.answerer.index.generation,
                "change": allowed(settings),
                "file_bytes": settings.file_bytes,
                "suffixes": sorted(suffix for suffixes in FORMATS.values() for suffix in suffixes if suffix),
                "kinds": list(KINDS),
            }
        )

    @router.get("/library/document/{document_id:path}")
    def understood(document_id: str, after: int = 0) -> JSON:
        document = _document(source.opened, document_id)
        blocks = [_block_row(document, block) for block in _paged(document.blocks, after)]
        return JSON({"id": document.id, "total": len(document.blocks), "blocks": blocks})

    if allowed(settings):
        _add_changes(router, source, Uploads(settings, updating.request))
    return router


def _add_changes(router: APIRouter, source: AnswererSource, uploads: Uploads) -> None:
    """Add the routes that change documents. Each answers with the token that undoes what it did."""

    @router.post("/library/check")
    def check(body: Sent) -> JSON:
        files = body.get("files") if isinstance(body, dict) else None
        if not isinstance(files, list) or len(files) > MOST_CHECKED:
            raise HTTPException(400, f"At most {MOST_CHECKED} files at a time.")
        return JSON({"files": [uploads.check(*_name_and_size(file)) for file in files]})

    @router.post("/library/upload")
    async def upload(request: Request, name: str, replace: bool = False) -> JSON:
        return JSON({"undo": await uploads.receive(name, replace, request.stream())})

    @router.post("/library/remove")
    def remove(body: Sent) -> JSON:
        document = _document(source.opened, _text(body, "document"))
        return JSON({"undo": uploads.remove(document.id)})

    @router.post("/library/correct")
    def correct(body: Sent) -> JSON:
        document = _document(source.opened, _text(body, "document"))
        changes = body.get("changes")
        if not isinstance(changes, dict):
            raise HTTPException(400, "There is nothing to correct.")
        return JSON({"undo": uploads.correct(document.id, changes)})

    @router.post("/library/undo")
    def undo(body: Sent) -> JSON:
        return JSON({"undo": uploads.undo(_text(body, "undo"))})


class _Shelf:
    """One row for each document of the index that is open, made once for each generation."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: tuple[Opened, list[Row]] | None = None

    def rows(self, opened: Opened) -> list[Row]:
        with self._lock:
            if self._made is None or self._made[0] is not opened:
                index = opened.answerer.index
                counts = opened.answerer.choices.documents
                self._made = opened, [_row(index.document(name), counts) for name in opened.titles]
            return self._made[1]


def _row(document: Document, passages: Mapping[str, int]) -> Row:
    """Return what the list shows of a document, without its text."""
    first = next((block for block in document.blocks if block.role != "noise"), None)
    seconds = [block.time.end_seconds for block in document.blocks if block.time]
    return {
        "id": document.id,
        "title": document.title,
        "authors": list(document.authors),
        "date": document.date,
        "kind": document.kind,
        "format": document.format,
        "languages": list(document.languages),
        "characters": len(document.text),
        "minutes": max(seconds) / 60 if seconds else None,
        "passages": passages.get(document.id, 0),
        "warnings": list(document.warnings),
        "end": first.end if first else min(len(document.text), 1),
    }


def _block_row(document: Document, block: Block) -> Row:
    """Return how a block was understood, with its first words."""
    words = " ".join(document.text[block.start : min(block.end, block.start + 2 * WORDS)].split())
    return {
        "start": block.start,
        "end": block.end,
        "role": block.role,
        "level": block.level,
        "section": list(block.section),
        "speaker": block.speaker,
        "inferred": block.speaker_inferred,
        "quoted_by": block.quoted_by,
        "comment": block.comment,
        "page": block.page,
        "language": block.language,
        "time": block.time and [block.time.start_seconds, block.time.end_seconds],
        "words": visible(words[:WORDS]) + ("…" if len(words) > WORDS else ""),
    }


def _fits(row: Row, text: str) -> bool:
    """Tell whether every typed word stands in the title, the path, an author or the kind."""
    where = " ".join([row["title"], row["id"], row["kind"], *row["authors"]]).casefold()
    return all(word in where for word in text.casefold().split())


def _sorted(rows: list[Row], sort: Sort, descending: bool) -> list[Row]:
    """Return rows in an order; those that do not tell what it goes by come last in either direction."""
    if sort == "corpus":
        return rows[::-1] if descending else rows
    key = {"length": "characters"}.get(sort, sort)
    told = [row for row in rows if row[key] not in (None, "")]
    told.sort(key=lambda row: row[key].casefold() if isinstance(row[key], str) else row[key], reverse=descending)
    return told + [row for row in rows if row[key] in (None, "")]


def _paged(rows: Any, after: int) -> Any:
    first = max(0, after)
    return rows[first : first + PAGE]


def _document(opened: Opened | None, document_id: str) -> Document:
    if opened is None or document_id not in opened.titles:
        raise HTTPException(404, "There is no such document.")
    return opened.answerer.index.document(document_id)


def _text(body: Any, key: str) -> str:
    value = body.get(key) if isinstance(body, dict) else None
    if not isinstance(value, str):
        raise HTTPException(400, f"{key} is missing.")
    return value


def _name_and_size(file: Any) -> tuple[str, int]:
    name, size = (file.get("name"), file.get("size")) if isinstance(file, dict) else (None, None)
    if not isinstance(name, str) or not isinstance(size, int):
        raise HTTPException(400, "Each file needs a name and a size.")
    return name, size
