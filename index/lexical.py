"""The lexical index: BM25 over our own terms in tantivy. The only file that imports tantivy.

Terms come from text.words (stems, character bigrams), joined by blanks for a tokenizer that only cuts at blanks, so
that question and passage are cut the same way in every language. A query is built from terms; no parser ever sees
what a visitor wrote.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tantivy

from errors import StoredIndexError

_HEAP_BYTES = 64_000_000  # what the writer may hold before it writes a segment
_FIELDS = ("body", "heading", "speaker")
# What a match is worth by where it stands; a heading names what a passage is about, a speaker whose it is.
FIELD_WEIGHTS: Mapping[str, float] = MappingProxyType({"body": 1.0, "heading": 0.3, "speaker": 0.5})


def version() -> str:
    """Return what the stored files depend on."""
    return f"tantivy {importlib.metadata.version('tantivy')}"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is indexed of one passage: its own terms, those of the headings above it, those of its speakers."""

    passage_id: int
    body: Sequence[str]
    heading: Sequence[str]
    speaker: Sequence[str]


class LexicalIndex:
    """Read access to a lexical index. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._index: Any = tantivy.Index.open(str(folder))
        self._searcher: Any = self._index.searcher()

    @property
    def count(self) -> int:
        """The number of passages."""
        return int(self._searcher.num_docs)

    def search(
        self, terms: Sequence[tuple[str, float]], k: int, fields: Mapping[str, float] = FIELD_WEIGHTS
    ) -> list[tuple[int, float]]:
        """Return the `k` best passages for weighted terms as (passage id, BM25 score), best first.

        :param terms: (term, weight); a term of weight 0 or below is left out, one given twice counts twice.
        :param fields: what a match in each field is worth.
        """
        parts = [
            (tantivy.Occur.Should, self._part(field, term, weight * worth))
            for term, weight in terms
            for field, worth in fields.items()
            if weight * worth > 0
        ]
        if not parts or k < 1:
            return []
        found = self._searcher.search(tantivy.Query.boolean_query(parts), limit=k, count=False)
        addresses = [address for _, address in found.hits]
        return [(self._passage_id(address), score) for address, (score, _) in zip(addresses, found.hits, strict=True)]

    def document_frequency(self, term: str) -> int:
        """Return in how many passages a term stands (in the field where it stands in most)."""
        return max(int(self._searcher.doc_freq(field, _encodable(term))) for field in _FIELDS)

    def _part(self, field: str, term: str, weight: float) -> Any:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._index.schema, field, _encodable(term)), weight)

    def _passage_id(self, address: Any) -> int:
        return int(self._searcher.doc(address)["passage"][0])


def _encodable(term: str) -> str:
    """Replace lone surrogates, which a visitor can send and tantivy cannot take."""
    return term.encode("utf-8", "replace").decode()


def write(folder: Path, entries: Iterable[Entry]) -> int:
    """Make a lexical index in a new folder and return how many passages it holds.

    :raises StoredIndexError: where it cannot be written.
    """
    folder.mkdir(parents=True)
    try:
        return _write(folder, entries)
    except (OSError, ValueError) as error:  # tantivy says by ValueError that the disk is full
        raise StoredIndexError(f"the lexical index cannot be written ({error})") from error


def _write(folder: Path, entries: Iterable[Entry]) -> int:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("passage", stored=True)
    for field in _FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)  # one thread: the same segments every time
    total = 0
    try:
        for entry in entries:
            values = {field: " ".join(getattr(entry, field)) for field in _FIELDS}
            writer.add_document(tantivy.Document(passage=entry.passage_id, **values))
            total += 1
        writer.commit()
    finally:
        writer.wait_merging_threads()  # ends its threads, which would go on writing into a folder that is given up
    return total
