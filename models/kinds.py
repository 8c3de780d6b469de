"""What kind of answer a question wants, read off its vector: so that every language of the embedding model is served.

One linear map a kind, learned from labelled questions (training/question_kinds.py; card in weights/README.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from models.embedding import Vectors
from models.means import WEIGHTS


@dataclass(frozen=True, slots=True)
class Kinds:
    """Maps a centred question vector (models.means) to how likely each kind is. Empty for a model without weights."""

    names: tuple[str, ...]
    weights: Vectors  # (kinds, d)
    biases: Vectors  # (kinds,)
    fingerprint: str

    def likely(self, vector: Vectors) -> Mapping[str, float]:
        """Return the probability of each kind, 0..1; a question may be of several, or of none."""
        if not self.names:
            return {}
        odds = self.weights @ vector + self.biases
        return dict(zip(self.names, map(float, 1 / (1 + np.exp(-odds))), strict=True))


@lru_cache(maxsize=4)
def load(fingerprint: str) -> Kinds:
    """Return the kinds that were learned for an embedding model's fingerprint; empty ones where none were."""
    path = WEIGHTS / f"kinds-{fingerprint}.npz"
    if not path.exists():
        return Kinds((), np.zeros((0, 0), np.float32), np.zeros(0, np.float32), "none")
    with np.load(path, allow_pickle=False) as stored:
        names = tuple(map(str, stored["names"]))
        weights, biases = stored["weights"].astype(np.float32), stored["biases"].astype(np.float32)
    return Kinds(names, weights, biases, hashlib.sha256(path.read_bytes()).hexdigest()[:16])
