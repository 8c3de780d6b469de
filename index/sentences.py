"""The sentences of a corpus in one line, each with its passage: what alignment compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schema import Document, Passage, Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage; `document` counts in the list of documents, `number` within the passage."""

    document: int
    passage: Passage
    number: int
    span: Span


def collect(documents: Sequence[Document], passages: Sequence[Passage]) -> list[Sentence]:
    """Return the sentences of all passages but noise, in the order of the documents, none overlapping another."""
    numbers = {document.id: number for number, document in enumerate(documents)}
    ordered = sorted(passages, key=lambda p: (numbers[p.document_id], p.start))
    sentences: list[Sentence] = []
    for passage in ordered:
        document = numbers[passage.document_id]
        for number, span in enumerate(passage.sentences):
            last = sentences[-1] if sentences and sentences[-1].document == document else None
            if passage.role != "noise" and span.end > span.start and (last is None or span.start >= last.span.end):
                sentences.append(Sentence(document, passage, number, span))
    return sentences
