"""Mean vectors per language, subtracted so that a multilingual model ranks by meaning and not by language first.

e5 puts texts of one language near each other whatever they say: of five questions asked across languages, the
first five paragraphs held the evidence for one; for four once the means were taken away (sentence vectors).
The means are made by training/language_means.py and shrunk towards the mean of all languages where a language had
few texts (James-Stein). They are constants of a model, not of a corpus: adding a document changes no other vector.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from models.embedding import Vectors

WEIGHTS = Path(__file__).parent / "weights"
_ALL = "all"  # the row for languages that have no mean of their own


@dataclass(frozen=True, slots=True)
class Means:
    """Mean passage and question vectors by language, and the fingerprint of the file they came from."""

    passages: dict[str, Vectors]
    questions: dict[str, Vectors]
    fingerprint: str

    def passage(self, vectors: Vectors, languages: Sequence[str]) -> Vectors:
        """Return passage or sentence vectors (n, d) less their languages' means, L2-normalised."""
        if not len(vectors) or not self.passages:
            return vectors
        return _normalised(vectors - np.stack([_of(self.passages, language) for language in languages]))

    def question(self, vector: Vectors, language: str) -> Vectors:
        """Return a question's vector (d,) less its language's mean, L2-normalised."""
        return _normalised((vector - _of(self.questions, language))[None])[0] if self.questions else vector


@lru_cache(maxsize=4)
def load(fingerprint: str) -> Means:
    """Return the means that belong to an embedding model's fingerprint; empty ones where none were made."""
    path = WEIGHTS / f"means-{fingerprint}.npz"
    if not path.exists():
        return Means({}, {}, "none")
    with np.load(path, allow_pickle=False) as stored:
        languages = [str(language) for language in stored["languages"]]
        passages = dict(zip(languages, stored["passages"].astype(np.float32), strict=True))
        questions = dict(zip(languages, stored["questions"].astype(np.float32), strict=True))
    return Means(passages, questions, hashlib.sha256(path.read_bytes()).hexdigest()[:16])


def _of(means: dict[str, Vectors], language: str) -> Vectors:
    return means.get(language, means[_ALL])


def _normalised(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6), np.float32)
