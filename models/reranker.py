"""The reranker: reads a question and sentences in their context together, and scores each sentence as an answer.

The bundled one is our own (training/reranker/, card in weights/README.md): the encoder of the embedding model, trained
further, in whole numbers of 8 bits. Vocabulary and word embeddings come out of the embedding model's own file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from errors import ModelError, UsageError
from models.e5_file import bundled, unpacked
from models.embedding import Vectors
from models.pieces import BEGIN, END, pieces

WEIGHTS = Path(__file__).parent / "weights" / "reranker.onnx"

# As in training (training/reranker/windows.py); a test holds the two together.
QUESTION_PIECES = 48
CONTEXT_PIECES = 32
SENTENCE_PIECES = 120  # what comes after is not read
WINDOW_PIECES = 128

_THREADS = 4  # more do not make one window faster


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
        try:
            import onnxruntime

            data = path.read_bytes()
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = min(_THREADS, os.cpu_count() or 1)
            options.log_severity_level = 3  # it warns of shapes that it merges itself
            # Idle threads would spin and take the processor from the embedding of the next question.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            self._session: Any = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises exceptions of its own that share no base
            raise ModelError(f"the reranker cannot be loaded ({error}): SIDENOTE_RERANKER=off does without") from error
        self.fingerprint = hashlib.sha256(data).hexdigest()[:16]
        self._file = bundled()
        self._pieces = lru_cache(maxsize=20_000)(_pieces)

    def around(self, sentences: Sequence[str], best: int) -> range:
        """Return the sentence with its neighbours, the following one first, while they fit."""
        sizes = [min(len(self._pieces(sentence)), SENTENCE_PIECES) for sentence in sentences]
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
        front = self._pieces("query:")
        asked = [*front, *self._pieces(question)[len(front) - QUESTION_PIECES :]]  # of a long one, what it ends with
        read = [BEGIN, *asked, END, END, *self._pieces("passage:")]
        for part in window.context:
            read += [*self._pieces(part)[:CONTEXT_PIECES], *self._pieces(":")]
        places = []
        for sentence in window.sentences:
            start = len(read)
            read += self._pieces(sentence)[:SENTENCE_PIECES]
            places.append((start, len(read)))
        words = unpacked(self._file.words()[np.array([*read, END])])[None]
        mask = np.ones(words.shape[:2], np.int32)
        found, whole = self._session.run(["pieces", "window"], {"words": words, "mask": mask})
        return np.array([found[0, a:b].mean() + whole[0, 0] if b > a else -np.inf for a, b in places], np.float32)


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


def _pieces(text: str) -> tuple[int, ...]:
    return tuple(pieces([text])[0])
