"""Reads the first candidates again, question and sentences together, and orders them anew.

What the reranker says is added to the first score, never put in its place: alone it falls behind. Passages that it had
no time to read keep their first order, behind those that it read.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from index.reader import Index
from models.reranker import Reranker, Window
from retrieval.query import Query
from retrieval.weights import Weights
from schema import Passage, ScoredPassage

READ = 20  # passages at most; further down the evidence is rare and reading takes as long


def rerank(
    index: Index, reranker: Reranker, query: Query, found: Sequence[ScoredPassage], weights: Weights, seconds: float
) -> list[ScoredPassage]:
    """Return the passages in their new order; those that were read have `rerank` among the parts of their score.

    :param seconds: after which no further passage is read.
    """
    until = time.monotonic() + seconds
    read: list[ScoredPassage] = []
    for passage in found[:READ]:
        if time.monotonic() > until:
            break
        read.append(_read(index, reranker, query, passage, weights))
    return sorted(read, key=lambda passage: -passage.score) + list(found[len(read) :])


def _read(index: Index, reranker: Reranker, query: Query, found: ScoredPassage, weights: Weights) -> ScoredPassage:
    passage = found.passage
    text = index.document(passage.document_id).text
    sentences = [text[span.start : span.end] for span in passage.sentences]
    around = reranker.around(sentences, int(np.argmax(found.sentence_scores)))
    window = Window(_context(passage), tuple(sentences[around.start : around.stop]))
    odds = reranker.scores(query.text, window)
    every = np.full(len(sentences), odds.min(), np.float32)  # what was not read is no better than the worst that was
    every[around.start : around.stop] = odds
    part = weights.rerank * float(odds.max())
    scores = np.asarray(found.sentence_scores, np.float32) + np.float32(weights.sentence_rerank) * every
    return replace(
        found,
        score=found.score + part,
        sentence_scores=tuple(map(float, scores)),
        parts={**found.parts, "rerank": part},
    )


def _context(passage: Passage) -> tuple[str, ...]:
    """Return what stands over a passage, as in training: its section or else the title, and whose words they are."""
    return tuple(part for part in (passage.context, passage.speaker) if part)
