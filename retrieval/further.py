"""Where else to look: documents called by their titles, and what a comparison names beside the best passage."""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence

from index.reader import Index
from retrieval.query import Query
from retrieval.titles import Titles
from schema import Passage, ScoredPassage
from text.words import terms

_CALLED = 6  # documents called by one text that are looked at
_OPENING = 2  # passages of each: what a title names stands at the beginning
_SIDE = 12  # passages found on the other side of a comparison


class Further:
    """Finds further passages in one index. Safe to use from several threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._titles = Titles(index.titles())

    def within(self, part: Index) -> Further:
        """Return one that finds in a part of the same index."""
        narrowed = copy.copy(self)
        narrowed._index = part
        return narrowed

    def called(self, text: str) -> list[int]:
        """Return the first passages of the documents that a text calls by their titles."""
        documents = self._titles.named_in(text)[:_CALLED]
        return [passage.id for name in documents for passage in self._index.passages_of(name)[:_OPENING]]

    def called_by(self, found: Sequence[ScoredPassage], known: Collection[int]) -> list[int]:
        """Return the first passages of further documents that the passages found call by their titles."""
        own = {passage.passage.document_id for passage in found}
        numbers = [number for passage in found for number in self.called(self._text(passage.passage))]
        opened = {passage.id: passage.document_id for passage in self._index.passages(list(dict.fromkeys(numbers)))}
        return [number for number, document in opened.items() if document not in own and number not in known]

    def other_side(self, query: Query, best: Passage) -> dict[int, float]:
        """Return passages, with their lexical scores, on those words of a question that the best passage lacks."""
        said = set(terms(self._text(best), best.language))
        missing = [(term, weight) for term, weight in query.terms if term not in said and query.weights[term]]
        return dict(self._index.lexical(missing, _SIDE)) if missing else {}

    def _text(self, passage: Passage) -> str:
        return self._index.document(passage.document_id).text[passage.start : passage.end]
