"""The page: a chat on the left, room for the evidence on the right.

Gradio draws the chat. What stands in the empty columns (welcome, evidence) is drawn by our own script from our own
routes, see ui/static/. Handlers trust nothing that a browser sends but the question: which answers belong to a
conversation is kept on our side, as ids, and everything shown is made anew from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import gradio as gr
from fastapi import FastAPI
from gradio.events import api

from errors import SidenoteError, UsageError
from schema import Answer
from settings import Settings
from ui import render

MOST_SHOWN = 30  # exchanges of one conversation that stay on the page
LONGEST_INPUT = 16_000  # UTF-16 units that the input takes, so that a pasted book does not meet the body limit
LONGEST_ECHO = 300  # characters of a question that was refused for its length

HEAD = (
    '<meta name="color-scheme" content="light dark">'
    '<link rel="stylesheet" href="sidenote/sidenote.css">'
    '<link rel="stylesheet" href="sidenote/evidence.css">'
    '<script type="module" src="sidenote/sidenote.js"></script>'
)

Message = dict[str, str]


class Service(Protocol):
    """Who answers. Errors carry words for the visitor."""

    def ask(self, question: str, previous: Sequence[str] = ()) -> Answer:
        """Answer a question of a conversation. :raises SidenoteError: where there is no answer."""

    def kept(self, answer_id: str) -> Answer | None:
        """Return an earlier answer, or None where it is gone."""


def build_page(service: Service, settings: Settings, words: Mapping[str, str]) -> gr.Blocks:
    """Lay out the page and connect it with who answers."""
    page: gr.Blocks
    with gr.Blocks(title=words["title"], analytics_enabled=False, fill_width=True) as page:
        ids = gr.State([])
        with gr.Row(elem_id="sidenote"):
            with gr.Column(elem_id="sidenote-left", min_width=0):
                gr.Markdown(f"# {words['title']}\n\n{words['tagline']}", elem_id="sidenote-title")
                gr.Column(elem_id="sidenote-welcome", min_width=0)
                chat = _chat()
                question = _question(words)
                anew = gr.Button(words["new_conversation"], elem_id="sidenote-anew", size="sm", variant="secondary")
            gr.Column(elem_id="sidenote-evidence", min_width=0)
        limits: dict[str, Any] = {"concurrency_limit": settings.concurrency, "concurrency_id": "ask"}
        hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        question.submit(_asking(service, words), [question, ids], [chat, ids, question], **limits, **hidden)
        anew.click(lambda: ([], []), None, [chat, ids], **hidden)
        chat.clear(list, None, ids, **hidden)
        api(_api(service), api_name="ask", api_description="Ask once; the answer as JSON.", **limits)
    page.queue(max_size=settings.queue, default_concurrency_limit=settings.concurrency, api_open=False)
    return page


def mount(app: FastAPI, page: gr.Blocks, settings: Settings) -> FastAPI:
    """Put the page at the root of an application, with all that Gradio offers to strangers turned off."""
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path="",
        # Fonts of the visitor's machine: nothing is fetched from elsewhere.
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        head=HEAD,
        footer_links=[],
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        enable_monitoring=False,
        run_history=False,
        allowed_paths=[],
        blocked_paths=[str(settings.corpus), str(settings.data)],
        max_file_size="1kb",
    )
    return mounted


def _chat() -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="sidenote-chat",
        show_label=False,
        container=False,
        height=None,
        autoscroll=False,  # our script brings the newest question into view, so that an answer is read from its top
        layout="panel",
        buttons=[],
        latex_delimiters=[],
        allow_tags=False,
        allow_file_downloads=False,
        group_consecutive_messages=False,
        feedback_options=None,
    )


def _question(words: Mapping[str, str]) -> gr.Textbox:
    return gr.Textbox(
        elem_id="sidenote-question",
        label=words["question_label"],
        show_label=False,
        placeholder=words["question_placeholder"],
        lines=1,
        max_lines=8,
        max_length=LONGEST_INPUT,
        submit_btn=True,
        container=False,
    )


def _asking(service: Service, words: Mapping[str, str]) -> Callable[[Any, list[str]], Iterator[tuple[Any, Any, Any]]]:
    def converse(question: Any, ids: list[str]) -> Iterator[tuple[Any, Any, Any]]:
        """Show the question at once, then its answer; give the question back where it was refused."""
        question, ids = str(question or ""), ids[-MOST_SHOWN:]
        before = _messages(service, ids, words)
        echo = _message("user", render.escape(question[:LONGEST_ECHO] + "…" * (len(question) > LONGEST_ECHO)))
        yield [*before, echo], ids, ""
        try:
            ids = [*ids, service.ask(question, ids).id]
            yield _messages(service, ids, words), ids, gr.skip()  # the next question may be half typed by now
        except SidenoteError as error:
            refused = question if isinstance(error, UsageError) else gr.skip()
            yield [*before, echo, _message("assistant", render.escape(str(error)))], ids, refused

    return converse


def _api(service: Service) -> Callable[[str], dict[str, Any]]:
    def ask(question: str) -> dict[str, Any]:
        """Ask once, without a conversation; return the answer as in docs/answer-format.md."""
        try:
            return service.ask(str(question)).to_json()
        except SidenoteError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return ask


def _messages(service: Service, ids: Sequence[str], words: Mapping[str, str]) -> list[Message]:
    """Return a conversation as chat messages, made anew from the answers that are kept."""
    messages: list[Message] = []
    for found in map(service.kept, ids):
        if found is None:
            messages.append(_message("assistant", render.escape(words["expired"])))
        else:
            messages.append(_message("user", render.escape(found.question)))
            messages.append(_message("assistant", render.answer(found, words)))
    return messages


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
