"""The catalogue: one SQLite file with everything that the index knows. The source of truth of a generation.

Chroma and tantivy hold what can be made again from here without embedding a single text. Written once by a build,
in order, then never changed: a reader opens it as immutable, one connection for each thread.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Literal

import numpy as np

from documents.rows import block_from, block_row, document_from, document_row
from index.rows import passage_from, passage_row
from models.embedding import Vectors
from schema import Alignment, Document, Filters, Passage, Span
from text.words import is_cjk, tokens

_VARIABLES = 900  # values in one statement; SQLite before 3.32 takes 999
_SCHEMA = """
CREATE TABLE documents (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text BLOB NOT NULL, rest TEXT NOT NULL);
CREATE TABLE blocks (document INTEGER NOT NULL, position INTEGER NOT NULL, rest TEXT NOT NULL,
    PRIMARY KEY (document, position)) WITHOUT ROWID;
CREATE TABLE texts (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE);
CREATE TABLE words (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE vectors (id INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE passages (id INTEGER PRIMARY KEY, document INTEGER NOT NULL, position INTEGER NOT NULL, heading INTEGER,
    language TEXT NOT NULL, speaker TEXT, text INTEGER NOT NULL, rest TEXT NOT NULL);
CREATE TABLE sentences (passage INTEGER NOT NULL, number INTEGER NOT NULL, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, text INTEGER NOT NULL, PRIMARY KEY (passage, number)) WITHOUT ROWID;
CREATE TABLE alignments (a_document TEXT, a_start INTEGER, a_end INTEGER, b_document TEXT, b_start INTEGER,
    b_end INTEGER, relation TEXT);
CREATE UNIQUE INDEX passages_of ON passages (document, position);
CREATE INDEX passages_under ON passages (heading) WHERE heading IS NOT NULL;
CREATE INDEX alignments_a ON alignments (a_document);
CREATE INDEX alignments_b ON alignments (b_document);
"""
_PASSAGE = "SELECT p.id, d.id, p.rest FROM passages p JOIN documents d ON d.number = p.document"


class Catalogue:
    """Read access to a catalogue. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    @property
    def db(self) -> sqlite3.Connection:
        """The connection of this thread."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            self._local.connection = connection
            with self._lock:
                self._connections.append(connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        uri = f"{self._path.absolute().as_uri()}?immutable=1"
        return sqlite3.connect(uri, uri=True, check_same_thread=False)

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
        self._local = threading.local()

    def count(self, table: str) -> int:
        """Return the number of rows of a table."""
        return int(self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def document_ids(self) -> list[str]:
        """Return the ids of all documents, in order."""
        return [row[0] for row in self.db.execute("SELECT id FROM documents ORDER BY number")]

    def titles(self) -> dict[str, str]:
        """Return the title of each document, by id, without reading any text."""
        return dict(self.db.execute("SELECT id, json_extract(rest, '$.title') FROM documents ORDER BY number"))

    def document(self, document_id: str) -> Document | None:
        """Return a document with its text and blocks, or None where there is no such one."""
        row = self.db.execute("SELECT number, text, rest FROM documents WHERE id = ?", (document_id,)).fetchone()
        if row is None:
            return None
        blocks = self.db.execute("SELECT rest FROM blocks WHERE document = ? ORDER BY position", (row[0],))
        return document_from(document_id, _decoded(row[1]), row[2], tuple(block_from(rest) for (rest,) in blocks))

    def passages(self, where: str = "", values: Sequence[object] = ()) -> list[Passage]:
        """Return the passages that a condition on `p` (passages) and `d` (documents) selects, by rising id."""
        rows = self.db.execute(f"{_PASSAGE} {where and 'WHERE ' + where} ORDER BY p.id", values).fetchall()
        spans = self._spans([row[0] for row in rows] if where else None)
        return [passage_from(number, document, spans[number], rest) for number, document, rest in rows]

    def passages_by_id(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Return those of the passages that exist, by id."""
        found: dict[int, Passage] = {}
        for some in _batches(ids):
            found |= {passage.id: passage for passage in self.passages(f"p.id IN ({_marks(some)})", some)}
        return found

    def _spans(self, ids: Sequence[int] | None) -> dict[int, tuple[Span, ...]]:
        query, order = 'SELECT passage, start, "end" FROM sentences', "ORDER BY passage, number"
        rows: list[tuple[int, int, int]] = []
        if ids is None:
            rows = self.db.execute(f"{query} {order}").fetchall()
        else:
            for some in _batches(ids):
                rows.extend(self.db.execute(f"{query} WHERE passage IN ({_marks(some)}) {order}", some))
        groups = groupby(rows, lambda row: row[0])
        return {number: tuple(Span(start, end) for _, start, end in group) for number, group in groups}

    def passage_vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """Return the vectors of passages as the model made them, by passage id."""
        found: dict[int, Vectors] = {}
        for some in _batches(ids):
            query = "SELECT p.id, v.vector FROM passages p JOIN vectors v ON v.id = p.text"
            rows = self.db.execute(f"{query} WHERE p.id IN ({_marks(some)})", some)
            found |= {number: np.frombuffer(blob, np.float32) for number, blob in rows}
        return found

    def sentence_vectors(self, passage_ids: Sequence[int]) -> dict[int, Vectors]:
        """Return the vectors of the sentences of passages, shape (sentences, dimensions), by passage id."""
        found: dict[int, Vectors] = {}
        for some in _batches(passage_ids):
            rows = self.db.execute(
                f"SELECT s.passage, v.vector FROM sentences s JOIN vectors v ON v.id = s.text"
                f" WHERE s.passage IN ({_marks(some)}) ORDER BY s.passage, s.number",
                some,
            )
            for number, group in groupby(rows, lambda row: row[0]):
                found[number] = np.stack([np.frombuffer(blob, np.float32) for _, blob in group])
        return found

    def all_passage_vectors(self) -> Iterator[tuple[int, str, bytes]]:
        """Yield (passage id, language, vector) of every passage, by rising id."""
        yield from self.db.execute(
            "SELECT p.id, p.language, v.vector FROM passages p JOIN vectors v ON v.id = p.text ORDER BY p.id"
        )

    def all_sentence_vectors(self) -> Iterator[tuple[int, int, str, bytes]]:
        """Yield (passage id, sentence number, language, vector) of every sentence, in order."""
        yield from self.db.execute(
            "SELECT s.passage, s.number, p.language, v.vector FROM sentences s JOIN passages p ON p.id = s.passage"
            " JOIN vectors v ON v.id = s.text ORDER BY s.passage, s.number"
        )

    def counted(self, column: str) -> dict[str, int]:
        """Return how many passages have each value of a column of passages (language, speaker)."""
        query = f"SELECT {column}, count(*) FROM passages WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
        return dict(self.db.execute(query).fetchall())

    def passing(self, filters: Filters) -> list[tuple[int, str]]:
        """Return (passage id, document id) of the passages that pass, by rising id."""
        columns = {
            "d.id": filters.documents,
            "json_extract(d.rest, '$.kind')": filters.kinds,
            "p.language": filters.languages,
            "p.speaker": filters.speakers,
        }
        conditions = [f"{column} IN ({_marks(values)})" for column, values in columns.items() if values]
        query = "SELECT p.id, d.id FROM passages p JOIN documents d ON d.number = p.document"
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        values = [value for some in columns.values() for value in some]
        return self.db.execute(f"{query} {where} ORDER BY p.id", values).fetchall()

    def passages_by(self, expression: Literal["d.id", "json_extract(d.rest, '$.kind')"]) -> dict[str, int]:
        """Return how many passages there are of each document, or of each kind of document, most first."""
        query = "SELECT {}, count(*) FROM passages p JOIN documents d ON d.number = p.document GROUP BY 1"
        return dict(self.db.execute(f"{query.format(expression)} ORDER BY 2 DESC, min(p.id)").fetchall())

    def words(self, initial: str, shortest: int, longest: int) -> list[str]:
        """Return the words of the documents that begin with a letter and have so many letters, sorted."""
        query = "SELECT word FROM words WHERE word >= ? AND word < ? AND length(word) BETWEEN ? AND ?"
        following = chr(ord(initial) + 1)
        return [word for (word,) in self.db.execute(query, (initial, following, shortest, longest))]

    def alignments(self, document_id: str, start: int, end: int) -> list[Alignment]:
        """Return the alignments with a side in that document that overlaps `[start, end)`."""
        rows = self.db.execute(
            "SELECT * FROM alignments WHERE a_document = ?1 AND a_start < ?3 AND a_end > ?2"
            " UNION SELECT * FROM alignments WHERE b_document = ?1 AND b_start < ?3 AND b_end > ?2",
            (document_id, start, end),
        )
        return [Alignment(a, Span(s, e), b, Span(t, f), relation) for a, s, e, b, t, f, relation in rows]


class CatalogueWriter(Catalogue):
    """A catalogue that is being built: one thread, no durability (a killed build starts a new one)."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.db.executescript(_SCHEMA)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path.absolute().as_uri(), uri=True)  # a URI, for ATTACH to take one
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def add_document(self, document: Document) -> None:
        """Store a document with its blocks."""
        cursor = self.db.execute(
            "INSERT INTO documents (id, text, rest) VALUES (?, ?, ?)",
            (document.id, document.text.encode("utf-8", "surrogatepass"), document_row(document)),
        )
        rows = ((cursor.lastrowid, position, block_row(block)) for position, block in enumerate(document.blocks))
        self.db.executemany("INSERT INTO blocks VALUES (?, ?, ?)", rows)
        words = {token for token in tokens(document.text) if token.isalpha() and not is_cjk(token)}
        self.db.executemany("INSERT OR IGNORE INTO words VALUES (?)", ((word,) for word in sorted(words)))

    def add_passage(self, passage: Passage, key: bytes, sentence_keys: Sequence[bytes]) -> None:
        """Store a passage with the keys of what is embedded for it and for each of its sentences."""
        self.db.execute(
            "INSERT INTO passages VALUES (?, (SELECT number FROM documents WHERE id = ?), ?, ?, ?, ?, ?, ?)",
            (
                passage.id, passage.document_id, passage.position, passage.heading, passage.language,
                passage.speaker and passage.speaker.encode("utf-8", "replace").decode(),  # only to be counted by
                self._text(key), passage_row(passage),
            ),
        )  # fmt: skip
        rows = (
            (passage.id, number, span.start, span.end, self._text(sentence_key))
            for number, (span, sentence_key) in enumerate(zip(passage.sentences, sentence_keys, strict=True))
        )
        self.db.executemany("INSERT INTO sentences VALUES (?, ?, ?, ?, ?)", rows)

    def _text(self, key: bytes) -> int:
        self.db.execute("INSERT OR IGNORE INTO texts (key) VALUES (?)", (key,))
        return int(self.db.execute("SELECT id FROM texts WHERE key = ?", (key,)).fetchone()[0])

    def take_vectors(self, path: Path, query: str) -> None:
        """Copy vectors from another SQLite file; `query` selects (key, vector) from the database `other`."""
        self.db.commit()
        self.db.execute("ATTACH ? AS other", (f"{path.absolute().as_uri()}?mode=ro",))
        try:
            self.db.execute(
                f"INSERT OR IGNORE INTO vectors SELECT t.id, o.vector FROM ({query}) o JOIN texts t ON t.key = o.key"
            )
            self.db.commit()
        finally:
            self.db.execute("DETACH other")

    def add_vectors(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Store freshly made vectors, aligned with `keys`."""
        rows = ((row.astype(np.float32).tobytes(), key) for key, row in zip(keys, vectors, strict=True))
        self.db.executemany("INSERT OR IGNORE INTO vectors SELECT id, ? FROM texts WHERE key = ?", rows)

    def missing_keys(self) -> set[bytes]:
        """Return the keys of the texts that have no vector yet."""
        return {key for (key,) in self.db.execute("SELECT key FROM texts WHERE id NOT IN (SELECT id FROM vectors)")}

    def add_alignments(self, alignments: Iterable[Alignment]) -> None:
        """Store what says the same as what."""
        rows = ((a.a_document, a.a.start, a.a.end, a.b_document, a.b.start, a.b.end, a.relation) for a in alignments)
        self.db.executemany("INSERT INTO alignments VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def finish(self) -> None:
        """Write everything out."""
        self.db.commit()


def _batches(values: Sequence[int]) -> Iterator[Sequence[int]]:
    return (values[at : at + _VARIABLES] for at in range(0, len(values), _VARIABLES))


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "surrogatepass")
