"""The application: Gradio's page and our routes, behind the guard."""

from __future__ import annotations

from fastapi import FastAPI

from server import guard, routes
from server.asking import Asking
from server.source import AnswererSource
from server.store import AnswerStore
from settings import Settings
from ui import wording
from ui.page import build_page, mount


def create_app(settings: Settings, source: AnswererSource) -> FastAPI:
    """Put the parts together. The page answers at once, whatever the state of `source`."""
    words, store = wording.load(), AnswerStore()
    app = FastAPI(title=words["title"], docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(routes.build(source, store))
    app = mount(app, build_page(Asking(source, store, settings, words), settings, words), settings)
    app.add_middleware(guard.Guard, hosts=guard.hosts(settings), any_address=settings.host in guard.EVERYWHERE)
    return app
