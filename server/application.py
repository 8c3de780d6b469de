"""The application: Gradio's page and our routes, behind the guard."""

from __future__ import annotations

import os
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from errors import UsageError
from server import dispatching, guard, library, reading, routes, searching, suggesting, taking
from server.asking import Asking
from server.collections import Site, Sites
from server.source import AnswererSource
from server.store import AnswerStore
from server.uploads import allowed
from settings import Settings
from ui import wording
from ui.page import build_page, mount


def create_app(settings: Settings, source: AnswererSource, finder: suggesting.Suggesting | None = None) -> FastAPI:
    """Put the parts together. The page answers at once, whatever the state of `source`.

    :param finder: who looks for questions that can be asked next; without one, headings that are questions serve.
    """
    store = AnswerStore()
    own = store.within("")
    asking = Asking(source, own, settings)
    sites = Sites(settings, Site(settings, source, asking), store, _further, suggest=finder is not None)
    programs = dispatching.ProgramsAnywhere(sites)
    mcp = _mcp_is_on(settings)
    app = _application(programs, settings, mcp)
    for router in (*_routers(settings, source, own, finder), dispatching.build(sites)):
        app.include_router(router)
    app.router.routes.append(dispatching.below(sites))
    app = mount(app, build_page(dispatching.AskingAnywhere(sites, store), programs, settings), settings)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)  # streams of events are passed as they come
    app.add_middleware(
        guard.Guard,
        hosts=guard.hosts(settings),
        any_address=settings.host in guard.EVERYWHERE,
        upload_bytes=settings.file_bytes if allowed(settings) else 0,
        mcp=mcp,
        behind_proxy="SPACE_ID" in os.environ,
    )
    return app


def _routers(
    settings: Settings, source: AnswererSource, store: AnswerStore, finder: suggesting.Suggesting | None
) -> tuple[APIRouter, ...]:
    """Return the routes of one collection."""
    return (
        routes.build(source, store, settings),
        reading.build(source, settings),
        searching.build(source),
        library.build(source, settings),
        suggesting.build(source, store, finder),
        taking.build(source, store, settings),
    )


def _further(
    settings: Settings, source: AnswererSource, store: AnswerStore, finder: suggesting.Suggesting | None
) -> FastAPI:
    """Return the routes of a further collection as an application of its own."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for router in _routers(settings, source, store, finder):
        app.include_router(router)
    return app


def _application(programs: dispatching.ProgramsAnywhere, settings: Settings, mcp: bool) -> FastAPI:
    closed: dict[str, Any] = {"docs_url": None, "redoc_url": None, "openapi_url": None}
    title = wording.load()["title"]
    if not mcp:
        return FastAPI(title=title, **closed)
    from server.mcp import Door  # its library takes a while to load and is off by default

    door = Door(programs, settings)
    return FastAPI(title=title, lifespan=door.opened, routes=[Route(guard.MCP, door, methods=["POST"])], **closed)


def _mcp_is_on(settings: Settings) -> bool:
    if settings.mcp not in ("on", "off"):
        raise UsageError(f"SIDENOTE_MCP is {settings.mcp!r}: give on or off")
    return settings.mcp == "on"
