"""Documents -> passages -> vectors -> catalogue, dense and lexical index -> a new generation, or nothing at all.

Only what changed is read and embedded again. Everything is made beside the old generation and takes its place in
one step, after it was opened and asked; a build that is killed, interrupted or out of disk leaves the old one.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from errors import StoredIndexError
from index import generations, opened, vectors
from index import manifest as manifests
from index.catalogue import CatalogueWriter
from index.fill import embed_texts, read_documents
from index.job import Job, damaged, find_previous, prepare
from index.manifest import Manifest
from index.parts import write_alignments, write_dense, write_lexical
from index.progress import Progress, Silent
from index.snapshot import CATALOGUE, DENSE, LEXICAL
from index.verify import verify
from models.embedding import Embedding
from schema import Skipped
from settings import Settings


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build did. `changed` counts documents that were read, `embedded` texts, `seconds` wall time."""

    generation: str
    documents: int
    passages: int
    sentences: int
    skipped: tuple[Skipped, ...]
    changed: int
    seconds: float
    embedded: int
    unchanged: bool


def build(
    settings: Settings, embedding: Embedding, progress: Progress | None = None, *, rebuild: bool = False
) -> Summary:
    """Bring the index in `settings.data` up to date with `settings.corpus`.

    :param rebuild: read and embed everything again, whatever is stored.
    :raises CorpusError: where the corpus is missing or holds nothing that can be indexed.
    :raises IndexBusyError: where another process is building.
    :raises StoredIndexError: where the index cannot be written (the old one is left as it was).
    """
    started = time.monotonic()
    progress = progress or Silent()
    with contextlib.closing(progress), _disk_errors(settings.data):
        try:
            with generations.writer(settings.data):
                return _build(settings, embedding, progress, started, rebuild)
        except generations.NotWritableError:
            job = prepare(settings, embedding, progress, find_previous(settings.data))
            if rebuild or not job.unchanged:
                raise
            return _summary(job, started)


def _build(settings: Settings, embedding: Embedding, progress: Progress, started: float, rebuild: bool) -> Summary:
    """Build under the writer's lock."""
    generations.clean(settings.data)
    job = prepare(settings, embedding, progress, None if rebuild else find_previous(settings.data))
    if job.unchanged:
        return _summary(job, started)
    if job.previous and not job.previous.sound:
        progress.say("the current index is missing or damaged; what is sound of it is used again")
    if rebuild:
        vectors.discard(settings.data)
    manifest, changed, embedded = _make(job)
    generations.clean(settings.data, damaged=damaged(settings.data))
    return _summary(job, started, made=manifest, changed=changed, embedded=embedded)


def is_current(settings: Settings, embedding: Embedding) -> bool:
    """Tell whether `build` would find nothing to do. Reads no document unless its size or time changed."""
    return prepare(settings, embedding, Silent(), find_previous(settings.data)).unchanged


@contextlib.contextmanager
def _disk_errors(data: Path) -> Iterator[None]:
    """Turn what the system says about the disk into one line that says what is left."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoredIndexError(f"the index in {data} cannot be written ({reason}); the old one is as it was") from error


def _make(job: Job) -> tuple[Manifest, int, int]:
    """Make the next generation and put it in place; return its manifest, documents read and texts embedded."""
    data = job.settings.data
    staged = generations.stage(data)
    try:
        catalogue = CatalogueWriter(staged / CATALOGUE)
        skipped, changed = read_documents(job, catalogue)
        embedded = embed_texts(job, catalogue)
        counts = write_dense(staged / DENSE, catalogue, job.recipe.fingerprint, job.progress)
        counts["lexical"] = write_lexical(staged / LEXICAL, catalogue, job.progress)
        write_alignments(catalogue, job.recipe.fingerprint, job.progress)
        catalogue.finish()
        counts |= {name: catalogue.count(name) for name in ("documents", "passages", "sentences", "alignments")}
        catalogue.close()
        manifest = _manifest(job, staged, skipped, counts)
        job.progress.step("checking", 0, 1)
        verify(staged, manifest)
        manifests.write(staged, manifest)
        generations.publish(data, staged)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    opened.remember(data, manifest)  # it was, just now
    vectors.discard(data)  # the new generation holds them all
    return manifest, changed, embedded


def _manifest(job: Job, staged: Path, skipped: tuple[Skipped, ...], counts: dict[str, int]) -> Manifest:
    return Manifest(
        generation=generations.generation_name(staged),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        recipe=job.recipe,
        corpus=manifests.corpus_hash(job.survey.states),
        sources=job.survey.sources,
        states=job.survey.states,
        skipped=skipped,
        counts=counts,
        contents=manifests.contents(staged),
        verified=opened.versions(),
    )


def _summary(job: Job, started: float, made: Manifest | None = None, changed: int = 0, embedded: int = 0) -> Summary:
    """Describe what was made, or the generation that was found to be up to date."""
    manifest = made or (job.previous.manifest if job.previous else None)
    assert manifest is not None, "a build either makes a generation or found one"
    known = {row.path for row in manifest.skipped}
    return Summary(
        generation=manifest.generation,
        documents=manifest.counts["documents"],
        passages=manifest.counts["passages"],
        sentences=manifest.counts["sentences"],
        skipped=manifest.skipped + tuple(row for row in job.discovery.skipped if row.path not in known),
        changed=changed,
        seconds=time.monotonic() - started,
        embedded=embedded,
        unchanged=made is None,
    )
