"""Which collection a request or a question is for, and the routes that tell of all of them."""

from __future__ import annotations

from collections.abc import Sequence
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
from server.routes import JSON
from server.store import AnswerStore
from server.uploads import allowed
from ui.context import PLAIN, Context

Sent = Annotated[Any, Body()]


class AskingAnywhere:
    """What the page asks through: the collection that a question is for answers it."""

    def __init__(self, sites: Sites, store: AnswerStore) -> None:
        self._sites = sites
        self._store = store

    def ask(self, question: str, previous: Sequence[str] = (), context: Context = PLAIN, tell: Tell = silent) -> Answer:
        """Answer a question, telling each stage as it begins. :raises SidenoteError: where there is no answer."""
        try:
            with self._sites.using(context.collection) as site:
                return site.asking.ask(question, previous, context, tell)
        except RefusedError as refused:
            raise SidenoteError(context.words[refused.word]) from None

    def kept(self, answer_id: str) -> Answer | None:
        """Return an answer that was given a while ago, of whichever collection."""
        return self._store.get(answer_id)


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
            name = body.get("name") if isinstance(body, dict) else None
            if not isinstance(name, str):
                raise HTTPException(400, "name is missing.")
            sites.create(name)
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
