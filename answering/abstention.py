"""Decide whether the corpus says, from what occurs nowhere, from how near the nearest is, and from what was read.

The first scores cannot tell a near miss (AUROC .52 on argued passages), the reranker can (.88). What a question names
and the corpus does not is a strong signal of its own, and questions about something else are far from everything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.retriever import Ranking
from retrieval.unknown import missing
from schema import ScoredPassage

# Chosen on the argued set and on questions of other sets asked of it (training/README.md).
FAR = 0.24  # best score of a passage below which nothing is about the question
NEAR = 0.33  # the same, where much of what the question is about occurs nowhere
_MEANING = ("passage", "sentence", "lexical", "heading", "asked")  # parts of a score; others say where to look
MUCH_UNKNOWN = 0.25  # share of the question's rare words
UNLIKELY = -4.3  # likelihood below which nothing answers: keeps .97 of the answerable, refuses .35 of near misses
_BEST = 5  # passages

# A follow-up is read with the question before, which the corpus answers: so it seems answered whatever it asks. Read
# alone, one that belongs there is vague and scores well all the same ("Why?": -0.5), one about something else does not.
# Of 71 argued and 23 judged follow-ups with an answer none lies below, of 8 about something else 6 do.
_OFF_TOPIC = -3.5

# Where the reranker sees an answer, distance says nothing: of 26 argued questions with an answer that were far from
# everything it would have kept 22, of 4 without one it still refuses 3.
_DOUBTFUL = -3.5  # likelihood above which being far refuses nothing
_NAMES_COST = 4.0  # log-odds that a name which occurs nowhere costs
_COMPARES = 0.4  # likelihood from which a question compares: what the corpus says of one side may be worth telling


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to abstain, and the words of the question that occur nowhere, where they are why.

    Without abstaining they are what the corpus says nothing of, while it does of the rest.
    """

    abstain: bool
    missing: tuple[str, ...] = ()


def judge(ranking: Ranking) -> Verdict:
    """Return whether the passages found can answer the question at all."""
    if not ranking.passages:
        return Verdict(True)
    best, unknown, likely = ranking.passages[0], ranking.query.unknown, likelihood(ranking.passages)
    names = tuple(missing(unknown, best.passage.language, ranking.query.language))
    if names:
        one_side = ranking.query.kinds.get("comparison", 0.0) > _COMPARES and likely > UNLIKELY
        return Verdict(not one_side, names)
    # What a time or a byline says is no sentence.
    beside = ranking.query.asks_when or "metadata" in ranking.query.places
    doubtful = likely < _DOUBTFUL or all(found.odds is None for found in ranking.passages)
    off_topic = bool(ranking.alone) and likelihood(ranking.alone) < _OFF_TOPIC
    abstain = ((likely < UNLIKELY or off_topic) and not beside) or (doubtful and _is_far(ranking))
    return Verdict(abstain, unknown.words if abstain else ())


def _is_far(ranking: Ranking) -> bool:
    nearness = max(sum(found.parts.get(part, 0.0) for part in _MEANING) for found in ranking.passages)
    return nearness < (NEAR if ranking.query.unknown.share >= MUCH_UNKNOWN else FAR)


def likelihood(passages: Sequence[ScoredPassage]) -> float:
    """Return how likely the passages answer, in log-odds, nought where none was read.

    What a corpus says it mostly says in more than one place: both together tell near misses better (AUROC .88 on
    argued passages left out) than the best alone (.86).
    """
    read = sorted((found.odds for found in passages if found.odds is not None), reverse=True)[:_BEST]
    return (read[0] + sum(read) / len(read)) / 2 if read else 0.0


def confidence(ranking: Ranking) -> float:
    """Return how sure it is that the passages answer, for comparing questions: names that occur nowhere count most."""
    if not ranking.passages:
        return -math.inf
    best, query = ranking.passages[0], ranking.query
    names = missing(query.unknown, best.passage.language, query.language)
    return likelihood(ranking.passages) - _NAMES_COST * bool(names)
