"""The part of an index that passes a question's filters, asked as if it were all of it.

Filters are hard: whoever looks for passages here finds none that does not pass. What says where the same words stand
(alignments) and how common words are is still told of the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from index.reader import Index
from models.embedding import Vectors
from schema import Filters, Passage

EXACT = 2_000  # passages up to which every one is scored: 3 MB of vectors, and some 12 MB of their sentences
_SPARE = 2  # times as many results are asked for as should do, where passages that pass lie evenly
_MOST_READ = 20_000  # results of one look-up that are gone through for some that pass


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to filter by, each with the number of passages it has, most first; documents by id."""

    documents: Mapping[str, int]
    kinds: Mapping[str, int]
    languages: Mapping[str, int]
    speakers: Mapping[str, int]


class Part(Index):
    """An open index as a question with filters sees it. Shares files, caches and vectors; closing is the whole's."""

    def __init__(self, whole: Index, filters: Filters) -> None:
        vars(self).update(vars(whole))
        self._whole = whole
        rows = self._catalogue.passing(filters)
        self._numbers = np.array([number for number, _ in rows], np.int64)
        self._passes = frozenset(number for number, _ in rows)
        self._documents = list(dict.fromkeys(document for _, document in rows))

    def __contains__(self, passage_id: object) -> bool:
        """Tell whether a passage passes."""
        return passage_id in self._passes

    def __len__(self) -> int:
        """Return how many passages pass."""
        return len(self._passes)

    def close(self) -> None:
        """Leave the files open: they are the whole's."""

    def document_ids(self) -> list[str]:
        """Return the ids of the documents of which anything passes, in the order of the corpus."""
        return self._documents

    @staticmethod
    def choices(whole: Index) -> Choices:
        """Return what an index can be filtered by."""
        return Choices(
            documents=whole._catalogue.passages_by("d.id"),
            kinds=whole._catalogue.passages_by("json_extract(d.rest, '$.kind')"),
            languages=whole.languages(),
            speakers=whole.speakers(),
        )

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return the passages of a document that pass, in order."""
        return self._passing(super().passages_of(document_id))

    def neighbours(self, passage_id: int, before: int, after: int) -> list[Passage]:
        """Return those of the passages around one that pass, itself among them if it does."""
        return self._passing(super().neighbours(passage_id, before, after))

    def under_heading(self, heading_id: int) -> list[Passage]:
        """Return the passages directly under a heading that pass, in order."""
        return self._passing(super().under_heading(heading_id))

    def lexical(self, terms: Sequence[tuple[str, float]], k: int) -> list[tuple[int, float]]:
        """Return the `k` best passages that pass for weighted terms as (id, BM25 score), best first."""
        found: list[tuple[int, float]] = []
        for most in self._depths(k):
            read = self._whole.lexical(terms, most)
            found = [row for row in read if row[0] in self._passes]
            if len(found) >= k or len(read) < most:
                break
        return found[:k]

    def dense_passages(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return the `k` nearest passages that pass as (id, cosine), best first."""
        if len(self) <= EXACT:
            return [(number, cosine) for number, _, cosine in _nearest(self._numbers, self._vectors @ vector, k)]
        found: list[tuple[int, float]] = []
        for most in self._depths(k):
            found = [row for row in self._whole.dense_passages(vector, most) if row[0] in self._passes]
            if len(found) >= k:
                break
        return found[:k]

    def dense_sentences(self, vector: Vectors, k: int) -> list[tuple[int, int, float]]:
        """Return the `k` nearest sentences that pass as (passage id, number in it, cosine), best first."""
        if len(self) <= EXACT:
            numbers, vectors = self._sentences
            return _nearest(numbers, vectors @ vector, k)
        found: list[tuple[int, int, float]] = []
        for most in self._depths(k):
            found = [row for row in self._whole.dense_sentences(vector, most) if row[0] in self._passes]
            if len(found) >= k:
                break
        return found[:k]

    @cached_property
    def _vectors(self) -> Vectors:
        return self.passage_vectors(self._numbers.tolist())

    @cached_property
    def _sentences(self) -> tuple[npt.NDArray[np.int64], Vectors]:
        """The vectors of all sentences that pass, and the passage of each."""
        held = self.sentence_vectors(self._numbers.tolist())
        if not held:
            return self._numbers, self._vectors
        return np.repeat(self._numbers, [len(vectors) for vectors in held]), np.concatenate(held)

    def _passing(self, passages: Sequence[Passage]) -> list[Passage]:
        return [passage for passage in passages if passage.id in self._passes]

    def _depths(self, k: int) -> list[int]:
        """Return how many results of the whole to go through for `k` that pass: about enough, then many."""
        if not self._passes:
            return []
        enough = _SPARE * k * self.passage_count // len(self) + k
        return [min(enough, _MOST_READ), _MOST_READ] if enough < _MOST_READ else [_MOST_READ]


def _nearest(passages: npt.NDArray[np.int64], cosines: Vectors, k: int) -> list[tuple[int, int, float]]:
    """Return (passage id, number of the row within the passage, cosine) of the `k` best rows, best first."""
    best = np.argsort(-cosines, kind="stable")[:k]
    first = np.searchsorted(passages, passages[best])
    return [(int(passages[row]), int(row - start), float(cosines[row])) for row, start in zip(best, first, strict=True)]
