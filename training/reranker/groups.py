"""Draws what one step of training sees: questions, each with windows that answer it and windows that do not."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import IterableDataset

from training.reranker.windows import WIDTHS, Library, Window, padded

WINDOWS = 8  # of one question
_POSITIVE, _SAME_DOCUMENT = 2, 3  # windows at most that answer; wrong ones of the same document
_LAID_OUT = 8  # batches that are sorted by length together
_FIRST = 24  # mined sentences that wrong windows are drawn from
# How often a question of each kind is drawn. What people argue about is what Sidenote is asked, so it leads; the
# encyclopaedias bring languages, names and numbers.
SHARES = {
    "argued": 0.35,
    "squad2dev": 0.18,
    "xquad": 0.11,
    "jsquad": 0.08,
    "jaquad": 0.18,
    "covidqa": 0.05,
    "policyqa": 0.05,
}
_ONE_SOURCE = "policyqa"  # the same questions are asked of every company: others' answers are not wrong


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows of several questions, `WINDOWS` each. `labels` (windows, sentences): 1 answers, 0 does not, -1 none."""

    pieces: Tensor
    mask: Tensor
    places: Tensor
    labels: Tensor


class Groups(IterableDataset[Batch]):
    """An endless stream of batches. `mined` and `harder`: wrong sentences by question, see mining.py and train.py."""

    def __init__(
        self, library: Library, mined: np.ndarray, harder: dict[int, list[int]], questions: int, seed: int
    ) -> None:
        self._library, self._mined, self._harder = library, mined, harder
        self._questions, self._seed = questions, seed
        self._by_kind = _by_kind(library)
        self._right = _right(library)

    def __iter__(self) -> Iterator[Batch]:
        worker = torch.utils.data.get_worker_info()
        rng = random.Random(self._seed * 1_000 + (worker.id if worker else 0))
        kinds = list(SHARES)
        weights = [SHARES[kind] for kind in kinds]
        begin, number = self._library.columns["begin"], self._library.columns["question"]
        size = np.diff(begin)[number]
        while True:  # questions of like length go together, so that little is padding
            drawn = [
                rng.choice(self._by_kind[kind]) for kind in rng.choices(kinds, weights, k=_LAID_OUT * self._questions)
            ]
            drawn.sort(key=lambda question: int(size[question]))
            batches = [drawn[at : at + self._questions] for at in range(0, len(drawn), self._questions)]
            rng.shuffle(batches)
            yield from (self.batch(questions, rng) for questions in batches)

    def batch(self, questions: list[int], rng: random.Random) -> Batch:
        """Return the batch of these questions. All its windows have one width, so that little is padding."""
        width = rng.randint(*WIDTHS)
        windows: list[Window] = []
        labels: list[list[float]] = []
        for question in questions:
            right = set(self._library.positives(question))
            context = random.Random(rng.random())
            front = self._library.front(question, context)
            for sentence in self.drawn(question, rng):
                window = self._library.window(front, sentence, context, width)
                windows.append(window)
                labels.append([float(number in right) for number in window.sentences])
        pieces, mask, places = (torch.from_numpy(part).long() for part in padded(windows))
        most = max(map(len, labels))
        rows = torch.tensor([row + [-1.0] * (most - len(row)) for row in labels])
        return Batch(pieces, mask, places, rows)

    def drawn(self, question: int, rng: random.Random) -> list[int]:
        """Return the sentences whose windows stand in the group, right ones first."""
        library = self._library
        answers = library.positives(question)
        right = self._right[self._key(question)]
        document = int(library.columns["document"][question])
        chosen = rng.sample(answers, min(_POSITIVE, len(answers)))
        mined = [int(n) for n in self._mined[question] if n >= 0 and int(n) not in right]
        same = [n for n in mined if n in library.sentences_of(document)]
        others = [n for n in library.sentences_of(document) if n not in right]
        count = _SAME_DOCUMENT if answers else _SAME_DOCUMENT + 1
        chosen += same[:1] + rng.sample(others, min(count - len(same[:1]), len(others)))
        away = self._away(question, document, mined)
        hard = [n for n in self._harder.get(question, ()) if n not in chosen]
        while len(chosen) < WINDOWS:
            if hard and rng.random() < 0.5:
                chosen.append(hard.pop(rng.randrange(min(4, len(hard)))))
            elif away:
                chosen.append(away.pop(rng.randrange(min(_FIRST, len(away)))))
            else:
                chosen.append(rng.choice(others or answers))
        return chosen[:WINDOWS]

    def _away(self, question: int, document: int, mined: list[int]) -> list[int]:
        """Return mined sentences of other documents, of the same source where others may answer as well."""
        columns = self._library.columns
        away = [n for n in mined if n not in self._library.sentences_of(document)]
        if self._library.sets[columns["set"][question]] == _ONE_SOURCE:
            title = columns["title"][document]
            away = [n for n in away if columns["title"][self._library.document_of(n)] == title]
        return away

    def _key(self, question: int) -> tuple[int, int]:
        columns = self._library.columns
        return int(columns["question"][question]), int(columns["pool"][columns["document"][question]])


def _by_kind(library: Library) -> dict[str, list[int]]:
    kinds: dict[str, list[int]] = defaultdict(list)
    for question, (number, left) in enumerate(zip(library.columns["set"], library.columns["left"], strict=True)):
        kind = next(kind for kind in SHARES if library.sets[number].startswith(kind))
        if not left:
            kinds[kind].append(question)
    return kinds


def _right(library: Library) -> dict[tuple[int, int], set[int]]:
    """Return the sentences that answer a question, wherever the same words were asked of the same pool."""
    right: dict[tuple[int, int], set[int]] = defaultdict(set)
    columns = library.columns
    for question in range(len(columns["question"])):
        key = int(columns["question"][question]), int(columns["pool"][columns["document"][question]])
        right[key].update(library.positives(question))
    return right
