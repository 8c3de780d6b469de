"""Which collection a request or a question is for, and the routes that tell of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from errors import SidenoteError
from retrieval.stages import Tell, silent
from schema import Answer
from server.asking import PATIENCE_SECONDS
from server.collections import RefusedError, Sites
from server.programs import Programs
from server.routes import JSON
from server.store import AnswerStore
from server.uploads import allowed
from ui import wording
from ui.context import PLAIN, Context
from ui.telling import Show, unseen

NAMED = 20  # collections that a refusal names

Row = dict[str, Any]
Sent = Annotated[Any, Body()]


class AskingAnywhere:
    """What the page asks through: the collection that a question is for answers it."""

    def __init__(self, sites: Sites, store: AnswerStore) -> None:
        self._sites = sites
        self._store = store

    def ask(
        self,
        question: str,
        previous: Sequence[str] = (),
        context: Context = PLAIN,
        tell: Tell = silent,
        show: Show = unseen,
        visitor: str = "",
    ) -> Answer:
        """Answer a question as `Asking` does. :raises SidenoteError: where there is no answer."""
        try:
            with self._sites.using(context.collection) as site:
                return site.asking.ask(question, previous, context, tell, show, visitor)
        except RefusedError as refused:
            raise SidenoteError(context.words[refused.word]) from None

    def kept(self, answer_id: str) -> Answer | None:
        """Return an answer that was given a while ago, of whichever collection."""
        return self._store.get(answer_id)


class ProgramsAnywhere:
    """What other programs ask through: the same as `server.programs.Programs`, of the collection that they name."""

    def __init__(self, sites: Sites) -> None:
        self._sites = sites

    def ask(self, question: str, mode: str, visitor: str, collection: str = "") -> Row:
        """Ask once. :raises SidenoteError: with a sentence, as the others do."""
        with self._of(collection) as programs:
            return programs.ask(question, mode, visitor)

    def search(self, text: str, exact: bool, document: str, after: str, collection: str = "") -> Row:
        """Find a phrase, or passages."""
        with self._of(collection) as programs:
            return programs.search(text, exact, document, after)

    def document(self, document: str, start: int, end: int, collection: str = "") -> Row:
        """Return a range of a document."""
        with self._of(collection) as programs:
            return programs.document(document, start, end)

    @contextmanager
    def _of(self, collection: str) -> Iterator[Programs]:
        try:
            with self._sites.using(collection) as site:
                yield site.programs
        except RefusedError as refused:
            names = ", ".join(self._sites.settings.collection_names()[:NAMED])
            there = f" These can be named: {names}." if names and refused.status == 404 else ""
            raise SidenoteError(f"{refused}{there}") from None


def build(sites: Sites) -> APIRouter:
    """Return the routes that list collections and, where visitors may change documents, make new ones."""
    router = APIRouter()
    change = allowed(sites.settings)

    @router.get("/collections")
    def collections() -> JSON:
        return JSON({"collections": sites.rows(), "create": change})

    if change:

        @router.post("/library/collection")
        def create(body: Sent) -> JSON:
            sent = body if isinstance(body, dict) else {}
            name, language = sent.get("name"), sent.get("language")
            if not isinstance(name, str):
                raise HTTPException(400, "name is missing.")
            sites.create(name, wording.load(language if isinstance(language, str) else wording.DEFAULT))
            return JSON({"name": name})

    return router


def below(sites: Sites) -> Mount:
    """Return the routes of all further collections: those of the first, below `/in/NAME/`."""

    async def pass_on(scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["path_params"]["collection"]
        asks_state = scope["path"].removeprefix(scope["root_path"]) == "/status"
        known = await run_in_threadpool(sites.rested, name) if asks_state else None
        if known is not None:
            return await JSON(known)(scope, receive, send)
        try:
            site = await run_in_threadpool(sites.take, name)
        except RefusedError as refused:
            return await JSON({"detail": str(refused)}, refused.status)(scope, receive, send)
        try:
            if not asks_state and site.source.status.state == "loading":
                # It may have been closed since the page came.
                await run_in_threadpool(site.source.wait, PATIENCE_SECONDS)
            assert site.app is not None
            await site.app(scope, receive, send)
        finally:
            sites.leave(site)

    return Mount("/in/{collection}", app=pass_on)
