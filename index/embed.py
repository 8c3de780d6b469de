"""Embeds the texts of a catalogue that have no vector yet, in batches of like length, durably as it goes."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from errors import ModelError
from index.catalogue import CatalogueWriter
from index.passages import embedded_passage, embedded_sentences
from index.progress import Progress
from index.vectors import VectorStore, key
from models.embedding import Embedding, Vectors

_WINDOW = 2_048  # texts that are sorted by length together: bounds the memory
_BATCH = 32  # texts handed to the model at once
_SAMPLE = 16  # texts, spread over the lengths of the first window, from which the time of all is estimated
_WORTH_SAYING = 10.0  # seconds; who waits less need not be told


def embed_missing(catalogue: CatalogueWriter, store: VectorStore, embedding: Embedding, progress: Progress) -> int:
    """Make the missing vectors, store them in both places, and return how many there were.

    :raises ModelError: where the model returns something that is no vector.
    """
    missing = catalogue.missing_keys()
    total, done = len(missing), 0
    for window in _windows(catalogue, embedding.fingerprint, missing):
        window.sort(key=lambda item: len(item[1]))
        for batch in _batches(window, sample=done == 0):
            started = time.monotonic()
            keys = [name for name, _ in batch]
            vectors = _checked(embedding, [text for _, text in batch])
            store.add(keys, vectors)
            catalogue.add_vectors(keys, vectors)
            if done == 0:
                _estimate(progress, total, (time.monotonic() - started) / len(batch))
            done += len(batch)
            progress.step("embedding", done, total)
    return done


def _batches(window: list[tuple[bytes, str]], *, sample: bool) -> Iterator[list[tuple[bytes, str]]]:
    """Yield a window in batches, the first of which is a sample of all lengths if so wanted."""
    if sample:
        step = max(1, len(window) // _SAMPLE)
        yield window[::step]
        window = [item for at, item in enumerate(window) if at % step]
    for at in range(0, len(window), _BATCH):
        yield window[at : at + _BATCH]


def _estimate(progress: Progress, total: int, seconds_each: float) -> None:
    seconds = total * seconds_each
    if seconds > _WORTH_SAYING:
        spoken = f"{seconds / 60:.0f} minutes" if seconds > 90 else f"{seconds:.0f} seconds"
        progress.say(f"{total:,} texts to embed with this model: about {spoken}")


def _windows(catalogue: CatalogueWriter, fingerprint: str, missing: set[bytes]) -> Iterator[list[tuple[bytes, str]]]:
    """Yield (key, text) of the missing texts, each once, in document order, a window at a time."""
    window: list[tuple[bytes, str]] = []
    for document_id in catalogue.document_ids() if missing else ():
        document = catalogue.document(document_id)
        assert document is not None, "its id was just listed"
        for passage in catalogue.passages("d.id = ?", (document_id,)):
            for text in (embedded_passage(passage, document.text), *embedded_sentences(passage, document.text)):
                name = key(fingerprint, text)
                if name in missing:
                    missing.discard(name)
                    window.append((name, text))
            if len(window) >= _WINDOW:
                yield window
                window = []
    if window:
        yield window


def _checked(embedding: Embedding, texts: list[str]) -> Vectors:
    """Return the vectors of texts. :raises ModelError: where they have another shape or are not finite."""
    vectors = embedding.passages(texts)
    if vectors.shape != (len(texts), embedding.dimensions) or not np.isfinite(vectors).all():
        raise ModelError(f"the embedding model {embedding.name} returned no usable vectors: check the model")
    return vectors
