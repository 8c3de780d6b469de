"""Fills the catalogue of a new generation: documents, passages, vectors. What did not change is taken over."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator

from documents.worker import read_all
from errors import CorpusError
from index.catalogue import Catalogue, CatalogueWriter
from index.embed import embed_missing
from index.job import Job, Previous
from index.passages import embedded_passage, embedded_sentences, segment
from index.snapshot import CATALOGUE
from index.vectors import SELECT_ALL, VectorStore, key
from schema import Document, Skipped

_SELECT_STORED = "SELECT t.key, v.vector FROM other.texts t JOIN other.vectors v ON v.id = t.id"


def read_documents(job: Job, catalogue: CatalogueWriter) -> tuple[tuple[Skipped, ...], int]:
    """Fill the catalogue with documents and passages; return what was skipped and how many files were read."""
    old = job.reusable
    states = old.manifest.states if old else {}
    reasons = {row.path: row for row in old.manifest.skipped} if old else {}
    same = {file.id for file in job.discovery.files if states.get(file.id) == job.survey.states[file.id]}
    changed = [file for file in job.discovery.files if file.id not in same]
    size = sum(file.size for file in changed)
    spoken = f"{size / 1e6:,.1f} MB" if size > 1e6 else f"{size / 1e3:,.0f} kB"
    files = f"{len(job.discovery.files):,} files in {job.settings.corpus}"
    job.progress.say(f"{files}, {len(changed):,} to read ({spoken})")
    skipped = list(job.discovery.skipped)
    passages = 0
    with contextlib.ExitStack() as stack:
        fresh, stored = read_all(changed, job.settings), stack.enter_context(_stored(old))
        if isinstance(fresh, Generator):
            stack.callback(fresh.close)  # ends the processes that read, should we be stopped
        for done, file in enumerate(job.discovery.files, 1):
            found = (reasons.get(file.id) or stored(file.id)) if file.id in same else next(fresh)
            if isinstance(found, Document):
                passages += _add(catalogue, found, passages, job.recipe.fingerprint)
            elif found is not None:
                skipped.append(found)
            job.progress.step("reading", done, len(job.discovery.files))
    if not passages:
        why = f"; first: {skipped[0].path}: {skipped[0].reason}" if skipped else ""
        raise CorpusError(f"nothing in {job.settings.corpus} can be indexed ({len(skipped)} files skipped{why})")
    return tuple(skipped), len(changed)


@contextlib.contextmanager
def _stored(old: Previous | None) -> Iterator[Callable[[str], Document | None]]:
    """Give access to the documents of the previous generation."""
    if old is None:
        yield lambda _: None
        return
    with contextlib.closing(Catalogue(old.folder / CATALOGUE)) as catalogue:
        yield catalogue.document


def _add(catalogue: CatalogueWriter, document: Document, first_id: int, fingerprint: str) -> int:
    """Store a document with its passages and return how many there are."""
    catalogue.add_document(document)
    passages = segment(document, first_id)
    for passage in passages:
        keys = [key(fingerprint, text) for text in embedded_sentences(passage, document.text)]
        catalogue.add_passage(passage, key(fingerprint, embedded_passage(passage, document.text)), keys)
    return len(passages)


def embed_texts(job: Job, catalogue: CatalogueWriter) -> int:
    """Give every text of the catalogue a vector, stored ones first; return how many were made."""
    if job.previous is not None:
        catalogue.take_vectors(job.previous.folder / CATALOGUE, _SELECT_STORED)
    with contextlib.closing(VectorStore(job.settings.data)) as store:
        store.commit()
        catalogue.take_vectors(store.path, SELECT_ALL)
        return embed_missing(catalogue, store, job.embedding, job.progress)
