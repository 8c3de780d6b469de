"""Reads the sets that the reranker learns from into one form: documents of sentences, questions with what answers.

A set is (pool, questions): wrong sentences are drawn from the same pool of documents. Figures are reported on the
documents that `split.py` leaves out; nothing of those is read here for training.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schema import Span
from text.sentences import split

Row = dict[str, Any]

WRITTEN = Path(__file__).resolve().parent.parent / "questions"


@dataclass(frozen=True, slots=True)
class Text:
    """A document: its sentences in order, each with its speaker where there is one."""

    id: str
    pool: str
    title: str
    section: str
    sentences: tuple[str, ...]
    speakers: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; `answers` are the numbers of the sentences of `document` that answer it, none where none does."""

    text: str
    set: str
    pool: str
    document: str
    answers: tuple[int, ...]


@dataclass(slots=True)
class Sets:
    """Everything read."""

    texts: list[Text] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


def read(folder: Path) -> Sets:
    """Return all sets of a folder laid out like the public ones, and the questions written for this project."""
    sets = Sets()
    for name in ("squad2dev", "jsquad", "jaquad", "jaquad_train", "covidqa", "policyqa"):
        _read_spans(folder, name, sets)
    _read_translated(folder, sets)
    _read_argued(folder / "argued", sets)
    return sets


def rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a file, one JSON object a line."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _read_spans(folder: Path, name: str, sets: Sets) -> None:
    """Read a set whose answers are spans: the sentence in which the span begins is what answers."""
    starts = _read_texts(folder / name, name, sets)
    for row in rows(folder / name / "queries.jsonl"):
        asked = _spanned(row, row["text"], name, name, starts)
        if asked is not None:
            sets.asked.append(asked)


def _read_translated(folder: Path, sets: Sets) -> None:
    """Read the same paragraphs and questions in three languages: each question on the paragraphs of the others."""
    names = ("xquad_en", "xquad_de", "xquad_es")
    words = {name: {row["id"]: row["text"] for row in rows(folder / name / "queries.jsonl")} for name in names}
    for pool in names:
        starts = _read_texts(folder / pool, pool, sets)
        for row in rows(folder / pool / "queries.jsonl"):
            for other in names:
                asked = _spanned(row, words[other][row["id"]], f"{other}>{pool}", pool, starts)
                if asked is not None and other != pool:
                    sets.asked.append(asked)


def sentences_of(row: Row, pool: str) -> list[Span]:
    """Return the sentences of a set's paragraph, as offsets in its text; JSQuAD's begins with a title of its own."""
    text = row["text"]
    begin = text.index("[SEP]") + 5 if pool == "jsquad" and "[SEP]" in text[:80] else 0
    return split(text, begin, len(text))


def _read_texts(folder: Path, pool: str, sets: Sets) -> dict[str, list[tuple[int, int]]]:
    """Add the documents of a folder; return the offsets of their sentences, by document."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for row in rows(folder / "corpus.jsonl"):
        text, title = row["text"], row.get("title") or ""
        found = sentences_of(row, pool)
        if not found:
            continue
        name = str(row["id"])
        spans[name] = [(span.start, span.end) for span in found]
        sentences = tuple(text[span.start : span.end] for span in found)
        sets.texts.append(Text(name, pool, title.replace("_", " "), "", sentences, (None,) * len(sentences)))
    return spans


def _spanned(row: Row, question: str, name: str, pool: str, spans: dict[str, list[tuple[int, int]]]) -> Asked | None:
    document = str(row["doc"])
    if document not in spans:
        return None
    if row.get("impossible"):
        return Asked(question, f"{name}-unanswerable", pool, document, ())
    starts = {answer["start"] for answer in row.get("answers", ())}
    held = {n for start in starts for n, (a, b) in enumerate(spans[document]) if a <= start < b}
    return Asked(question, name, pool, document, tuple(sorted(held))) if held else None


def _read_argued(folder: Path, sets: Sets) -> None:
    """Read the passages of arguments with their questions, and those written over the further passages."""
    for row in (*rows(folder / "corpus.jsonl"), *rows(folder / "more.jsonl")):
        sentences = tuple(row["text"][a:b] for a, b in row["sentences"])
        speakers = tuple(row["speakers"] or (None,) * len(sentences))
        sets.texts.append(Text(row["id"], "argued", row["title"], row["section"] or "", sentences, speakers))
    numbers: Callable[[Row], list[int]] = lambda row: [answer["sentence"] for answer in row["answers"]]  # noqa: E731
    for row in rows(folder / "queries.jsonl"):
        sets.asked.append(_argued(row, numbers(row)))
    for path in sorted(WRITTEN.glob("*.jsonl")):  # kinds.jsonl has questions on nothing in particular
        sets.asked.extend(_argued(row, row["sentences"]) for row in rows(path) if "doc" in row)


def _argued(row: Row, numbers: list[int]) -> Asked:
    """Return the question; a follow-up with the one before in front, as it is asked at run time."""
    text = " ".join([*row["history"][-1:], row["text"]])
    return Asked(text, f"argued-{row['type']}", "argued", row["doc"], tuple(sorted(set(numbers))))
