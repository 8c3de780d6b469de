"""The page: a bar above, a chat on the left, room for the evidence on the right.

Gradio draws the chat. What stands in the empty columns (menu, strip, welcome, evidence) is drawn by our own script
from our own routes, see ui/static/. Handlers trust nothing that a browser sends but the question: which answers belong
to a conversation is kept on our side, as ids, and everything shown is made anew from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import Any, Protocol

import gradio as gr
from fastapi import FastAPI

from errors import SidenoteError, UsageError
from retrieval.stages import Tell, silent
from schema import Answer
from settings import Settings
from ui import render, wording
from ui.context import PLAIN, VISITOR, Context
from ui.context import before as ids_before
from ui.context import read as read_context
from ui.programs import Page, Programs, declare
from ui.telling import Growing, Heard, Show, told, unseen

MOST_SHOWN = 30  # exchanges of one conversation that stay on the page
MOST_KEPT = 200  # exchanges of one conversation whose quotes are numbered
LONGEST_INPUT = 16_000  # UTF-16 units that the input takes, so that a pasted book does not meet the body limit
LONGEST_ECHO = 300  # characters of a question that was refused for its length

STYLES = (
    "sidenote", "controls", "evidence", "composed", "collections", "reader", "reader-beside",
    "search", "strip", "library", "collection", "filters", "views",
)  # fmt: skip
HEAD = (
    '<meta name="color-scheme" content="light dark">'
    + "".join(f'<link rel="stylesheet" href="sidenote/{name}.css">' for name in STYLES)
    + '<script type="module" src="sidenote/sidenote.js"></script>'
)

Message = dict[str, str]
Shown = tuple[Any, Any, Any, Any]  # messages of the chat, ids of its answers, the question box, the stage


class Service(Protocol):
    """Who answers. Errors carry words for the visitor."""

    def ask(
        self,
        question: str,
        previous: Sequence[str] = (),
        context: Context = PLAIN,
        tell: Tell = silent,
        show: Show = unseen,
        visitor: str = "",
    ) -> Answer:
        """Answer a question of a conversation; `tell` is told each stage, `show` is shown an answer being written.

        :raises SidenoteError: where there is no answer.
        """

    def kept(self, answer_id: str) -> Answer | None:
        """Return an earlier answer, or None where it is gone."""


def build_page(service: Service, programs: Programs, settings: Settings) -> gr.Blocks:
    """Lay out the page and connect it with who answers readers and programs.

    Its words are put in by our script, in the reader's language.

    The placeholders are columns, for under the guard's policy Gradio has nothing else that stays empty.
    """
    words = wording.load()
    page: Page
    with Page(title=words["title"], analytics_enabled=False, fill_width=True) as page:
        ids = gr.State([])
        with gr.Row(elem_id="sidenote"):
            with gr.Row(elem_id="sidenote-bar"):
                gr.Markdown(f"# {words['title']}", elem_id="sidenote-title")
                gr.Column(elem_id="sidenote-menu", min_width=0)
            gr.Column(elem_id="sidenote-strip", min_width=0)
            with gr.Column(elem_id="sidenote-left", min_width=0):
                gr.Column(elem_id="sidenote-welcome", min_width=0)
                chat = _chat()
                gr.Column(elem_id="sidenote-filters", min_width=0)
                question = _question(words)
                context = gr.Textbox(elem_id="sidenote-context", show_label=False, container=False)
                stage = gr.Markdown(elem_id="sidenote-stage")  # its name, for our script to say
                with gr.Row(elem_id="sidenote-under"):
                    stop = gr.Button(words["stop"], elem_id="sidenote-stop", size="sm", variant="secondary")
                    anew = gr.Button(words["new_conversation"], elem_id="sidenote-anew", size="sm", variant="secondary")
                    again = gr.Button("", elem_id="sidenote-restore", size="sm", variant="secondary")
            gr.Column(elem_id="sidenote-evidence", min_width=0)
        limits: dict[str, Any] = {"concurrency_limit": settings.concurrency, "concurrency_id": "ask"}
        hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        shown = [chat, ids, question, stage]
        asking = question.submit(_asking(service), [question, ids, context], shown, **limits, **hidden)
        stop.click(_stopped(service), [ids, context], [chat, ids], cancels=[asking], **hidden)
        anew.click(lambda: ([], []), None, [chat, ids], cancels=[asking], **hidden)
        again.click(_restored(service), [context], [chat, ids], **hidden)
        declare(programs, **limits)
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
        blocked_paths=[str(settings.corpus), str(settings.collections), str(settings.data)],
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


def _asking(service: Service) -> Callable[[Any, list[str], Any, gr.Request], Iterator[Shown]]:
    def converse(question: Any, ids: list[str], sent: Any, request: gr.Request) -> Iterator[Shown]:
        """Show the question at once, then its answer; give the question back where it was refused."""
        question, words = str(question or ""), wording.load()
        before: list[Message] = []
        echo = _message("user", render.escape(question[:LONGEST_ECHO] + "…" * (len(question) > LONGEST_ECHO)))
        try:
            context = read_context(sent)
            words, ids = context.words, ids_before(ids, context.instead)[-MOST_KEPT:]
            before = _messages(service, ids, words)
            yield [*before, echo], ids, "", ""
            visitor = request.headers.get(VISITOR, "")
            with closing(told(partial(service.ask, question, ids, context, visitor=visitor))) as heard:
                for now in heard:
                    yield _heard(service, ids, words, now)
        except SidenoteError as error:
            refused = question if isinstance(error, UsageError) else gr.skip()
            yield [*before, echo, _message("assistant", render.escape(str(error)))], ids, refused, ""

    return converse


def _heard(service: Service, ids: list[str], words: Mapping[str, str], now: Heard) -> Shown:
    """Return what the page shows when it has heard something of an answer; the next question may be half typed."""
    if isinstance(now, Growing):
        return _messages(service, ids, words, now.answer), gr.skip(), gr.skip(), "writing"
    if isinstance(now, Answer):
        ids = [*ids, now.id]
        return _messages(service, ids, words), ids, gr.skip(), ""
    return gr.skip(), gr.skip(), gr.skip(), now or gr.skip()


def _stopped(service: Service) -> Callable[[list[str], Any], tuple[list[Message], list[str]]]:
    def stopped(ids: list[str], sent: Any) -> tuple[list[Message], list[str]]:
        """Take the question away whose answer is no longer waited for."""
        return _messages(service, ids, read_context(sent).words), ids

    return stopped


def _restored(service: Service) -> Callable[[Any], tuple[list[Message], list[str]]]:
    def restored(sent: Any) -> tuple[list[Message], list[str]]:
        """Show a conversation again, as far as its answers are kept."""
        context = read_context(sent)
        ids = [found for found in context.restore if service.kept(found)]
        return _messages(service, ids, context.words), ids

    return restored


def _messages(
    service: Service, ids: Sequence[str], words: Mapping[str, str], growing: Answer | None = None
) -> list[Message]:
    """Return a conversation as chat messages, made anew from the answers that are kept.

    A quote keeps its number throughout the conversation, so all of it is counted and only the end is shown.

    :param growing: an answer after them that is still being written.
    """
    numbers = render.Numbers()
    messages: list[Message] = []
    for at, found in enumerate(map(service.kept, ids), MOST_SHOWN - len(ids)):
        if at < 0:
            if found is not None:
                numbers.count(found)
        elif found is None:
            messages.append(_message("assistant", render.escape(words["expired"])))
        else:
            messages += _exchange(found, words, numbers)
    return [*messages, *(_exchange(growing, words, numbers) if growing else [])]


def _exchange(given: Answer, words: Mapping[str, str], numbers: render.Numbers) -> list[Message]:
    answer = _message("assistant", render.answer(given, words, numbers))
    return [_message("user", render.escape(given.question)), answer]


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
