"""Builds what the reranker reads: a question, and a sentence among its neighbours under title, section and speaker.

The form is that of run time (`models/reranker.py`); title, section and speaker are dropped, swapped or made up at
random, because public sets have few of them and a corpus has them in every combination.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Pieces = npt.NDArray[np.int32]

BEGIN, PAD, END = 0, 1, 2
QUESTION_PIECES = 48
CONTEXT_PIECES = 32
LONGEST_SENTENCE = 120  # pieces; what comes after is not read
THINNED, LOST = 0.3, 0.1  # questions that lose pieces in training, and how many of them: typing is not perfect
WIDTHS = (48, 128)  # pieces of a window's sentences, drawn at random between


@dataclass(frozen=True, slots=True)
class Window:
    """What is read at once: pieces, which sentence each belongs to (-1 for none), and the sentences' numbers."""

    pieces: Pieces
    places: Pieces
    sentences: tuple[int, ...]


class Library:
    """The packed sets, by number. Sentences are numbered through all documents."""

    def __init__(self, packed: Mapping[str, Any]) -> None:
        names = ("pieces", "begin", "sentence", "speaker", "title", "section", "question", "first", "pool", "set")
        self.columns = {name: np.asarray(packed[name]) for name in (*names, "document", "left", "left_document")}
        self.sets = [str(name) for name in packed["sets"]]
        self.pools = [str(name) for name in packed["pools"]]
        at, flat = packed["answers_first"], packed["answers"]
        self.answers = [tuple(map(int, flat[a:b])) for a, b in itertools.pairwise(at)]
        self._fixed = {name: self.text(packed[f"fixed_{name}"][0]) for name in ("query", "passage", "colon")}
        speaker = self.columns["speaker"]
        self._speakers = np.unique(speaker[np.diff(self.columns["begin"])[speaker] > 0])

    def text(self, number: int) -> Pieces:
        """Return the pieces of a text."""
        begin = self.columns["begin"]
        return np.asarray(self.columns["pieces"][begin[number] : begin[number + 1]])

    def document_of(self, sentence: int) -> int:
        """Return the number of the document that a sentence stands in."""
        return int(np.searchsorted(self.columns["first"], sentence, "right")) - 1

    def sentences_of(self, document: int) -> range:
        """Return the numbers of a document's sentences."""
        return range(int(self.columns["first"][document]), int(self.columns["first"][document + 1]))

    def positives(self, question: int) -> list[int]:
        """Return the numbers of the sentences that answer a question."""
        first = self.sentences_of(int(self.columns["document"][question])).start
        return [first + number for number in self.answers[question]]

    def front(self, question: int, rng: random.Random | None = None) -> Pieces:
        """Return what stands before the window: the question between marks. With `rng`, pieces of some are lost."""
        words = self.text(self.columns["question"][question])
        if rng is not None and rng.random() < THINNED and len(words) > 4:
            words = words[[rng.random() > LOST for _ in words]]
        asked = np.concatenate([self._fixed["query"], words])
        return np.concatenate([[BEGIN], asked[:QUESTION_PIECES], [END, END]]).astype(np.int32)

    def window(self, front: Pieces, sentence: int, rng: random.Random | None = None, width: int = WIDTHS[1]) -> Window:
        """Return the window around a sentence; without `rng` its context is whole, as at run time."""
        document = self.document_of(sentence)
        held = self._around(sentence, document, width)
        context = self._context(document, sentence, rng)
        pieces = [front, self._fixed["passage"], context]
        places = [np.full(len(part), -1, np.int32) for part in pieces]
        for place, number in enumerate(held):
            text = self.text(self.columns["sentence"][number])[:LONGEST_SENTENCE]
            pieces.append(text)
            places.append(np.full(len(text), place, np.int32))
        pieces.append(np.array([END], np.int32))
        places.append(np.array([-1], np.int32))
        return Window(np.concatenate(pieces), np.concatenate(places), tuple(held))

    def _around(self, sentence: int, document: int, width: int) -> list[int]:
        """Return the sentence with its neighbours, the following one first, while they fit."""
        own = self.sentences_of(document)
        first = last = sentence
        left, grew = width - self._size(sentence), True
        while grew:
            grew = False
            for number in (last + 1, first - 1):
                if number in own and self._size(number) <= left:
                    left -= self._size(number)
                    first, last, grew = min(first, number), max(last, number), True
        return list(range(first, last + 1))

    def _size(self, sentence: int) -> int:
        return min(len(self.text(int(self.columns["sentence"][sentence]))), LONGEST_SENTENCE)

    def _context(self, document: int, sentence: int, rng: random.Random | None) -> Pieces:
        """Return section (or title) and speaker, each followed by a colon, as far as they are there."""
        title, section = self.columns["title"][document], self.columns["section"][document]
        speaker = self.columns["speaker"][sentence]
        parts = [section if len(self.text(section)) else title, speaker]
        if rng is not None:
            drawn = rng.random()
            parts[0] = title if drawn < 0.25 else parts[0]
            if drawn > 0.7:
                parts[0] = -1
            if rng.random() < 0.25:
                parts[1] = -1
            elif rng.random() < 0.15:
                parts[1] = rng.choice(self._speakers)
        pieces: list[Pieces] = []
        for part in parts:
            if part >= 0 and len(self.text(part)):
                pieces += [self.text(part)[:CONTEXT_PIECES], self._fixed["colon"]]
        return np.concatenate(pieces) if pieces else np.zeros(0, np.int32)


def padded(windows: Sequence[Window]) -> tuple[Pieces, Pieces, Pieces]:
    """Return pieces, mask and places of windows as arrays of one length."""
    length = max(len(window.pieces) for window in windows)
    pieces = np.full((len(windows), length), PAD, np.int32)
    places = np.full((len(windows), length), -1, np.int32)
    for row, window in enumerate(windows):
        pieces[row, : len(window.pieces)] = window.pieces
        places[row, : len(window.places)] = window.places
    return pieces, (np.arange(length) < np.array([[len(window.pieces)] for window in windows])).astype(np.int32), places
