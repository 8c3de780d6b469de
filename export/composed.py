"""An answer that a language model wrote, taken apart: which words are its own, and which are only partly supported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schema import Answer, Sentence

_MARKERS = re.compile(r"(?:\s*\[\d{1,3}\])*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer's text. `written` are a model's words: no marker in them is ours.

    `partly` is the sentence of which is to be said, behind this piece, that it is only partly supported.
    """

    text: str
    written: bool = False
    partly: Sentence | None = None


def pieces(answer: Answer) -> Iterator[Piece]:
    """Yield the parts of an answer's text, all of it and in order; a quoted answer is one piece."""
    text, done = answer.text, 0
    for sentence in answer.sentences:
        start, end = sentence.start, sentence.end
        if start is None or end is None or not done <= start <= end <= len(text):
            continue
        yield Piece(text[done:start])
        yield Piece(text[start:end], written=True)
        done = end
        if sentence.support != "supported":
            markers = _MARKERS.match(text, end)
            done = markers.end() if markers else end
            yield Piece(text[end:done], partly=sentence)
    yield Piece(text[done:])


def left_out(answer: Answer) -> list[Sentence]:
    """Return the sentences that a model wrote and that are not shown."""
    return [sentence for sentence in answer.sentences if sentence.start is None]
