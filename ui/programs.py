"""The API names of the page: what other programs call through Gradio (docs/programs.md)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import gradio as gr
from gradio.components.api_component import Api
from gradio.events import api

from errors import SidenoteError
from ui.context import VISITOR


class Programs(Protocol):
    """Who answers programs, as JSON. Errors carry words for the caller."""

    def ask(self, question: str, mode: str, visitor: str, collection: str) -> dict[str, Any]:
        """Answer a question that stands by itself. :raises SidenoteError: where there is no answer."""

    def search(self, text: str, exact: bool, document: str, after: str, collection: str) -> dict[str, Any]:
        """Find a phrase, or passages for a question. :raises SidenoteError: with the reason."""

    def document(self, document: str, start: int, end: int, collection: str) -> dict[str, Any]:
        """Return the stored text of a range, and its blocks. :raises SidenoteError: with the reason."""


class Page(gr.Blocks):
    """Blocks whose API names may be called with the first values alone, where the others have defaults."""

    def validate_inputs(self, block_fn: Any, inputs: list[Any]) -> None:
        """Add the defaults that were left out; `/ask` once took the question alone, and programs rely on that."""
        left_out = [block.value for block in block_fn.inputs[len(inputs) :] if isinstance(block, Api)]
        if len(inputs) + len(left_out) == len(block_fn.inputs) and None not in left_out:
            inputs += left_out
        super().validate_inputs(block_fn, inputs)


def declare(programs: Programs, **limits: Any) -> None:
    """Declare the API names within the page that is being laid out; `limits` bound how many run at once."""

    def ask(question: str, request: gr.Request, mode: str = "", collection: str = "") -> dict[str, Any]:
        visitor = request.headers.get(VISITOR, "")
        return _answered(partial(programs.ask, str(question), str(mode or ""), visitor, str(collection or "")))

    def search(
        text: str, exact: bool = True, document: str = "", after: str = "", collection: str = ""
    ) -> dict[str, Any]:
        given = str(text), bool(exact), str(document or ""), str(after or ""), str(collection or "")
        return _answered(partial(programs.search, *given))

    def document(document: str, start: int = 0, end: int = 0, collection: str = "") -> dict[str, Any]:
        given = str(document), _whole(start), _whole(end), str(collection or "")
        return _answered(partial(programs.document, *given))

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
