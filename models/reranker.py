"""The reranker: reads a question and sentences in their context together, and scores each sentence as an answer.

The bundled one is our own (training/reranker/, card in weights/README.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from errors import UsageError
from models import pairs
from models.embedding import Vectors
from models.pairs import Pairs

WEIGHTS = pairs.WEIGHTS / "reranker.onnx"

# As in training (training/reranker/windows.py); a test holds the two together.
QUESTION_PIECES = 48
CONTEXT_PIECES = 32
SENTENCE_PIECES = 120  # what comes after is not read
WINDOW_PIECES = 128


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences that stand together, and what stands over them (section or title, speaker), each where there is one."""

    context: tuple[str, ...]
    sentences: tuple[str, ...]


class Reranker(Protocol):
    """Scores sentences. Safe to use from several threads. `fingerprint` changes whenever the scores would."""

    name: str
    fingerprint: str

    def around(self, sentences: Sequence[str], best: int) -> range:
        """Return which of the sentences around `best` can be read at once."""

    def scores(self, question: str, window: Window) -> Vectors:
        """Return log-odds that each sentence of a window answers the question, shape (sentences,)."""


class BundledReranker:
    """Our own reranker. The same scores wherever it runs, whatever else is asked at the time."""

    name = "bundled"

    def __init__(self, path: Path = WEIGHTS) -> None:
        self._model = Pairs(path, "the reranker", "SIDENOTE_RERANKER=off does without")
        self.fingerprint = self._model.fingerprint

    def around(self, sentences: Sequence[str], best: int) -> range:
        """Return the sentence with its neighbours, the following one first, while they fit."""
        sizes = [min(len(self._model.pieces(sentence)), SENTENCE_PIECES) for sentence in sentences]
        first = last = best
        left, grew = WINDOW_PIECES - sizes[best], True
        while grew:
            grew = False
            for number in (last + 1, first - 1):
                if 0 <= number < len(sizes) and sizes[number] <= left:
                    left -= sizes[number]
                    first, last, grew = min(first, number), max(last, number), True
        return range(first, last + 1)

    def scores(self, question: str, window: Window) -> Vectors:
        """Return log-odds that each sentence of a window answers the question, shape (sentences,)."""
        cut = self._model.pieces
        asked = cut(question)[len(cut("query:")) - QUESTION_PIECES :]  # of a long one, what it ends with
        read: list[int] = []
        for part in window.context:
            read += [*cut(part)[:CONTEXT_PIECES], *cut(":")]
        places = []
        for sentence in window.sentences:
            start = len(read)
            read += cut(sentence)[:SENTENCE_PIECES]
            places.append((start, len(read)))
        found, whole = self._model.read(asked, read)
        return np.array([found[a:b].mean() + whole if b > a else -np.inf for a, b in places], np.float32)


def load(name: str) -> Reranker | None:
    """Return the reranker of that name, loaded once for the process; None for "off".

    :raises UsageError: where there is no such reranker.
    :raises ModelError: where it cannot be loaded.
    """
    if name == "off":
        return None
    if name != BundledReranker.name:
        raise UsageError(f"SIDENOTE_RERANKER is {name!r}: choose one of bundled, off")
    return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Reranker:
    return BundledReranker()
