"""Asks judged questions of the corpus that the settings name, after bringing its index up to date."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from evaluation.jsonl import Row
from schema import Mode, Turn
from settings import Settings

if TYPE_CHECKING:
    from answering.answerer import Answerer
    from models.embedding import Embedding, Vectors


_PAUSES, _PAUSE = 10, 5.0  # how often, and for how many seconds, a model that failed is waited for


def turns(item: Row) -> list[Turn]:
    """Return the earlier questions of an item as turns; what answered them is not known."""
    return [Turn(question) for question in item.get("history", ())]


def loaded(settings: Settings, off: frozenset[str] = frozenset(), embedding: Embedding | None = None) -> Answerer:
    """Return an answerer over an index that is up to date, without the steps in `off`."""
    from answering.answerer import Answerer
    from index.build import build
    from index.progress import Terminal
    from index.reader import open_index
    from models import embedding as embeddings

    model = embedding or embeddings.load(settings.embedding)
    build(settings, model, Terminal(sys.stderr))
    return Answerer(open_index(settings.data, model), model, settings, off)


def ask(answerer: Answerer, items: Sequence[Row], mode: Mode = "extractive") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the id and the answer of each question, with a progress bar."""
    from tqdm import tqdm

    for item in tqdm(items, desc="asking", unit="question", disable=None):
        answer = answerer.answer(item["question"], turns(item), mode=mode)
        for _ in range(_PAUSES):  # figures are about what the model writes, not about how long it is left alone
            if answer.fell_back != "paused":
                break
            time.sleep(_PAUSE)
            answer = answerer.answer(item["question"], turns(item), mode=mode)
        yield item["id"], {**answer.to_json(), "id": item["id"]}


class Remembering:
    """An embedding model that embeds each question once, for asking the same ones again and again."""

    def __init__(self, model: Embedding) -> None:
        self._model = model
        self._known: dict[str, Vectors] = {}
        self.name, self.fingerprint, self.dimensions = model.name, model.fingerprint, model.dimensions

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return what the model returns, shape (texts, d)."""
        return self._model.passages(texts)

    def question(self, text: str) -> Vectors:
        """Return what the model returns, shape (d,)."""
        if text not in self._known:
            self._known[text] = np.asarray(self._model.question(text))
        return self._known[text]
