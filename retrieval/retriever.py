"""Question (and conversation) -> ranked passages: gathered, scored, led on to further ones, read again."""

from __future__ import annotations

import copy
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.reader import Index
from models import kinds, means
from models.embedding import Embedding
from models.reranker import Reranker
from retrieval import cues
from retrieval.aliases import descriptions
from retrieval.candidates import Candidate, Gatherer
from retrieval.further import Further
from retrieval.lexicon import Lexicon
from retrieval.part import Part
from retrieval.preferences import Preferences
from retrieval.query import Query, understand
from retrieval.reranking import READ, rerank
from retrieval.scoring import Scorer
from retrieval.stages import Tell, silent
from retrieval.steps import without
from retrieval.turns import answer_to, only_asks
from retrieval.weights import DEFAULT_DEPTH, DEFAULT_WEIGHTS, EXAMINED_TURNS, Depth, Weights
from schema import EVERYTHING, Filters, ScoredPassage, Turn

_NEIGHBOURHOOD = 3  # passages before and after what answered the turn before that count as near it
_COMPARES = 0.4  # likelihood from which a question is taken to compare
_SIDE_READ = 4  # passages read on what the best one does not name
_ASKED = 30  # first passages that may be questions, whose answers are looked at
_FIRST_HITS = 3  # passages whose words may call further documents by their titles
_ANSWERED = 3  # passages taken to have answered an earlier turn whose citations are not known
_PARTS = 8  # filters whose passages are kept at hand: some 15 MB each at most


# Log-odds by which what answers a question read alone must be better. Read with an earlier question that had nothing to
# do with it, one that stands alone was answered as well (.60 of 60 argued questions first, .60 without).
_FOLLOWS = 1.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """A question as it was understood, and the passages found for it, best first.

    `named` are speakers it names; `alone`, for a follow-up, the passages found for it without the questions before.
    """

    query: Query
    passages: tuple[ScoredPassage, ...]
    named: frozenset[str] = frozenset()
    alone: tuple[ScoredPassage, ...] = ()


class Retriever:
    """Ranks the passages of one open index for questions. Safe to use from several threads."""

    def __init__(
        self,
        index: Index,
        embedding: Embedding,
        reranker: Reranker | None = None,
        rerank_seconds: float = math.inf,
        weights: Weights = DEFAULT_WEIGHTS,
        depth: Depth = DEFAULT_DEPTH,
        off: frozenset[str] = frozenset(),
    ) -> None:
        """Prepare to rank.

        :param rerank_seconds: how long the reranker may read for one question; what it did not reach keeps its order.
        :param off: names of steps to do without (retrieval/steps.py).
        """
        self.index = self._whole = index
        self._embedding = embedding
        self._reranker = None if "reranker" in off else reranker
        self._rerank_seconds = rerank_seconds
        self._weights = without(weights, off)
        self._off = off
        self._means = means.load(embedding.fingerprint)
        self._kinds = kinds.load(embedding.fingerprint)
        self._lexicon = Lexicon(index, typos="typos" not in off)
        self._depth = depth
        self._gatherer = Gatherer(index, depth)
        self._further = Further(index)
        described = descriptions(index) if self._weights.speaker else {}
        self._preferences = Preferences(index.speakers(), self._weights, described)
        self._scorer = Scorer(index, self._preferences, self._weights)
        self._part = lru_cache(maxsize=_PARTS)(self._narrowed)

    def within(self, filters: Filters) -> Retriever:
        """Return a retriever that finds only what passes the filters; itself where there are none."""
        return self._part(filters) if filters else self

    def retrieve(
        self, question: str, turns: Sequence[Turn] = (), k: int = 20, filters: Filters = EVERYTHING
    ) -> list[ScoredPassage]:
        """Return the `k` best passages for a question, best first. Headings lend their score and never appear."""
        return list(self.within(filters).rank(question, turns, k).passages)

    def rank(self, question: str, turns: Sequence[Turn] = (), k: int = 20, tell: Tell = silent) -> Ranking:
        """Return the question as understood with its `k` best passages.

        In a conversation it is read both ways, alone and as a follow-up. One that leans on what was said before is
        kept as that; of another, what answers better.
        """
        turns = () if "follow-up" in self._off else turns[-EXAMINED_TURNS:]
        leans = cues.leans_on_earlier(question)
        if not turns or self._reranker is None:
            return self._rank(question, turns if leans else (), k, tell)
        alone, following = self._rank(question, (), k, tell), self._rank(question, turns, k, tell)
        if leans or _odds(following) > _odds(alone) - _FOLLOWS:
            return replace(following, alone=alone.passages)
        return alone

    def _rank(self, question: str, turns: Sequence[Turn], k: int, tell: Tell) -> Ranking:
        """Rank for a question as a follow-up of the turns, alone where there are none."""
        tell("understanding")
        query = self._understand(question, subject(turns))
        tell("finding")
        near = self._near(turns) if turns else {}
        named = self._preferences.named(query.text)
        called = self._further.called(query.text) if self._weights.titled else []
        candidates = self._gatherer.gather(query, also=[*near, *called])
        scored = self._sorted(query, candidates, near, named, called)
        further = self._further.called_by(scored[:_FIRST_HITS], called) if self._weights.titled else []
        if further:
            every = {c.passage.id: c for c in (*self._gatherer.examine(query, further, {}), *candidates)}
            scored = self._sorted(query, list(every.values()), near, named, {*called, *further})
        if self._weights.asked:
            scored = self._with_answers(query, scored, near, named)
        if self._reranker is not None:
            if scored and query.kinds.get("comparison", 0.0) > _COMPARES and "sides" not in self._off:
                scored = self._with_other_side(query, scored, near, named)
            tell("rereading")
            scored = rerank(self._whole, self._reranker, query, scored, self._weights, self._rerank_seconds)
        return Ranking(query, tuple(scored[:k]), named)

    def _sorted(
        self,
        query: Query,
        candidates: Sequence[Candidate],
        near: dict[int, float],
        named: frozenset[str],
        called: Collection[int],
    ) -> list[ScoredPassage]:
        """Return the candidates that can be quoted, best first; `called` are passages of documents called by title."""
        scored = self._scorer.scored(query, candidates, near, named)
        bonus = self._weights.titled
        lifted = (_lifted(found, "titled", bonus) if found.passage.id in called else found for found in scored)
        return _best_first(lifted)

    def _with_answers(
        self, query: Query, scored: list[ScoredPassage], near: dict[int, float], named: frozenset[str]
    ) -> list[ScoredPassage]:
        """Return the passages with the turns that answer the first questions among them; bare questions are dropped."""
        lent: dict[int, float] = {}
        for found in scored[:_ASKED]:
            if (turn := answer_to(self.index, found.passage)) is not None:
                lent[turn.id] = self._weights.asked * max(found.score, 0.0)
        if lent:
            known = {found.passage.id for found in scored}
            new = self._gatherer.examine(query, [number for number in lent if number not in known], {})
            more = (found for found in self._scorer.scored(query, new, near, named) if found.passage.id not in known)
            scored = _best_first(_lifted(found, "asked", lent.get(found.passage.id, 0.0)) for found in (*more, *scored))
        return [found for found in scored if not only_asks(self.index, found.passage)] or scored

    def _with_other_side(
        self, query: Query, scored: list[ScoredPassage], near: dict[int, float], named: frozenset[str]
    ) -> list[ScoredPassage]:
        """Return the passages with those among the first to be read that speak of what the best one does not name."""
        numbers = self._further.other_side(query, scored[0].passage)
        examined = self._scorer.scored(query, self._gatherer.examine(query, list(numbers), numbers), near, named)
        every = {found.passage.id: found for found in (*examined, *scored)}
        other = _best_first(every[number] for number in numbers if number in every)[:_SIDE_READ]
        moved = {found.passage.id for found in other}
        rest = [found for found in scored if found.passage.id not in moved]
        return [*rest[: READ - len(other)], *other, *rest[READ - len(other) :]]

    def lexical(self, question: str, k: int) -> list[ScoredPassage]:
        """Return the lexical ranking alone, for comparison."""
        query = self._understand(question)
        return self._plain(self.index.lexical(query.terms, k), "lexical")

    def dense(self, question: str, k: int) -> list[ScoredPassage]:
        """Return the dense passage ranking alone, for comparison."""
        query = self._understand(question)
        return self._plain(self.index.dense_passages(query.vector, k), "passage")

    def _narrowed(self, filters: Filters) -> Retriever:
        part = Part(self._whole, filters)
        narrowed = copy.copy(self)
        narrowed.index = part
        narrowed._gatherer = Gatherer(part, self._depth)
        narrowed._further = self._further.within(part)
        narrowed._scorer = Scorer(part, self._preferences, self._weights, only=part)
        return narrowed

    def _understand(self, question: str, earlier: str | None = None) -> Query:
        return understand(question, earlier, self._embedding, self._means, self._kinds, self._lexicon)

    def _plain(self, found: Sequence[tuple[int, float]], name: str) -> list[ScoredPassage]:
        passages = self.index.passages([number for number, _ in found])
        return [ScoredPassage(p, score, (), {name: score}) for p, (_, score) in zip(passages, found, strict=True)]

    def _near(self, turns: Sequence[Turn]) -> dict[int, float]:
        """Return the passages in and next to what answered the turn before, with how near each is, 0..1."""
        last = turns[-1]
        answered = [
            passage.id
            for citation in last.citations
            for passage in self.index.passages_of(citation.document)
            if passage.start <= citation.start < passage.end
        ] or [found.passage.id for found in self.retrieve(last.question, turns[:-1][-1:], _ANSWERED)]
        near: dict[int, float] = {}
        for order, number in enumerate(answered):
            (centre,) = self.index.passages([number])
            for passage in self.index.neighbours(number, _NEIGHBOURHOOD, _NEIGHBOURHOOD):
                closeness = 1 - abs(passage.position - centre.position) / (_NEIGHBOURHOOD + 1)
                near[passage.id] = max(near.get(passage.id, 0.0), closeness / (1 + order))
        return near


def _lifted(found: ScoredPassage, part: str, bonus: float) -> ScoredPassage:
    return replace(found, score=found.score + bonus, parts={**found.parts, part: bonus}) if bonus else found


def _best_first(found: Iterable[ScoredPassage]) -> list[ScoredPassage]:
    return sorted(found, key=lambda passage: -passage.score)


def subject(turns: Sequence[Turn]) -> str | None:
    """Return what a follow-up leans on: the question that the conversation began with, and the last one.

    Of the words that follow-ups leave out, the last question holds .27, and both .77 (CANARD).
    """
    questions = dict.fromkeys(turn.question for turn in (*turns[:1], *turns[-1:]))
    return " ".join(questions) or None


def _odds(ranking: Ranking) -> float:
    return max((found.odds for found in ranking.passages if found.odds is not None), default=-math.inf)
