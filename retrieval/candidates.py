"""The passages that any ranking brings, each with its exact score in every ranking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.reader import Index
from models.embedding import Vectors
from retrieval.query import Query
from retrieval.weights import Depth
from schema import Passage
from text.words import terms


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its score in each ranking.

    Cosines are of centred vectors. `lexical` is BM25, and `sentence_matches` the sum of matched terms, as a share of
    the question's information; the arrays are aligned with `passage.sentences`.
    """

    passage: Passage
    cosine: float
    sentence_cosines: Vectors
    lexical: float
    sentence_matches: Vectors


class Gatherer:
    """Collects candidates from one index. Safe to use from several threads."""

    def __init__(self, index: Index, depth: Depth) -> None:
        self._index = index
        self._depth = depth
        self._sentence_terms = lru_cache(maxsize=20_000)(self._read_sentence_terms)

    def gather(self, query: Query, also: Iterable[int] = ()) -> list[Candidate]:
        """Return what the three rankings bring, what stands under the headings they bring, and `also`."""
        lexical = dict(self._index.lexical(query.terms, self._depth.lexical))
        found = dict.fromkeys([*lexical, *also])
        found |= dict.fromkeys(number for number, _ in self._index.dense_passages(query.vector, self._depth.passages))
        found |= dict.fromkeys(row[0] for row in self._index.dense_sentences(query.vector, self._depth.sentences))
        return self.examine(query, list(found), lexical)

    def examine(self, query: Query, numbers: Sequence[int], lexical: Mapping[int, float]) -> list[Candidate]:
        """Return passages, and what stands under or over them, with their scores; `lexical` by passage, where found."""
        passages = self._with_headings(list(numbers))
        ids = [passage.id for passage in passages]
        information = max(query.information, 1e-6)
        rows = zip(
            passages,
            self._index.passage_vectors(ids) @ query.vector,
            self._index.sentence_vectors(ids),
            strict=True,
        )
        return [
            Candidate(
                passage=passage,
                cosine=float(cosine),
                sentence_cosines=np.asarray(vectors @ query.vector, np.float32),
                lexical=lexical.get(passage.id, 0.0) / information,
                sentence_matches=self._matches(passage, query) / np.float32(information),
            )
            for passage, cosine, vectors in rows
        ]

    def _with_headings(self, ids: list[int]) -> list[Passage]:
        """Return the passages, what stands under the headings among them, and the headings above the others."""
        passages = self._index.passages(ids)
        found: dict[int, Passage | None] = {passage.id: passage for passage in passages}
        for passage in passages:
            if passage.role == "heading":
                found |= {under.id: under for under in self._index.under_heading(passage.id)}
            if passage.heading is not None:
                found.setdefault(passage.heading)
        missing = [number for number, passage in found.items() if passage is None]
        found |= {passage.id: passage for passage in self._index.passages(missing)}
        return [passage for passage in found.values() if passage is not None]

    def _matches(self, passage: Passage, query: Query) -> Vectors:
        """Return the information of the question's terms that each sentence holds."""
        asked = query.weights.keys()
        held = [sum(query.weights[term] for term in asked & found) for found in self._sentence_terms(passage)]
        return np.array(held, np.float32)

    def _read_sentence_terms(self, passage: Passage) -> tuple[frozenset[str], ...]:
        text = self._index.document(passage.document_id).text
        return tuple(frozenset(terms(text[s.start : s.end], passage.language)) for s in passage.sentences)
