"""Reads a statement and the sentences that it cites together, and says whether it follows from them.

Our own small model (training/support/, card in weights/README.md), of the form of the reranker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Protocol

from models import pairs
from models.pairs import Pairs

WEIGHTS = pairs.WEIGHTS / "support.onnx"

# As in training (training/support/train.py); a test holds the two together.
CLAIM_PIECES = 96  # what comes after is not read
EVIDENCE_PIECES = 256  # of one window

# Of 100 statements of evaluation/claims/ that answering/checking.py shows as supported by these weights, so many are
# false or only half true; of all the statements there, 55 are. The page says so.
WRONG_OF_HUNDRED = 32

_MOST_WINDOWS = 8  # of one evidence; what comes after is not read


class SupportModel(Protocol):
    """Scores statements. Safe to use from several threads. `fingerprint` changes whenever the scores would."""

    name: str
    fingerprint: str

    def score(self, claim: str, evidence: Sequence[str]) -> float:
        """Return log-odds that the claim follows from the evidence: sentences, in order."""


class BundledSupport:
    """Our own model. Where the evidence is longer than what can be read at once, its best part counts."""

    name = "bundled"

    def __init__(self, path: Path = WEIGHTS) -> None:
        self._model = Pairs(path, "the model that checks sentences", f"put {path.name} back into {path.parent.name}/")
        self.fingerprint = self._model.fingerprint

    def score(self, claim: str, evidence: Sequence[str]) -> float:
        """Return log-odds that the claim follows from the evidence; -inf where there is none."""
        cut = self._model.pieces
        claimed = cut(claim)[:CLAIM_PIECES]
        best = float("-inf")
        for window in islice(_windows([cut(sentence) for sentence in evidence]), _MOST_WINDOWS):
            found, whole = self._model.read(claimed, window)
            best = max(best, float(found.mean()) + whole)
        return best


def _windows(sentences: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Yield runs of whole sentences that fit, each beginning behind the first half of the one before."""
    sentences = [sentence for sentence in sentences if sentence]
    start = 0
    while start < len(sentences):
        end, size = start + 1, len(sentences[start])
        while end < len(sentences) and size + len(sentences[end]) <= EVIDENCE_PIECES:
            size += len(sentences[end])
            end += 1
        yield [piece for sentence in sentences[start:end] for piece in sentence][:EVIDENCE_PIECES]
        if end == len(sentences):
            return
        start += max(1, (end - start) // 2)


@lru_cache(maxsize=1)
def load() -> SupportModel:
    """Return the model, loaded once for the process. :raises ModelError: where it cannot be."""
    return BundledSupport()
