"""One generation of the index, open: asked many times, from any thread."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType

import numpy as np

from index import dense
from index.catalogue import Catalogue
from index.dense import DenseIndex
from index.lexical import LexicalIndex
from index.manifest import Manifest
from models import means
from models.embedding import Vectors
from schema import Alignment, Document, Passage

CATALOGUE, DENSE, LEXICAL = "catalogue.sqlite", "dense", "lexical"  # the parts of a generation

IN_MEMORY = 20_000  # sentences; up to here (31 MB of vectors at 384 dimensions) look-ups are slices of arrays
SENTENCES_IN_DENSE = 200_000  # sentences; above, Chroma would take minutes to build and gigabytes to hold them
_DOCUMENTS_CACHED = 256


class Index:
    """One generation, open. `notice` says what a person should know (an older index answers), or is None.

    Vectors that come out are centred for their language (models.means) and L2-normalised.
    """

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        private: Path,
        notice: str | None = None,
        resources: contextlib.ExitStack | None = None,
    ) -> None:
        """Open the files of a generation.

        :param folder: the generation; nothing in it is changed.
        :param private: a folder with copies of its dense and lexical index, which opening them changes.
        :param resources: what is let go of last when the index is closed.
        """
        self.manifest = manifest
        self.generation = manifest.generation
        self.notice = notice
        self._closing = contextlib.ExitStack()
        self._closing.push(resources or contextlib.ExitStack())
        self._catalogue = Catalogue(folder / CATALOGUE)
        self._closing.callback(self._catalogue.close)
        self._lexical = LexicalIndex(private / LEXICAL)
        self._dense = DenseIndex(private / DENSE)
        self._closing.callback(self._dense.close)
        self._means = means.load(manifest.recipe.fingerprint)
        self.passage_count = self._catalogue.count("passages")
        self.sentence_count = self._catalogue.count("sentences")
        self._memory = _Memory(self._catalogue, self._means) if self.sentence_count <= IN_MEMORY else None
        self.document = lru_cache(maxsize=_DOCUMENTS_CACHED)(self._document)

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files and of the generation."""
        self._closing.close()

    def documents(self) -> list[Document]:
        """Return all documents with their texts and blocks, in the order of the corpus."""
        return [self.document(document_id) for document_id in self._catalogue.document_ids()]

    def document_ids(self) -> list[str]:
        """Return the ids of all documents, in the order of the corpus."""
        return self._catalogue.document_ids()

    def titles(self) -> dict[str, str]:
        """Return the title of each document, by id, in the order of the corpus."""
        return self._catalogue.titles()

    def _document(self, document_id: str) -> Document:
        """Return a document. :raises KeyError: where there is no such one."""
        document = self._catalogue.document(document_id)
        if document is None:
            raise KeyError(document_id)
        return document

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """Return passages in the order of their ids. :raises KeyError: where there is no such one."""
        if self._memory:
            found = self._memory.passages
            return [found[number] if 0 <= number < len(found) else _absent(number) for number in ids]
        by_id = self._catalogue.passages_by_id(ids)
        return [by_id[number] for number in ids]

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return the passages of a document, in order."""
        return self._catalogue.passages("d.id = ?", (document_id,))

    def neighbours(self, passage_id: int, before: int, after: int) -> list[Passage]:
        """Return the passages around one, itself included, in the same document."""
        (passage,) = self.passages([passage_id])
        ids = range(max(passage_id - min(before, passage.position), 0), min(passage_id + after + 1, self.passage_count))
        return [near for near in self.passages(ids) if near.document_id == passage.document_id]

    def under_heading(self, heading_id: int) -> list[Passage]:
        """Return the passages that stand directly under a heading, in order."""
        return self._catalogue.passages("p.heading = ?", (heading_id,))

    def languages(self) -> dict[str, int]:
        """Return how many passages there are in each language, most first."""
        return self._catalogue.counted("language")

    def speakers(self) -> dict[str, int]:
        """Return how many passages each speaker has, most first."""
        return self._catalogue.counted("speaker")

    def dense_passages(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return the `k` passages nearest to a centred question vector as (id, cosine), best first."""
        return [(int(row), cosine) for row, cosine in self._dense.search(dense.PASSAGES, vector, k)]

    def dense_sentences(self, vector: Vectors, k: int) -> list[tuple[int, int, float]]:
        """Return the `k` sentences nearest to a vector as (passage id, number in it, cosine), best first.

        Empty where the corpus has more than SENTENCES_IN_DENSE sentences: score those of candidates then.
        """
        if self.sentence_count > SENTENCES_IN_DENSE:
            return []
        found = self._dense.search(dense.SENTENCES, vector, k)
        return [(*dense.parsed_sentence_id(row), cosine) for row, cosine in found]

    def passage_vectors(self, ids: Sequence[int]) -> Vectors:
        """Return the vectors of passages, shape (len(ids), dimensions)."""
        if self._memory:
            return self._memory.passage_vectors[np.asarray(ids, np.intp)]
        if not len(ids):
            return np.zeros((0, self.manifest.recipe.dimensions), np.float32)
        raw = self._catalogue.passage_vectors(ids)
        languages = [passage.language for passage in self.passages(ids)]
        return self._means.passage(np.stack([raw[number] for number in ids]), languages)

    def sentence_vectors(self, passage_ids: Sequence[int]) -> list[Vectors]:
        """Return, for each passage, the vectors of its sentences, shape (sentences, dimensions)."""
        if self._memory:
            return [self._memory.sentences_of(number) for number in passage_ids]
        raw = self._catalogue.sentence_vectors(passage_ids)
        found = []
        for passage in self.passages(passage_ids):
            vectors = raw[passage.id]
            found.append(self._means.passage(vectors, [passage.language] * len(vectors)))
        return found

    def lexical(self, terms: Sequence[tuple[str, float]], k: int) -> list[tuple[int, float]]:
        """Return the `k` best passages for weighted terms (text.words) as (id, BM25 score), best first."""
        return self._lexical.search(terms, k)

    def document_frequency(self, term: str) -> int:
        """Return in how many passages a term stands."""
        return self._lexical.document_frequency(term)

    def words(self, initial: str, shortest: int, longest: int) -> list[str]:
        """Return the words of the corpus (not CJK) that begin with a letter and have so many letters, sorted."""
        return self._catalogue.words(initial, shortest, longest)

    def alignments(self, document_id: str, start: int, end: int) -> list[Alignment]:
        """Return what says the same as the span, or a part of it, in either direction."""
        return self._catalogue.alignments(document_id, start, end)

    def stored_counts(self) -> dict[str, int]:
        """Return the number of things in each part, as the parts themselves count."""
        return {
            "documents": self._catalogue.count("documents"),
            "passages": self.passage_count,
            "sentences": self.sentence_count,
            "alignments": self._catalogue.count("alignments"),
            "dense_passages": self._dense.count(dense.PASSAGES),
            "dense_sentences": self._dense.count(dense.SENTENCES),
            "lexical": self._lexical.count,
        }


class _Memory:
    """All passages and vectors of a small index."""

    def __init__(self, catalogue: Catalogue, centre: means.Means) -> None:
        self.passages = catalogue.passages()
        languages = [passage.language for passage in self.passages]
        self.passage_vectors = centre.passage(_stacked([row[-1] for row in catalogue.all_passage_vectors()]), languages)
        rows = list(catalogue.all_sentence_vectors())
        self._sentence_vectors = centre.passage(_stacked([row[-1] for row in rows]), [row[2] for row in rows])
        self._first = np.cumsum([0, *(len(passage.sentences) for passage in self.passages)])

    def sentences_of(self, passage_id: int) -> Vectors:
        return self._sentence_vectors[self._first[passage_id] : self._first[passage_id + 1]]


def _stacked(blobs: list[bytes]) -> Vectors:
    return np.frombuffer(b"".join(blobs), np.float32).reshape(len(blobs), -1) if blobs else np.zeros((0, 1), np.float32)


def _absent(number: int) -> Passage:
    raise KeyError(number)
