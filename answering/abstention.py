"""Decide whether the corpus says: a first, honest test from what occurs nowhere and from how near the nearest is.

Scores alone cannot tell a near miss (AUROC .6 on SQuAD 2.0), but what a question names and the corpus does not is a
strong signal, and questions about something else altogether are far from everything.
"""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.retriever import Ranking
from retrieval.unknown import missing

# Chosen on the argued set and on questions of other sets asked of it (training/README.md).
FAR = 0.24  # best score of a passage below which nothing is about the question
NEAR = 0.33  # the same, where much of what the question is about occurs nowhere
_MEANING = ("passage", "sentence", "lexical", "heading")  # parts of a score; preferences say where, not whether
MUCH_UNKNOWN = 0.25  # share of the question's rare words


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to abstain, and the words of the question that occur nowhere, where they are why."""

    abstain: bool
    missing: tuple[str, ...] = ()


def judge(ranking: Ranking) -> Verdict:
    """Return whether the passages found can answer the question at all."""
    if not ranking.passages:
        return Verdict(True)
    best, unknown = ranking.passages[0], ranking.query.unknown
    names = missing(unknown, best.passage.language, ranking.query.language)
    if names:
        return Verdict(True, tuple(names))
    nearness = max(sum(found.parts.get(part, 0.0) for part in _MEANING) for found in ranking.passages)
    abstain = nearness < (NEAR if unknown.share >= MUCH_UNKNOWN else FAR)
    return Verdict(abstain, unknown.words if abstain else ())
