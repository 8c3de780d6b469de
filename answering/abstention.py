"""Decide whether the corpus says: a first, honest test from what occurs nowhere and from how near the nearest is.

Scores alone cannot tell a near miss (AUROC .6 on SQuAD 2.0), but what a question names and the corpus does not is a
strong signal, and questions about something else altogether are far from everything.
"""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.retriever import Ranking

# Chosen on public question sets and the argued set asked of the wrong corpus (training/README.md).
FAR = 0.26  # best score of a passage below which nothing is about the question
UNKNOWN = 0.4  # by how much more it must be near where all of the question's words occur nowhere


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to abstain, and the words of the question that occur nowhere, where they are why."""

    abstain: bool
    missing: tuple[str, ...] = ()


def judge(ranking: Ranking) -> Verdict:
    """Return whether the passages found can answer the question at all."""
    query = ranking.query
    if query.unknown_names:
        return Verdict(True, query.unknown_names)
    best = max((found.score for found in ranking.passages), default=0.0)
    abstain = best < FAR + UNKNOWN * query.unknown_share
    return Verdict(abstain, query.unknown if abstain else ())
