"""Paragraphs of the public sets as sentences, and runs of them as a citation would quote."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from text.language import detect
from training.reranker.sets import rows, sentences_of
from training.reranker.split import left_out

_LANGUAGES = {"jsquad": "ja", "jaquad": "ja", "jaquad_train": "ja", "xquad_de": "de", "xquad_es": "es"}
_ALONE = 0.35  # of the citations quote one sentence, the others some of those around it
_CHARACTERS = {"ja": 350}
_OTHERWISE = 900


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `starts` are the offsets of its sentences in the set's text, `speakers` whose words they are."""

    id: str
    pool: str
    language: str
    sentences: tuple[str, ...]
    starts: tuple[int, ...] = ()
    speakers: tuple[str | None, ...] = ()

    def said(self, numbers: Iterable[int], named: bool) -> tuple[str, ...]:
        """Return sentences; where `named`, with the speaker in front of the first of his, as at run time."""
        told: list[str] = []
        before = None
        for number in numbers:
            speaker = self.speakers[number] if self.speakers else None
            front = f"{speaker}: " if named and speaker and speaker != before else ""
            told.append(front + self.sentences[number])
            before = speaker
        return tuple(told)

    def at(self, offset: int) -> int | None:
        """Return the number of the sentence at an offset of the set's text, None before the first."""
        number = bisect_right(self.starts, offset) - 1
        return number if number >= 0 else None


def paragraphs(folder: Path, pool: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of a set whose answers are spans."""
    for row in rows(folder / "corpus.jsonl"):
        text = row["text"]
        if spans := sentences_of(row, pool):
            sentences = tuple(text[span.start : span.end] for span in spans)
            starts = tuple(span.start for span in spans)
            yield Paragraph(str(row["id"]), pool, _LANGUAGES.get(pool, "en"), sentences, starts)


def argued(sets: Path) -> Iterator[Paragraph]:
    """Yield the passages of arguments."""
    for name in ("corpus.jsonl", "more.jsonl"):
        for row in rows(sets / "argued" / name):
            sentences = tuple(row["text"][a:b] for a, b in row["sentences"])
            speakers = tuple(row["speakers"] or ())
            yield Paragraph(row["id"], "argued", detect(row["text"]), sentences, speakers=speakers)


def around(paragraph: Paragraph, number: int, rng: random.Random) -> tuple[str, ...]:
    """Return a sentence, alone or with some of those around it."""
    if rng.random() < _ALONE:
        return (paragraph.sentences[number],)
    left = rng.randint(0, _CHARACTERS.get(paragraph.language, _OTHERWISE))
    first = last = number
    while True:
        steps = [n for n in (first - 1, last + 1) if 0 <= n < len(paragraph.sentences)]
        steps = [n for n in steps if len(paragraph.sentences[n]) <= left]
        if not steps:
            return paragraph.sentences[first : last + 1]
        step = rng.choice(steps)
        left -= len(paragraph.sentences[step])
        first, last = min(first, step), max(last, step)


def translated(sets: Path, rng: random.Random) -> Iterator[tuple[str, str, str, tuple[str, ...], list[str]]]:
    """Yield group, language, a sentence, the same in another language, and further sentences of its paragraph.

    Sentences are taken for the same where the paragraphs have equally many, in order.
    """
    pools = ("xquad_en", "xquad_de", "xquad_es")
    read = {pool: {each.id: each for each in paragraphs(sets / pool, pool)} for pool in pools}
    out = left_out()["xquad_en"]
    for pool in pools:
        for other in pools:
            for name, paragraph in read[pool].items():
                twin = read[other].get(name)
                if pool == other or name in out or twin is None or len(twin.sentences) != len(paragraph.sentences):
                    continue
                for number, sentence in enumerate(paragraph.sentences):
                    others = [text for text in paragraph.sentences if text != sentence]
                    if others and len(sentence) > 30:
                        group = f"{pool}>{other} {name} {number}"
                        yield group, paragraph.language, sentence, (twin.sentences[number],), others
