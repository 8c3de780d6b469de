"""Reads two texts together, as our own small models do that were trained further from the embedding model's encoder.

Vocabulary and word embeddings come out of the embedding model's own file, the rest is in whole numbers of 8 bits.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from errors import ModelError
from models.e5_file import bundled, unpacked
from models.embedding import Vectors
from models.pieces import BEGIN, END, pieces

WEIGHTS = Path(__file__).parent / "weights"

_THREADS = 4  # more do not make one window faster


class Pairs:
    """A model of that form. The same scores wherever it runs, whatever else is asked at the time; safe across threads.

    `fingerprint` changes whenever the scores would.
    """

    def __init__(self, path: Path, called: str, otherwise: str) -> None:
        """Load the weights. :raises ModelError: where they cannot be; `called` and `otherwise` are what it says."""
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
            raise ModelError(f"{called} cannot be loaded ({error}): {otherwise}") from error
        self.fingerprint = hashlib.sha256(data).hexdigest()[:16]
        self._file = bundled()
        self.pieces = lru_cache(maxsize=20_000)(_pieces)

    def read(self, first: Sequence[int], second: Sequence[int]) -> tuple[Vectors, float]:
        """Return a score of each piece of the second text, shape (pieces,), and one of the whole."""
        front = [BEGIN, *self.pieces("query:"), *first, END, END, *self.pieces("passage:")]
        words = unpacked(self._file.words()[np.array([*front, *second, END])])[None]
        mask = np.ones(words.shape[:2], np.int32)
        found, whole = self._session.run(["pieces", "window"], {"words": words, "mask": mask})
        return found[0, len(front) : len(front) + len(second)], float(whole[0, 0])


def _pieces(text: str) -> tuple[int, ...]:
    return tuple(pieces([text])[0])
