"""Makes the dense index, the lexical index and the alignments from a filled catalogue. Embeds nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from index import dense, lexical
from index.catalogue import Catalogue, CatalogueWriter
from index.dense import DenseIndex
from index.lexical import Entry
from index.progress import Progress
from index.snapshot import SENTENCES_IN_DENSE
from models import means
from models.embedding import Vectors
from schema import Passage
from text.words import terms

_BATCH = 2_000  # vectors that are centred at once


def write_dense(folder: Path, catalogue: Catalogue, fingerprint: str, progress: Progress) -> dict[str, int]:
    """Put the centred vectors of passages and sentences into Chroma and return how many of each."""
    centre = means.load(fingerprint)
    total = catalogue.count("passages"), catalogue.count("sentences")
    passages = ((str(number), language, vector) for number, language, vector in catalogue.all_passage_vectors())
    sentences = (
        (dense.sentence_id(number, position), language, vector)
        for number, position, language, vector in catalogue.all_sentence_vectors()
    )
    index = DenseIndex(folder)
    try:
        counts = {"dense_passages": index.create(dense.PASSAGES, _centred(passages, centre, progress, total[0]))}
        kept = sentences if total[1] <= SENTENCES_IN_DENSE else iter(())
        counts["dense_sentences"] = index.create(dense.SENTENCES, _centred(kept, centre, progress, total[1]))
    finally:
        index.close()
    return counts


def _centred(
    rows: Iterator[tuple[str, str, bytes]], centre: means.Means, progress: Progress, total: int
) -> Iterator[tuple[str, Vectors]]:
    done = 0
    while batch := list(islice(rows, _BATCH)):
        raw = np.stack([np.frombuffer(vector, np.float32) for _, _, vector in batch])
        yield from zip((row for row, _, _ in batch), centre.passage(raw, [row[1] for row in batch]), strict=True)
        done += len(batch)
        progress.step("dense index", done, total)


def write_lexical(folder: Path, catalogue: Catalogue, progress: Progress) -> int:
    """Put the terms of passages into tantivy and return how many passages."""
    return lexical.write(folder, _entries(catalogue, progress))


def _entries(catalogue: Catalogue, progress: Progress) -> Iterator[Entry]:
    done, total = 0, catalogue.count("passages")
    for document_id in catalogue.document_ids():
        document = catalogue.document(document_id)
        assert document is not None, "its id was just listed"
        for passage in catalogue.passages("d.id = ?", (document_id,)):
            yield _entry(passage, document.text)
            done += 1
            progress.step("lexical index", done, total)


def _entry(passage: Passage, text: str) -> Entry:
    people = [name for name in (passage.speaker, passage.quoted_by, *passage.reports) if name]
    return Entry(
        passage_id=passage.id,
        body=terms(text[passage.start : passage.end], passage.language),
        heading=terms(" \n ".join(passage.section), passage.language),
        speaker=terms(" \n ".join(people), passage.language),
    )


def write_alignments(catalogue: CatalogueWriter, fingerprint: str, progress: Progress) -> None:
    """Find what says the same in two places and store it."""
    from index.alignment import align

    centre = means.load(fingerprint)
    passages = catalogue.passages()
    languages = {passage.id: passage.language for passage in passages}

    def sentence_vectors(passage_ids: Sequence[int]) -> list[Vectors]:
        raw = catalogue.sentence_vectors(passage_ids)
        return [centre.passage(raw[number], [languages[number]] * len(raw[number])) for number in passage_ids]

    documents = [document for name in catalogue.document_ids() if (document := catalogue.document(name))]
    progress.step("alignment", 0, len(documents))
    catalogue.add_alignments(align(documents, passages, sentence_vectors))
