"""The application: Gradio's page and our routes, behind the guard."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from server import guard, library, reading, routes, searching, suggesting, taking
from server.asking import Asking
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
    app = FastAPI(title=wording.load()["title"], docs_url=None, redoc_url=None, openapi_url=None)
    for router in (
        routes.build(source, store, settings),
        reading.build(source),
        searching.build(source),
        library.build(source, settings),
        suggesting.build(source, store, finder),
        taking.build(source, store, settings),
    ):
        app.include_router(router)
    app = mount(app, build_page(Asking(source, store, settings), settings), settings)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)  # streams of events are passed as they come
    app.add_middleware(
        guard.Guard,
        hosts=guard.hosts(settings),
        any_address=settings.host in guard.EVERYWHERE,
        upload_bytes=settings.file_bytes if allowed(settings) else 0,
    )
    return app
