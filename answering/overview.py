"""An overview in the documents' own words: the sentences nearest to what all of them are about, in their order.

Centroid-based extraction (Radev et al., "Centroid-based summarization of multiple documents", 2004) on the vectors
that the index holds, each next sentence unlike those before (maximal marginal relevance; Carbonell & Goldstein 1998).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.reader import Index
from models.embedding import Vectors
from schema import Passage, ScoredPassage, Span

_EXAMINED = 1_500  # passages; of more, that many evenly spread
_UNLIKE = 0.6  # weight of likeness to what is shown already
_ROLES = {"summary": 0.1, "body": 0.0, "turn": 0.0, "translation": -0.05, "comment": -0.1}  # others are no gist
_LENGTHS = range(40, 400)  # characters of a sentence that says something and can be taken in


def overview(index: Index, passages: Sequence[Passage], most: int) -> list[tuple[ScoredPassage, Span]]:
    """Return up to `most` central sentences of the passages, in document order."""
    speaking = [passage for passage in passages if passage.role in _ROLES]
    examined = speaking[:: max(1, -(-len(speaking) // _EXAMINED))]
    rows = [(passage, number) for passage in examined for number, span in enumerate(passage.sentences) if _fits(span)]
    if not rows:
        return []
    held = dict(zip((p.id for p in examined), index.sentence_vectors([p.id for p in examined]), strict=True))
    vectors = np.stack([held[passage.id][number] for passage, number in rows])
    centre = np.mean([vectors_of.mean(axis=0) for vectors_of in held.values()], axis=0)
    scores = vectors @ (centre / max(float(np.linalg.norm(centre)), 1e-6))
    scores = scores + np.array([_ROLES[passage.role] for passage, _ in rows], np.float32)
    chosen = sorted(_spread(vectors, scores, most), key=lambda row: (rows[row][0].document_id, rows[row][0].start))
    return [_found(rows[row][0], rows[row][1], float(scores[row])) for row in chosen]


def _fits(span: Span) -> bool:
    return span.end - span.start in _LENGTHS


def _spread(vectors: Vectors, scores: Vectors, most: int) -> list[int]:
    """Return the rows that score highest and are unlike one another."""
    chosen: list[int] = []
    likeness = np.zeros(len(scores), np.float32)
    for _ in range(min(most, len(scores))):
        gain = scores - _UNLIKE * likeness
        gain[chosen] = -np.inf
        chosen.append(int(gain.argmax()))
        likeness = np.maximum(likeness, vectors @ vectors[chosen[-1]])
    return chosen


def _found(passage: Passage, number: int, score: float) -> tuple[ScoredPassage, Span]:
    sentences = tuple(score if n == number else 0.0 for n in range(len(passage.sentences)))
    return ScoredPassage(passage, score, sentences, {"central": score}), passage.sentences[number]
