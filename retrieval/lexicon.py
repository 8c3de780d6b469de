"""The words of the corpus: which of a question's words occur, and what a misspelt one was meant to be."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.reader import Index
from text.words import is_cjk, terms

_SHORTEST_TYPO = 5  # letters; shorter words have too many neighbours
_LETTERS_PER_EDIT = 4  # five to seven letters allow one edit, eight and more two


class Lexicon:
    """The words of one generation, for questions in any of its languages. Safe to use from several threads."""

    def __init__(self, index: Index, typos: bool = True) -> None:
        self._index = index
        self._typos = typos
        self.passages = index.passage_count
        self.passages_by_language = index.languages()  # most first
        self.languages = tuple(self.passages_by_language)
        self.nearest = lru_cache(maxsize=10_000)(self._nearest)
        self.frequency = lru_cache(maxsize=10_000)(index.document_frequency)

    def occurs(self, token: str) -> bool:
        """Tell whether a word occurs in the corpus, in any inflection that one of its languages' stemmers knows."""
        return any(self.frequency(term) for term in self.forms(token))

    def forms(self, token: str, language: str | None = None) -> list[str]:
        """Return the search terms of a word as each language of the corpus, and its own, would stem it."""
        languages = (language, *self.languages) if language else self.languages
        return list(dict.fromkeys(term for code in languages for term in terms(token, code)))

    def _nearest(self, token: str) -> str | None:
        """Return the word of the corpus that a misspelt word was probably meant to be, or None.

        Optimal string alignment distance (a swap of neighbours is one edit); the first letter must be right, as it
        nearly always is (Pollock & Zamora, "Automatic spelling correction in scientific and scholarly text", 1984).
        """
        if not self._typos or len(token) < _SHORTEST_TYPO or not token.isalpha() or is_cjk(token):
            return None
        edits = 1 if len(token) < 2 * _LETTERS_PER_EDIT else 2
        choices = self._index.words(token[0], len(token) - edits, len(token) + edits)
        found = process.extractOne(token, choices, scorer=OSA.distance, score_cutoff=edits)
        return str(found[0]) if found else None
