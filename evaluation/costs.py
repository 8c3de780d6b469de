"""What a question and a build cost, beside the embedding that they cannot do without."""

from __future__ import annotations

import hashlib
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from answering.answerer import Answerer
from index.build import build as build_index
from index.progress import Silent, Terminal
from index.reader import Index, open_index
from models.embedding import Embedding, Vectors
from settings import Settings

_QUESTIONS = 40  # asked of each index
_QUESTION_WORDS = 12
_PARAGRAPHS = 20  # of one made-up document
_TICK = 0.01  # seconds; the system counts processor time no finer
_WORDS = 5_000  # different words of made-up text, used as Zipf found: the k-th as often as 1/k


class RandomVectors:
    """Stands in for a model at sizes where embedding would take an hour: same shape, no meaning, at once."""

    def __init__(self, model: Embedding) -> None:
        self.name, self.fingerprint, self.dimensions = model.name, model.fingerprint, model.dimensions
        self.question = model.question

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return a direction of its own for each text."""
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
            row[:] = np.random.default_rng(seed).normal(size=self.dimensions)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


class _Recorder:
    """A model that remembers what it was asked to embed, batch by batch."""

    def __init__(self, model: Embedding) -> None:
        self.name, self.fingerprint, self.dimensions = model.name, model.fingerprint, model.dimensions
        self.question = model.question
        self.batches: list[list[str]] = []
        self._model = model

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed, and remember."""
        self.batches.append(list(texts))
        return self._model.passages(texts)


def bring_up_to_date(settings: Settings, embedding: Embedding) -> None:
    """Build the index where it is missing or old."""
    build_index(settings, embedding, Terminal(sys.stderr))


def question(settings: Settings, embedding: Embedding) -> tuple[int, float, float]:
    """Return the number of passages, and the median seconds of an answer and of embedding its question alone.

    The two take turns, so that whatever else the machine does slows both.
    """
    with open_index(settings.data, embedding) as index:
        answerer = Answerer(index, embedding, settings)
        asked = list(_questions(index))
        answerer.answer(asked[0])  # what is loaded on first use
        asking, embedding_alone = [], []
        for text in asked:
            embedding_alone.append(_seconds(partial(embedding.question, text)))
            asking.append(_seconds(partial(answerer.answer, text)))
        return index.passage_count, statistics.median(asking), statistics.median(embedding_alone)


def build(settings: Settings, embedding: Embedding) -> tuple[int, float, float]:
    """Build from nothing; return the number of texts, and what it cost in bare embeddings: processor time, clock."""
    embedding.passages(["what is loaded on first use"])
    recorder = _Recorder(embedding)
    built = _spent(lambda: build_index(settings, recorder, Silent()))
    bare = _spent(lambda: [embedding.passages(batch) for batch in recorder.batches])
    return sum(map(len, recorder.batches)), built[0] / bare[0], built[1] / bare[1]


def large_corpus(settings: Settings, passages: int) -> Settings:
    """Write documents of made-up words, `passages` paragraphs in all, and return the settings that index them."""
    folder = settings.data / "sets" / f"speed-{passages}"
    corpus = folder / "corpus"
    chance = random.Random(passages)
    words = ["".join(chance.choices("abdefgiklmnoprstuvz", k=chance.randint(3, 9))) for _ in range(_WORDS)]
    often = [1 / rank for rank in range(1, _WORDS + 1)]
    if not (folder / "written").exists():
        corpus.mkdir(parents=True, exist_ok=True)
        for number in range(-(-passages // _PARAGRAPHS)):
            count = min(_PARAGRAPHS, passages - number * _PARAGRAPHS)
            text = "\n\n".join(_paragraph(chance, words, often) for _ in range(count))
            (corpus / f"{number:06}.txt").write_text(text + "\n", encoding="utf-8")
        (folder / "written").touch()
    return replace(settings, corpus=corpus, data=folder / "data")


def _paragraph(chance: random.Random, words: Sequence[str], often: Sequence[float]) -> str:
    """Return two sentences, long enough that no neighbour is joined to them."""
    sentences = (" ".join(chance.choices(words, often, k=chance.randint(14, 24))) for _ in range(2))
    return " ".join(f"{sentence.capitalize()}." for sentence in sentences)


def _questions(index: Index) -> Iterator[str]:
    """Yield questions made of the first words of passages all over the corpus."""
    step = max(1, index.passage_count // _QUESTIONS)
    for passage in index.passages(range(0, index.passage_count, step)[:_QUESTIONS]):
        text = index.document(passage.document_id).text[passage.start : passage.end]
        yield " ".join(text.split()[:_QUESTION_WORDS])[:120] + "?"


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _spent(call: Callable[[], object]) -> tuple[float, float]:
    """Return the processor seconds of a call, those of its children included, and its seconds by the clock."""
    before, started = os.times(), time.perf_counter()
    call()
    return max(_TICK, sum(os.times()[:4]) - sum(before[:4])), time.perf_counter() - started
