"""The steps of finding and choosing that can be switched off by name, so that each can be shown to be worth it.

`python -m evaluation ablate` asks the same questions with each of them off in turn; docs/evidence.md says what it saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from retrieval.weights import Weights

# The weights that a step stands on: without it they are nought.
_WEIGHTS = {
    "sentence": ("sentence",),
    "lexical": ("lexical", "sentence_lexical"),
    "heading": ("heading",),
    "asked": ("asked",),
    "speaker": ("speaker",),
    "hop": ("titled",),
    "own-language": ("own_language",),
    "source": ("language", "recording", "source", "quoted"),
}

STEPS: Mapping[str, str] = {
    "sentence": "the vector of each sentence, beside that of the passage",
    "lexical": "words in common",
    "heading": "a heading lends its score to what stands under it",
    "asked": "in a conversation, a question lends its score to the turn that answers it",
    "typos": "a word that occurs nowhere brings the one it may be a misspelling of",
    "follow-up": "a follow-up leans on the question before and on what answered it",
    "speaker": "words of somebody whom the question names are preferred",
    "source": "documents, languages and recordings that the question names are preferred",
    "own-language": "sources in the question's own language are preferred a little",
    "hop": "documents that the question or the first hits call by their titles are looked at as well",
    "sides": "in a comparison, what the best passage does not name is searched apart",
    "reranker": "question and sentences are read together",
}


def without(weights: Weights, off: frozenset[str]) -> Weights:
    """Return the weights with those of the steps in `off` at nought."""
    return replace(weights, **{name: 0.0 for step in off for name in _WEIGHTS.get(step, ())})
