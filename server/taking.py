"""Routes by which a reader takes something away, or says what he thinks of an answer.

A browser names answers and places; their words come from our own store and index, never from the browser.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from export.bundle import Bundle, Quoted, Work, to_json
from export.cutting import cut
from export.html import to_html
from export.markdown import to_markdown
from export.references import styles
from export.ris import records
from schema import Answer, Citation, Document
from server import feedback
from server.evidence import writer_of
from server.routes import JSON
from server.source import AnswererSource
from server.store import AnswerStore
from settings import Settings
from ui import wording

MOST_ANSWERS = 30  # of one conversation
MOST_QUOTES = 200  # collected ones; ui/static/collected.js holds no more
LONGEST_NOTE = 1_000  # characters

_Model = TypeVar("_Model", bound=BaseModel)
_Id = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
_Offset = Annotated[int, Field(ge=0, le=2**53, strict=True)]
_TYPES = {
    "markdown": ("text/markdown; charset=utf-8", "md"),
    "html": ("text/html; charset=utf-8", "html"),
    "json": ("application/json", "json"),
    "ris": ("application/x-research-info-systems", "ris"),
}


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Place(_Row):
    """A span of a document, and what the reader noted."""

    document: Annotated[str, Field(max_length=4_096)]
    start: _Offset
    end: _Offset
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""


class Export(_Row):
    """What to put into which file. "references" is not a file: it gives each quote's references, by style."""

    format: Literal["markdown", "html", "json", "ris", "references"]
    answers: Annotated[list[_Id], Field(max_length=MOST_ANSWERS)] = Field(default_factory=list)
    quotes: Annotated[list[Place], Field(max_length=MOST_QUOTES)] = Field(default_factory=list)
    language: Annotated[str, Field(max_length=20)] = wording.DEFAULT


class Verdict(_Row):
    """What a reader thinks of an answer. `conversation` are those before it, `quote` is the number of a wrong one."""

    answer: _Id
    kind: feedback.Verdict
    conversation: Annotated[list[_Id], Field(max_length=MOST_ANSWERS)] = Field(default_factory=list)
    quote: Annotated[int, Field(ge=1, le=99)] | None = None
    words: Annotated[str, Field(max_length=1_000)] = ""


async def _export(request: Request) -> Export:
    return _read(Export, await request.body())


async def _verdict(request: Request) -> Verdict:
    return _read(Verdict, await request.body())


def _read(model: type[_Model], body: bytes) -> _Model:
    """Read what was sent. FastAPI would give it back in its complaint, words that cannot be encoded included."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"][:3])
        raise HTTPException(400, f"{where or 'Body'}: {first['msg']}"[:200]) from None


_Export = Annotated[Export, Depends(_export)]
_Verdict = Annotated[Verdict, Depends(_verdict)]


def build(source: AnswererSource, store: AnswerStore, settings: Settings) -> APIRouter:
    """Return the routes `/export` and `/feedback`. :raises UsageError: for a wrong SIDENOTE_FEEDBACK."""
    router = APIRouter()
    open_to_readers = feedback.is_on(settings)
    written = feedback.FeedbackFile(settings.data)

    @router.post("/export")
    def export(wanted: _Export) -> Response:
        bundle = _bundle(wanted, source, store)
        if wanted.format == "references":
            rows = [styles(one.citation, bundle.work(one.citation)) for one in bundle.quoted()]
            return JSON({"references": rows})
        return _file(wanted, bundle)

    @router.post("/feedback")
    def say(verdict: _Verdict) -> Response:
        if not open_to_readers:
            raise HTTPException(404, "Feedback is off here.")
        answer = _kept(store, verdict.answer)
        cited = {citation.number: citation for citation in answer.citations}
        if verdict.quote is not None and verdict.quote not in cited:
            raise HTTPException(400, f"The answer has no quote {verdict.quote}.")
        history = [found.question for found in map(store.get, verdict.conversation) if found]
        wrong = cited.get(verdict.quote or 0) if verdict.kind == "wrong_quote" else None
        try:
            written.write(answer.id, feedback.line_of(answer, history, verdict.kind, wrong, verdict.words))
        except feedback.FeedbackRefusedError as error:
            raise HTTPException(429, str(error)) from error
        return JSON({"written": True})

    return router


def _bundle(wanted: Export, source: AnswererSource, store: AnswerStore) -> Bundle:
    """Gather what is wanted. :raises HTTPException: for nothing, or what is not there."""
    if not wanted.answers and not wanted.quotes:
        raise HTTPException(400, "There is nothing to export.")
    answers = tuple(_kept(store, one) for one in wanted.answers)
    opened = source.opened
    titles: Mapping[str, str] = opened.titles if opened else {}
    documents: dict[str, Document] = {}

    def document(name: str) -> Document | None:
        if name not in documents and opened and name in titles:
            documents[name] = opened.answerer.index.document(name)
        return documents.get(name)

    quotes = tuple(_cut(place, document(place.document), at) for at, place in enumerate(wanted.quotes, 1))
    named = {citation.document for citation in _citations(answers)} | {one.citation.document for one in quotes}
    works = {name: Work.of(found) for name in sorted(named) if (found := document(name))}
    return Bundle(datetime.now(UTC).date().isoformat(), answers, quotes, works, writer_of(opened) or "")


def _citations(answers: tuple[Answer, ...]) -> list[Citation]:
    return [citation for answer in answers for citation in (*answer.citations, *answer.nearest)]


def _cut(place: Place, document: Document | None, number: int) -> Quoted:
    if document is None:
        raise HTTPException(404, f"Quote {number} is from a document that is no longer here.")
    try:
        return Quoted(cut(document, place.start, place.end, number), place.note)
    except ValueError:
        raise HTTPException(400, f"Quote {number} does not lie in its document, which may have changed.") from None


def _kept(store: AnswerStore, answer_id: str) -> Answer:
    found = store.get(answer_id)
    if found is None:
        raise HTTPException(404, "An answer is no longer kept. Please ask again.")
    return found


def _file(wanted: Export, bundle: Bundle) -> Response:
    """Return the bundle as a file to be saved, under a name of our own."""
    language = wanted.language if wanted.language in wording.LANGUAGES else wording.DEFAULT
    words = wording.load(language)
    kind = wanted.format
    if kind == "markdown":
        text = to_markdown(bundle, words)
    elif kind == "html":
        text = to_html(bundle, words, language)
    else:
        text = to_json(bundle) if kind == "json" else records(bundle)
    media, ending = _TYPES[kind]
    name = f"sidenote-{'answers' if bundle.answers else 'quotes'}-{bundle.made}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text.encode("utf-8"), media_type=media, headers=headers)
