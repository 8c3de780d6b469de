"""Scores the candidates of a question from what every ranking says of them and from what the question prefers.

Dense passage, dense sentence and lexical scores are combined as scores, not ranks: a convex combination beats
reciprocal rank fusion (Bruch et al., "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023), and more so
across languages, where the lexical ranking is mostly noise.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

import numpy as np

from index.reader import Index
from retrieval.candidates import Candidate
from retrieval.preferences import Preferences, holds_any
from retrieval.query import Query
from retrieval.weights import Weights
from schema import Passage, ScoredPassage
from text.language import WITHOUT_BLANKS


class Scorer:
    """Scores candidates from one index. Safe to use from several threads."""

    def __init__(
        self, index: Index, preferences: Preferences, weights: Weights, only: Container[int] | None = None
    ) -> None:
        """Prepare to score.

        :param only: the passages that can be quoted; all where not given. Headings above them lend their score.
        """
        self._only = only
        self._index = index
        self._preferences = preferences
        self._weights = weights

    def scored(
        self, query: Query, candidates: Sequence[Candidate], near: dict[int, float], named: frozenset[str]
    ) -> Iterator[ScoredPassage]:
        """Yield the candidates that can be quoted with their combined scores."""
        own = [self._own_parts(query, candidate) for candidate in candidates]
        by_id = {candidate.passage.id: sum(parts.values()) for candidate, parts in zip(candidates, own, strict=True)}
        for candidate, parts in zip(candidates, own, strict=True):
            passage = candidate.passage
            if passage.role == "heading" or (passage.role == "metadata" and self._is_title(passage, query)):
                continue
            if self._only is not None and passage.id not in self._only:
                continue
            if passage.heading is not None:
                parts["heading"] = self._weights.heading * max(by_id.get(passage.heading, 0.0), 0.0)
            text = self._index.document(passage.document_id).text
            parts |= self._preferences.bonuses(query, named, passage, text[passage.start : passage.end], near)
            sentences = candidate.sentence_cosines + self._weights.sentence_lexical * candidate.sentence_matches
            if "quoted" in parts:
                held = [holds_any(text[span.start : span.end], query.quoted) for span in passage.sentences]
                sentences = sentences + self._weights.quoted * np.array(held, np.float32)
            yield ScoredPassage(passage, sum(parts.values()), tuple(map(float, sentences)), parts)

    def _is_title(self, passage: Passage, query: Query) -> bool:
        """Tell whether metadata is the title of a chapter, which leads to its turns; when it begins may be asked."""
        return not query.asks_when and bool(self._index.under_heading(passage.id))

    def _own_parts(self, query: Query, candidate: Candidate) -> dict[str, float]:
        """Return what each ranking contributes to a candidate's score."""
        language = candidate.passage.language
        comparable = language == query.language or self._other_script(query.language, language)
        return {
            "passage": self._weights.passage * candidate.cosine,
            "sentence": self._weights.sentence * float(candidate.sentence_cosines.max()),
            "lexical": self._weights.lexical
            * candidate.lexical
            * (1.0 if comparable else self._weights.other_language),
        }

    @staticmethod
    def _other_script(one: str, other: str) -> bool:
        """Tell whether two languages share no script: what matches then is names and numbers, the same in both."""
        return (one in WITHOUT_BLANKS) != (other in WITHOUT_BLANKS)
