"""Question (and conversation) -> answer with citations: find, fold, decide, quote; have it written where one can."""

from __future__ import annotations

import math
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

from answering import composing
from answering.abstention import confidence
from answering.citing import cite
from answering.composing import Composer, Order, Show, nobody
from answering.folding import Folded, fold_quotes
from answering.replies import Reply, reply, understood
from answering.telling import front, text_of
from answering.wording import wording
from index.reader import Index, open_index
from models import embedding as embeddings
from models import reranker as rerankers
from models.embedding import Embedding
from models.language import Writer
from retrieval.part import Choices, Part
from retrieval.retriever import Ranking, Retriever
from retrieval.stages import Tell, silent
from schema import EVERYTHING, Answer, Citation, Filters, Mode, Turn
from settings import Settings

_CANDIDATES = 20  # passages looked at for quotes; what folds into one another takes several
_TITLES = 3  # of documents, named to who greets
_NEAREST = 3  # passages offered when the corpus does not say


@dataclass(frozen=True, slots=True)
class _Found:
    """An answer in quotes, and what it came from: nothing where the question cannot be asked."""

    answer: Answer
    retriever: Retriever
    ranking: Ranking | None = None
    replied: Reply | None = None


class Answerer:
    """Answers questions from one open index. Safe to use from several threads."""

    def __init__(
        self,
        index: Index,
        embedding: Embedding,
        settings: Settings,
        off: frozenset[str] = frozenset(),
        composer: Composer | None = None,
    ) -> None:
        """Prepare to answer, without the steps in `off` (retrieval/steps.py).

        :param composer: what composes answers, by default what the settings name.
        :raises UsageError: where the settings name a reranker or a model that there is not, or a prompt is broken.
        :raises ModelError: where the reranker or the model cannot be loaded.
        """
        self.index = index
        self._composer = composer or composing.load(settings)
        reranker = rerankers.load(settings.reranker)
        seconds = settings.rerank_milliseconds / 1_000
        self.retriever = Retriever(index, embedding, reranker, seconds, off=off)
        self._settings = settings
        self._busy = 0
        self._counting = threading.Lock()

    @property
    def busy(self) -> int:
        """How many questions are being answered now."""
        return self._busy

    @cached_property
    def choices(self) -> Choices:
        """What answers can be filtered by."""
        return Part.choices(self.index)

    @property
    def writer(self) -> Writer | None:
        """The language model that can write answers, None where no model is set."""
        return self._composer.writer if self._composer else None

    def answer(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        filters: Filters = EVERYTHING,
        *,
        most: int | None = None,
        tell: Tell = silent,
        mode: Mode | None = None,
        visitor: str = "",
        show: Show = nobody,
    ) -> Answer:
        """Return what the corpus says about a question, with the words it rests on.

        A question that is empty or too long gets an abstaining answer with a notice, never an exception. What a
        language model does wrong is no exception either: then the answer quotes, and `fell_back` says why.

        :param turns: the questions before, oldest first, with what answered them where that is known.
        :param filters: what may be cited; only "also in" may name other places.
        :param most: quotes that are wanted, at most as many as the settings allow.
        :param tell: is told each stage as it begins.
        :param mode: whether to quote or to have it written, None for what the settings say; quoted without a model.
        :param visitor: whoever asks, for what one may spend; anything that stays the same.
        :param show: is shown the answer as it grows, where a model writes: first in quotes, then with each sentence
            that was checked, always under the id of the one that is returned; the same again while nothing comes.
        :raises composing.Stopped: where `show` did, to end it.
        """
        started = time.perf_counter()

        def timed(answer: Answer) -> Answer:
            return replace(answer, seconds=round(time.perf_counter() - started, 4))

        with self._counted():
            found = self._asked(question.strip(), turns, filters, most or self._settings.citations, tell)
            order = self._order(found, turns, most, visitor, mode)
            if order is None or self._composer is None:
                return timed(found.answer)
            order = replace(order, tell=tell, show=lambda answer: show(timed(answer)))
            return timed(self._composer.compose(order, timed(found.answer)))

    def documents_within(self, filters: Filters) -> Sequence[str]:
        """Return the ids of the documents of which anything passes, in the order of the corpus."""
        return self.retriever.within(filters).index.document_ids()

    def answer_with_confidence(
        self, question: str, turns: Sequence[Turn] = (), filters: Filters = EVERYTHING
    ) -> tuple[Answer, float]:
        """Return the answer, and how sure it is that there is one: higher is surer, for comparing questions only."""
        started = time.perf_counter()
        with self._counted():
            found = self._asked(question.strip(), turns, filters, self._settings.citations, silent)
        answer = replace(found.answer, seconds=round(time.perf_counter() - started, 4))
        return answer, confidence(found.ranking) if found.ranking else -math.inf

    def _asked(self, question: str, turns: Sequence[Turn], filters: Filters, most: int, tell: Tell) -> _Found:
        if not question or len(question) > self._settings.question_characters:
            return _Found(self._refusal(question, filters), self.retriever)
        earlier = [replace(turn, question=turn.question[: self._settings.question_characters]) for turn in turns]
        retriever = self.retriever.within(filters)
        ranking = retriever.rank(question, earlier, _CANDIDATES, tell)
        tell("choosing")
        most = min(most, self._settings.citations)
        replied = reply(retriever.index, question, ranking, most)
        shown = _NEAREST if replied.verdict.abstain else most
        folded = fold_quotes(retriever.index, ranking.query, replied.chosen, shown)
        citations = tuple(self._cite(number, item) for number, item in enumerate(folded, 1))
        answer = self._answered(question, ranking, replied, citations, filters)
        return _Found(answer, retriever, ranking, replied)

    def _order(
        self, found: _Found, turns: Sequence[Turn], most: int | None, visitor: str, mode: Mode | None
    ) -> Order | None:
        """Return what a model is to write, None where it is to write nothing.

        What the corpus does not say nobody may say. A greeting, an overview, a pasted quotation and bare words are
        answered by quotes alone, and so is when something is said: a recording's times stand outside its words.
        """
        ranking, replied = found.ranking, found.replied
        wanted = (mode or self._settings.mode) != "extractive"
        if not wanted or ranking is None or replied is None or replied.verdict.abstain or replied.kind != "question":
            return None
        if ranking.query.asks_when and any(citation.time for citation in found.answer.citations):
            return None
        most = min(most or self._settings.citations, self._settings.citations)
        said = "\n\n".join(front(replied, found.answer.citations, wording(ranking.query.language)))
        return Order(turns, found.retriever, ranking, replied.chosen, most, said, visitor)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._counting:
            self._busy += 1
        try:
            yield
        finally:
            with self._counting:
                self._busy -= 1

    def _answered(
        self, question: str, ranking: Ranking, replied: Reply, citations: tuple[Citation, ...], filters: Filters
    ) -> Answer:
        verdict = replied.verdict
        titles = [self.index.document(name).title for name in self.index.document_ids()[:_TITLES]]
        return Answer(
            id=secrets.token_urlsafe(12),
            question=question,
            query=ranking.query.text,
            text=text_of(replied, citations, ranking.query.language, titles, filtered=bool(filters)),
            abstained=verdict.abstain,
            language=ranking.query.language,
            citations=() if verdict.abstain else citations,
            nearest=citations if verdict.abstain else (),
            missing=verdict.missing,
            understood=understood(replied.kind, ranking),
            filters=filters,
            sources=0 if verdict.abstain else len({citation.origin for citation in citations}),
            notice=self.index.notice,
            generation=self.index.generation,
        )

    def _cite(self, number: int, item: Folded) -> Citation:
        passage = item.found.passage
        document = self.index.document(passage.document_id)
        return replace(cite(document, number, item.span, passage), also=item.also)

    def _refusal(self, question: str, filters: Filters) -> Answer:
        """Answer what cannot be asked: nothing, or too much."""
        words = wording("en")
        limit = self._settings.question_characters
        text = words.too_long.format(limit=f"{limit:,}") if question else words.empty
        return Answer(
            id=secrets.token_urlsafe(12), question=question[:limit], query="", text=text, abstained=True, language="en",
            filters=filters, notice=text, generation=self.index.generation,
        )  # fmt: skip


def load(settings: Settings, off: frozenset[str] = frozenset()) -> Answerer:
    """Open the index and load the embedding model.

    :raises StoredIndexError: where the index is missing, damaged or another model's.
    :raises ModelError: where the model cannot be loaded.
    """
    embedding = embeddings.load(settings.embedding)
    return Answerer(open_index(settings.data, embedding), embedding, settings, off)
