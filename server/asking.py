"""One question of a visitor: bounded, answered with its conversation in mind, kept under an id that nobody guesses."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence

from errors import SidenoteError, UsageError
from retrieval.stages import Tell, silent
from schema import Answer, Sentence, Turn
from server.source import AnswererSource
from server.store import AnswerStore
from settings import Settings
from ui.context import PLAIN, Context
from ui.telling import Show, unseen

TURNS = 8  # earlier questions that are handed on; older ones do not help to understand a follow-up
PATIENCE_SECONDS = 20.0  # that a question waits for an index that is being opened

# Lone surrogates cannot be stored or sent; other controls than tab and line feed say nothing.
_UNSENDABLE = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")

log = logging.getLogger("sidenote")


class Asking:
    """What the page and the API ask through. Safe to use from several threads."""

    def __init__(self, source: AnswererSource, store: AnswerStore, settings: Settings) -> None:
        self._source = source
        self._store = store
        self._limit = settings.question_characters

    def ask(
        self,
        question: str,
        previous: Sequence[str] = (),
        context: Context = PLAIN,
        tell: Tell = silent,
        show: Show = unseen,
        visitor: str = "",
    ) -> Answer:
        """Answer a question and keep the answer.

        :param tell: is told each stage as it begins.
        :param show: is shown an answer that is being written each time it grew, and the same again while it does not;
            each is kept under an id of its own for a while.
        :param previous: ids of the answers of this conversation, oldest first; unknown ones are passed over.
        :param visitor: who asks, as the guard tells visitors apart.
        :raises SidenoteError: with words for the visitor: too long, not ready, or what went wrong.
        :raises answering.composing.Stopped: as `tell` and `show` did, who no longer want the answer.
        """
        question = self.bounded(question, context.words)
        if self._source.opened is None:
            tell("opening")
        answerer = self._source.wait(PATIENCE_SECONDS)
        if answerer is None:
            raise SidenoteError(self._why_not(context.words))
        turns = [Turn(found.question, found.citations) for found in map(self._store.get, previous[-TURNS:]) if found]
        from answering.composing import Stopped  # loaded with the answerer; the page must not wait for its models

        try:
            answer = answerer.answer(
                question, turns, context.filters,
                most=context.quotes, tell=tell, mode=context.mode, visitor=visitor, show=_growing(self._store, show),
            )  # fmt: skip
            return self._store.put(answer)
        except (SidenoteError, Stopped):
            raise
        except Exception as error:  # a visitor gets a sentence, the log gets the place but not the question
            log.error("no answer because of %s", _place(error))
            raise SidenoteError(context.words["refuse_error"]) from None

    def kept(self, answer_id: str) -> Answer | None:
        """Return an answer that was given a while ago."""
        return self._store.get(answer_id)

    def bounded(self, question: str, words: Mapping[str, str] = PLAIN.words) -> str:
        """Return a question as it can be answered and sent. :raises UsageError: where it is empty or too long."""
        question = _CONTROLS.sub(" ", _UNSENDABLE.sub("\ufffd", question.replace("\r\n", "\n"))).strip()
        if not question:
            raise UsageError(words["refuse_nothing"])
        if len(question) > self._limit:
            raise UsageError(words["refuse_long"].format(length=f"{len(question):,}", limit=f"{self._limit:,}"))
        return question

    def _why_not(self, words: Mapping[str, str]) -> str:
        status = self._source.status
        return status.message or words.get(f"refuse_{status.state}", words["state_failed"])


def _growing(store: AnswerStore, show: Show) -> Show:
    """Return a `show` that keeps what it shows, under a new id each time it grew."""
    kept: list[Answer] = []
    seen: list[tuple[str, tuple[Sentence, ...]]] = []

    def grown(answer: Answer) -> None:
        now = (answer.mode, answer.sentences)
        if seen != [now]:
            seen[:], kept[:] = [now], [store.put(answer, writing=True)]
        show(kept[0])

    return grown


def _place(error: Exception) -> str:
    """Name an error and where it arose without its message, which may carry the visitor's words."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown place"
    return f"{type(error).__name__} at {where}"
