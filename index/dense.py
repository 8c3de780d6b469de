"""The dense index: passages and sentences in Chroma, by cosine. The only file that imports chromadb.

Only the embedded client, only vectors in and ids out: a Chroma server can be made to run foreign code
(CVE-2026-45829), and `query_texts` would build whatever embedding function a stored index names.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from errors import StoredIndexError
from models.embedding import Vectors

PASSAGES, SENTENCES = "passages", "sentences"
_BATCH = 5_000  # rows at a time; Chroma refuses more than 5,461
# The graph that Chroma searches (HNSW, Malkov and Yashunin 2018). With its defaults it missed 4 in 100 of the nearest
# neighbours; so it finds .998 of the nearest 50 of 8,000 random vectors, for 1 ms more a vector.
_GRAPH = {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 400}


def version() -> str:
    """Return what the stored files depend on, without importing it (1.1 s)."""
    return f"chromadb {importlib.metadata.version('chromadb')}"


class DenseIndex:
    """Two collections of vectors. Chroma writes to its files even when it only reads: give it a private copy."""

    def __init__(self, folder: Path) -> None:
        import chromadb  # here and not above: 1.1 s that a command which only reads the catalogue does not pay
        from chromadb.config import Settings

        with _named("open"):
            self._client: Any = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
        self._collections: dict[str, Any] = {}
        self._counts: dict[str, int] = {}

    def create(self, name: str, rows: Iterable[tuple[str, Vectors]]) -> int:
        """Make a collection of (id, vector) rows and return how many there were."""
        with _named("store vectors"):
            collection = self._client.create_collection(name, configuration={"hnsw": _GRAPH}, embedding_function=None)
        total = 0
        for batch in _batched(rows):
            with _named("store vectors"):
                collection.add(ids=[row for row, _ in batch], embeddings=np.stack([vector for _, vector in batch]))
            total += len(batch)
        return total

    def count(self, name: str) -> int:
        """Return the number of rows of a collection."""
        if name not in self._counts:
            with _named("count vectors"):
                self._counts[name] = self._collection(name).count()
        return self._counts[name]

    def search(self, name: str, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """Return the `k` nearest rows as (id, cosine), best first."""
        k = min(k, self.count(name))
        if k < 1 or not np.isfinite(vector).all():  # Chroma would answer NaN with NaN
            return []
        asked = vector.astype(np.float32)[None]
        with _named("search"):
            found = self._collection(name).query(query_embeddings=asked, n_results=k, include=["distances"])
        return [(row, 1.0 - distance) for row, distance in zip(found["ids"][0], found["distances"][0], strict=True)]

    def close(self) -> None:
        """Let go of the files."""
        self._collections.clear()
        self._client.close()

    def _collection(self, name: str) -> Any:
        if name not in self._collections:
            self._collections[name] = self._client.get_collection(name, embedding_function=None)
        return self._collections[name]


@contextlib.contextmanager
def _named(doing: str) -> Iterator[None]:
    """Turn whatever Chroma raises, which is many things, into an error with a name."""
    try:
        yield
    except Exception as error:
        raise StoredIndexError(f"Chroma could not {doing} ({error}): run `python -m index`") from error


def sentence_id(passage_id: int, number: int) -> str:
    """Return the row id of a sentence."""
    return f"{passage_id}:{number}"


def parsed_sentence_id(row: str) -> tuple[int, int]:
    """Return (passage id, sentence number) of a row id."""
    passage_id, _, number = row.partition(":")
    return int(passage_id), int(number)


def _batched(rows: Iterable[tuple[str, Vectors]]) -> Iterator[Sequence[tuple[str, Vectors]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
