"""The API names of the page: what other programs call through Gradio (docs/programs.md)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import gradio as gr
from gradio.events import api

from errors import SidenoteError


class Programs(Protocol):
    """Who answers programs, as JSON. Errors carry words for the caller."""

    def ask(self, question: str) -> dict[str, Any]:
        """Answer a question that stands by itself. :raises SidenoteError: where there is no answer."""

    def search(self, text: str, exact: bool, document: str, after: str) -> dict[str, Any]:
        """Find a phrase, or passages for a question. :raises SidenoteError: with the reason."""

    def document(self, document: str, start: int, end: int) -> dict[str, Any]:
        """Return the stored text of a range, and its blocks. :raises SidenoteError: with the reason."""


def declare(programs: Programs, **limits: Any) -> None:
    """Declare the API names within the page that is being laid out; `limits` bound how many run at once."""

    def ask(question: str) -> dict[str, Any]:
        return _answered(partial(programs.ask, str(question)))

    def search(text: str, exact: bool = True, document: str = "", after: str = "") -> dict[str, Any]:
        return _answered(partial(programs.search, str(text), bool(exact), str(document or ""), str(after or "")))

    def document(document: str, start: int = 0, end: int = 0) -> dict[str, Any]:
        return _answered(partial(programs.document, str(document), _whole(start), _whole(end)))

    api(ask, api_name="ask", api_description="Ask once; the answer as JSON.", **limits)
    api(search, api_name="search", api_description="An exact phrase, or passages for a question.", **limits)
    api(document, api_name="document", api_description="The stored text of a document, and its blocks.", **limits)


def _answered(call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return call()
    except SidenoteError as error:
        raise gr.Error(str(error), print_exception=False) from None


def _whole(number: Any) -> int:
    """Return an offset; browsers and other languages send whole numbers as floats."""
    if number is None:
        return 0
    if isinstance(number, bool) or not isinstance(number, int | float) or number != number // 1:
        raise gr.Error("An offset is a whole number.", print_exception=False)
    return int(number)
