"""An answer in a language model's words: it writes from numbered passages, and only what was checked is shown.

At most two calls a question, of which the first is seldom needed (answering/understanding.py). Whatever goes wrong,
there is the quoted answer, which was there before any call. docs/composed.md says what is promised and what is not.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from answering import checking, claims, prompts
from answering.calling import Calls
from answering.checking import Checker
from answering.choosing import Chosen
from answering.claims import Claim
from answering.drafting import Draft
from answering.fencing import Fenced, fence, inside
from answering.languages import name_of
from answering.understanding import Asked, needs_understanding, understand
from errors import UsageError, WriterError
from models import language, reranker
from models.allowance import Allowance
from models.language import Writer
from models.reranker import Reranker, Window
from retrieval.retriever import Ranking, Retriever
from retrieval.stages import Tell, silent
from schema import Answer, FellBack, Passage, Turn
from settings import Settings

Show = Callable[[Answer], None]  # called from the thread that answers; must return at once

_TOKENS = 1_500  # that an answer may take: twelve claims with their quotes take some 1,200
_SHARE = 4  # or that share of a small window
# Log-odds of the reranker below which a sentence, true or not, has nothing to do with the question: of 313 sentences
# that answer an argued question .97 are above, of sentences of other passages .17, of orders to a model .09.
_OFF_THE_QUESTION = -4.0

_loading = threading.Lock()

log = logging.getLogger("sidenote")


class Stopped(Exception):
    """Whoever is shown an answer no longer wants it."""


def nobody(answer: Answer) -> None:
    """Show nobody."""
    del answer


@dataclass(frozen=True, slots=True)
class Order:
    """A question that a model is to answer, with what was found and chosen for it.

    `most` are the citations wanted, `front` what goes before the first sentence, `visitor` who pays for it.
    """

    turns: Sequence[Turn]
    retriever: Retriever
    ranking: Ranking
    chosen: Sequence[Chosen]
    most: int
    front: str = ""
    visitor: str = ""
    tell: Tell = silent
    show: Show = nobody


class Composer:
    """Composes answers with one language model. Safe to use from several threads."""

    def __init__(
        self,
        writer: Writer,
        checker: Checker,
        settings: Settings,
        allowance: Allowance | None = None,
        folder: Path = prompts.FOLDER,
    ) -> None:
        """Read the prompts. :raises UsageError: where one is missing or broken."""
        self.writer = writer
        self._checker = checker
        self._settings = settings
        self._allowance = allowance or Allowance(settings.model_tokens_visitor, settings.model_tokens_day)
        self._reranker = reranker.load(settings.reranker)
        self._understand = prompts.load("understand", folder)
        self._answer = prompts.load("answer", folder)

    def compose(self, order: Order, quoted: Answer) -> Answer:
        """Return the composed answer; the quoted one, which says why, where there is none.

        One that broke off after sentences that stand is composed and says why it is not whole.

        :raises Stopped: as `order.show` did. It is shown the same answer again and again while the model is silent.
        """
        screen = _Screen(order.show)
        screen.show(quoted)
        order.tell("writing")
        calls = Calls(self.writer, self._allowance, order.visitor, self._settings, screen.again)
        fault: FellBack | None = None
        try:
            asked = self._understood(order, calls)
            fenced = self._fenced(order, asked, calls)
        except WriterError as error:
            return replace(quoted, fell_back=cast(FellBack, error.fault))
        answered = replace(quoted, query=asked.question)
        index, bears = order.retriever.index, self._bears(asked.question)
        draft = Draft(index, fenced.passages, self._checker, bears, order.most, order.front)
        try:
            for claim in self._written(order, asked, calls, fenced):
                draft.add(claim)
                if draft.shown:
                    screen.show(draft.answer(answered))
        except WriterError as error:
            fault = cast(FellBack, error.fault)
        if draft.stands:
            return replace(draft.answer(answered), fell_back=fault)
        return replace(quoted, fell_back=fault or ("unsupported" if draft.begun else "silent"))

    def _understood(self, order: Order, calls: Calls) -> Asked:
        ranking, retriever = order.ranking, order.retriever
        if not needs_understanding(ranking, list(retriever.index.languages())):
            return Asked(ranking.query.text, ranking.passages)
        longest = self._settings.question_characters
        return understand(self._understand, calls, retriever, ranking, order.turns, longest)

    def _fenced(self, order: Order, asked: Asked, calls: Calls) -> Fenced:
        """Return the passages that are sent: those that are quoted first, then by score while there is room."""
        passages: dict[int, Passage] = {found.passage.id: found.passage for found, _ in order.chosen}
        passages |= {found.passage.id: found.passage for found in asked.passages}
        room = calls.room(self._answer, self._tokens, question=asked.question, language=self._language(order))
        fenced = fence(order.retriever.index, list(passages.values()), room, calls.tokens)
        if not fenced.passages:
            raise WriterError("overflow")
        if fenced.left_out:
            log.info("%d of %d passages did not fit and were not sent", fenced.left_out, len(passages))
        return fenced

    def _written(self, order: Order, asked: Asked, calls: Calls, fenced: Fenced) -> Iterator[Claim]:
        """Yield what the model claims, as it comes."""
        values = {"passages": fenced.text, "boundary": fenced.boundary, "language": self._language(order)}
        schema, question = _schema(len(fenced.passages)), inside(asked.question)
        with closing(calls.ask(self._answer, schema, self._tokens, question=question, **values)) as pieces:
            yield from claims.read(pieces)

    @property
    def _tokens(self) -> int:
        return min(_TOKENS, self.writer.context // _SHARE)

    def _language(self, order: Order) -> str:
        return name_of(order.ranking.query.language)

    def _bears(self, question: str) -> Callable[[str], bool]:
        """Return what tells whether a sentence has to do with a question; all do where there is no reranker."""
        reader: Reranker | None = self._reranker
        if reader is None:
            return lambda sentence: True
        return lambda sentence: float(reader.scores(question, Window((), (sentence,)))[0]) > _OFF_THE_QUESTION


class _Screen:
    """Shows answers, and the latest one again."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._latest: Answer | None = None

    def show(self, answer: Answer) -> None:
        self._latest = answer
        self._show(answer)

    def again(self) -> None:
        if self._latest is not None:
            self._show(self._latest)


def _schema(passages: int) -> dict[str, Any]:
    """Return the form of an answer. The sentence comes first: small models that copy first never stop copying."""
    claim = {
        "type": "object",
        "properties": {
            "text": {"type": "string"},
            "passage": {"type": "integer", "enum": list(range(1, passages + 1))},
            "quote": {"type": "string"},
        },
        "required": ["text", "passage", "quote"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"claims": {"type": "array", "items": claim, "maxItems": claims.MOST}},
        "required": ["claims"],
        "additionalProperties": False,
    }


def load(settings: Settings) -> Composer | None:
    """Return what composes by these settings, None where no model is set. Calls nothing.

    All collections share it, so that they learn from its failures and count its tokens together.

    :raises UsageError: where a setting or a prompt is wrong.
    :raises ModelError: where the model, or the one that checks, cannot be loaded.
    """
    if settings.mode not in ("auto", "extractive", "composed"):
        raise UsageError(f"SIDENOTE_MODE is {settings.mode[:40]!r}: choose one of auto, extractive, composed")
    with _loading:
        composer = _loaded(replace(settings, corpus=Path(), data=Path()))
    if composer is None and settings.mode == "composed":
        raise UsageError("SIDENOTE_MODE is composed, and no model is set: give SIDENOTE_MODEL, or --model")
    return composer


@lru_cache(maxsize=8)
def _loaded(settings: Settings) -> Composer | None:
    writer = language.load(settings)
    return None if writer is None else Composer(writer, checking.load(), settings)
