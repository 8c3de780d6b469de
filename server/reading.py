"""What the reader needs of a document beside its text: its contents."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException

from server.routes import JSON
from server.source import AnswererSource
from ui.outline import outline


def build(source: AnswererSource) -> APIRouter:
    """Return the routes of the reader."""
    router = APIRouter()

    @router.get("/reader/outline/{document_id:path}")
    def contents(document_id: str) -> JSON:
        opened = source.opened
        if opened is None or document_id not in opened.titles:
            raise HTTPException(404, "no such document")
        return JSON(outline(opened.answerer.index.document(document_id)))

    return router
