"""What the reader needs of a document beside its text: its contents, and the pages of a PDF."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Response

from schema import Document, Span
from server.pages import PageError, Pages
from server.routes import JSON, document_of
from server.source import AnswererSource
from settings import Settings
from ui.beside import has_any
from ui.outline import outline

LONGEST_QUOTE = 20_000  # characters
STATUS = {"gone": 404, "changed": 404, "failed": 422, "busy": 503}  # by the reason why a page cannot be shown


def build(source: AnswererSource, settings: Settings) -> APIRouter:
    """Return the routes of the reader."""
    router = APIRouter()
    pages = Pages(settings)

    @router.get("/reader/outline/{document_id:path}")
    def contents(document_id: str) -> JSON:
        index, document = document_of(source, document_id)
        return JSON(outline(document) | {"beside": has_any(index, document)})

    @router.get("/reader/places/{document_id:path}")
    def places(document_id: str, start: int, end: int) -> JSON:
        _, document = document_of(source, document_id)
        if not (0 <= start < end <= len(document.text) and end - start <= LONGEST_QUOTE):
            raise HTTPException(400, "no such span")
        try:
            return JSON(pages.places(_paged(document), Span(start, end)) | {"trouble": None})
        except PageError as error:
            return JSON({"trouble": error.reason})

    @router.get("/reader/page/{document_id:path}")
    def page(document_id: str, page: int, width: int, version: str) -> Response:
        _, document = document_of(source, document_id)
        if page < 1 or version != document.sha256[:16]:
            raise HTTPException(404, "no such page")
        try:
            picture = pages.picture(_paged(document), page, width)
        except PageError as error:
            raise HTTPException(STATUS[error.reason], str(error)) from error
        return Response(picture, media_type="image/png", headers={"Cache-Control": "private, max-age=86400, immutable"})

    return router


def _paged(document: Document) -> Document:
    if document.format != "pdf":
        raise HTTPException(404, "this document has no pages")
    return document
