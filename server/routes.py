"""Our own routes: what the page draws by itself. All of them only read."""

from __future__ import annotations

import json
import os
from itertools import islice
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.routing import Mount

from index.reader import Index
from schema import Document, Span
from server import feedback
from server.evidence import evidence
from server.source import AnswererSource, Opened
from server.store import AnswerStore
from settings import Settings
from ui import wording
from ui.window import AROUND, around

NAMED = 3  # titles that the welcome names; it counts the others
STATIC = Path(__file__).parent.parent / "ui" / "static"


class JSON(Response):
    """JSON in ASCII, so that even a text that cannot be encoded (lone surrogates) arrives; never kept by a cache."""

    media_type = "application/json"

    def __init__(self, content: Any, status_code: int = 200) -> None:
        super().__init__(json.dumps(content), status_code, {"Cache-Control": "no-store"})

    def render(self, content: str) -> bytes:
        """Return the body, which is ASCII already."""
        return content.encode("ascii")


def build(source: AnswererSource, store: AnswerStore, settings: Settings) -> APIRouter:
    """Return the routes of the page: its files, its words, the state of the index, evidence and surrounding text."""
    router = APIRouter()

    @router.get("/sidenote/words.json")
    def words(request: Request, language: str = "") -> JSON:
        chosen = language or wording.choose(request.headers.get("accept-language", ""))
        return JSON({"language": chosen if chosen in wording.LANGUAGES else wording.DEFAULT, **wording.load(chosen)})

    @router.get("/status")
    def status() -> JSON:
        return JSON(status_of(source, settings))

    @router.get("/answers/{answer_id}")
    def answer(answer_id: str) -> JSON:
        found = store.get(answer_id)
        if found is None:
            raise HTTPException(404, "no such answer, or it is gone")
        return JSON(evidence(source.opened, found))

    @router.get("/documents/{document_id:path}")
    def surroundings(
        document_id: str, start: int, end: int, before: int = AROUND, after: int = AROUND, beside: bool = False
    ) -> JSON:
        index, document = document_of(source, document_id)
        try:
            return JSON(around(document, Span(start, end), before, after, index if beside else None))
        except ValueError as error:
            raise HTTPException(400, str(error)) from error

    router.routes.append(Mount("/sidenote", StaticFiles(directory=STATIC)))
    return router


def document_of(source: AnswererSource, document_id: str) -> tuple[Index, Document]:
    """Return the open index and a document of it. :raises HTTPException: 404 where there is none."""
    opened = source.opened
    if opened is None or document_id not in opened.titles:
        raise HTTPException(404, "no such document")
    index = opened.answerer.index
    return index, index.document(document_id)


def status_of(source: AnswererSource, settings: Settings) -> dict[str, Any]:
    """Return what the welcome shows: how far the index is, the documents in it, questions to begin with."""
    now, opened = source.status, source.opened
    row: dict[str, Any] = {
        "state": now.state,
        "message": now.message,
        "stage": now.stage,
        "fraction": now.fraction,
        "documents": [],
        "total": 0,
        "examples": [],
        "notice": None,
        "generation": None,
        "visitors": "SPACE_ID" in os.environ,
        "feedback": feedback.is_on(settings),
        "writer": None,
    }
    if opened is not None:
        row["documents"] = list(islice(opened.titles.values(), NAMED))
        row["total"] = len(opened.titles)
        row["examples"] = list(map(dict, opened.examples))
        row["generation"] = opened.answerer.index.generation
        row["notice"] = opened.answerer.index.notice
        row["writer"] = _writer(opened, settings)
    return row


def _writer(opened: Opened, settings: Settings) -> dict[str, Any] | None:
    """Return who can write answers: its name, whether it is elsewhere, the mode unless a reader chooses another one.

    `wrong` is how many of 100 sentences that the check lets pass are not supported, None where that was not measured.
    """
    writer = opened.answerer.writer
    if writer is None:
        return None
    from models import support  # loaded with the answerer

    return {
        "name": writer.name,
        "away": bool(settings.model_url),
        "mode": "extractive" if settings.mode == "extractive" else "composed",
        "wrong": getattr(support, "WRONG_OF_HUNDRED", None),
    }
