"""Vectors under the hash of what they were made from, kept while a build runs: a killed build goes on where it stopped.

The store lies beside the generations and is emptied once a generation that holds all of it is in place.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.embedding import Vectors

NAME = "vectors.sqlite"
_COMMIT_SECONDS = 2.0  # at most this much embedding is lost when the build is killed
SELECT_ALL = "SELECT key, vector FROM other.vectors"


def key(fingerprint: str, text: str) -> bytes:
    """Return what a vector is stored under: model and text together, so that another model never finds it."""
    return hashlib.sha256(f"{fingerprint}\0{text}".encode("utf-8", "surrogatepass")).digest()


class VectorStore:
    """Vectors of a build that is not finished. A store that cannot be read is started anew."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        try:
            self._db = self._open()
        except sqlite3.DatabaseError:
            discard(folder)
            self._db = self._open()
        self._committed = time.monotonic()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path)
        try:
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("damaged")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def add(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Store vectors, aligned with `keys`; they are safe on the disk within two seconds."""
        rows = ((name, row.astype(np.float32).tobytes()) for name, row in zip(keys, vectors, strict=True))
        self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        if time.monotonic() - self._committed > _COMMIT_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Write everything out."""
        self._db.commit()
        self._committed = time.monotonic()

    def close(self) -> None:
        """Write everything out and close the file."""
        self._db.commit()
        self._db.close()


def discard(folder: Path) -> None:
    """Remove the store of a data folder with its journals."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        (folder / f"{NAME}{suffix}").unlink(missing_ok=True)
