"""Cut a document into passages: runs of whole sentences with true offsets.

A passage is normally one block. A long block is cut between sentences into runs of balanced length, short
neighbours that belong together (the entries of a list) are joined, headings and metadata stand alone, noise is left
out. What is embedded has a heading in front, so that "Why not?" is found by what it answers; what is quoted never has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from schema import Block, Document, Passage, Span
from text.sentences import split
from text.words import fold

LONGEST = 900  # characters; a paragraph of more is cut, for one vector blurs what it says
SHORT = 160  # characters; a block below this (a list entry) says little without its neighbours
JOINED = 500  # characters; joined neighbours stay below this
LONGEST_CONTEXT = 120  # characters of heading or title in front of what is embedded

# Part of the manifest: passages cut in another way are another index.
PARAMETERS = {"longest": LONGEST, "short": SHORT, "joined": JOINED, "context": LONGEST_CONTEXT}

_ALONE = ("heading", "metadata")
_LIST_MARK = re.compile(r"\s*(?:(?:[-*+•·–]|\(?\w{1,3}[.)])\s*)?")  # all that may stand between joined blocks


@dataclass(slots=True)
class _Headings:
    """The headings met so far, so that a passage finds the one that its section path names."""

    ids: dict[str, int] = field(default_factory=dict)

    def add(self, text: str, passage_id: int) -> None:
        self.ids[_name(text)] = passage_id

    def innermost(self, section: Sequence[str]) -> int | None:
        """Return the id of the latest heading with the name of the last part of the path that has one."""
        return next((self.ids[name] for name in map(_name, reversed(section)) if name in self.ids), None)


def segment(document: Document, first_id: int) -> list[Passage]:
    """Return the passages of a document in order, numbered from `first_id`.

    Every character of a block that is neither blank nor noise lies in exactly one sentence of one passage.
    """
    passages: list[Passage] = []
    headings = _Headings()
    for block, sentences in _runs(document):
        start, end = sentences[0].start, sentences[-1].end
        number = first_id + len(passages)
        section = _path_above(block, document.text[start:end])
        passages.append(_passage(document, block, sentences, number, len(passages), headings.innermost(section)))
        if block.role in _ALONE:
            headings.add(document.text[start:end], number)
    return passages


def embedded_passage(passage: Passage, text: str) -> str:
    """Return what is embedded for a whole passage; `text` is the document's. Blanks are single spaces."""
    if len(passage.sentences) == 1:  # the same words as its sentence: one vector serves both
        return embedded_sentences(passage, text)[0]
    return " ".join(f"{passage.context}\n{text[passage.start : passage.end]}".split())


def embedded_sentences(passage: Passage, text: str) -> list[str]:
    """Return what is embedded for each sentence of a passage; `text` is the document's.

    "title: sentence" finds the right sentence of a paragraph more often than the sentence alone (.716 for .616).
    """
    front = f"{passage.context}: " if passage.context else ""
    return [" ".join(f"{front}{text[span.start : span.end]}".split()) for span in passage.sentences]


def _runs(document: Document) -> Iterator[tuple[Block, list[Span]]]:
    """Yield each run of sentences that makes a passage, with the block that says whose it is."""
    group: list[tuple[Block, list[Span]]] = []
    for block in document.blocks:
        sentences = [] if block.role == "noise" else split(document.text, block.start, block.end)
        if not sentences:
            continue
        if group and not _joins(document.text, group, block, sentences):
            yield _flat(group)
            group = []
        if sentences[-1].end - sentences[0].start > LONGEST:
            yield from ((block, run) for run in _balanced(sentences))
        else:
            group.append((block, sentences))
    if group:
        yield _flat(group)


def _flat(group: list[tuple[Block, list[Span]]]) -> tuple[Block, list[Span]]:
    return group[0][0], [span for _, sentences in group for span in sentences]


def _joins(text: str, group: list[tuple[Block, list[Span]]], block: Block, sentences: list[Span]) -> bool:
    """Tell whether a block goes on with the group: short, of the same kind, with nothing left out between."""
    last = group[-1][0]
    if block.role in _ALONE or _belongs(block) != _belongs(last):
        return False
    spans = (sentences, group[-1][1])
    if any(run[-1].end - run[0].start >= SHORT for run in spans):
        return False
    together = sentences[-1].end - group[0][1][0].start
    return together <= JOINED and _LIST_MARK.fullmatch(text, last.end, block.start) is not None


def _belongs(block: Block) -> tuple[object, ...]:
    """Return what must be the same in blocks that become one passage."""
    return (
        block.role, block.section, block.speaker, block.speaker_inferred, block.quoted_by, block.reports,
        block.comment, block.time, block.page, block.language,
    )  # fmt: skip


def _balanced(sentences: list[Span]) -> Iterator[list[Span]]:
    """Cut into as few runs as LONGEST allows, the longest of which is as short as can be (linear partition)."""
    fewest = len(_filled(sentences, LONGEST))
    low, high = 1, LONGEST
    while low < high:
        middle = (low + high) // 2
        if len(_filled(sentences, middle)) <= fewest:
            high = middle
        else:
            low = middle + 1
    yield from _filled(sentences, low)


def _filled(sentences: list[Span], limit: int) -> list[list[Span]]:
    """Fill runs of at most `limit` characters from the front; a longer sentence is a run of its own."""
    runs = [[sentences[0]]]
    for before, sentence in pairwise(sentences):
        if sentence.end - runs[-1][0].start > limit:
            runs.append([sentence])
        else:
            assert runs[-1][-1] is before
            runs[-1].append(sentence)
    return runs


def _path_above(block: Block, text: str) -> tuple[str, ...]:
    """Return the section path over a block; a heading may count itself in, which is not above it."""
    section = block.section
    if block.role in _ALONE and section and _name(section[-1]) == _name(text):
        return section[:-1]
    return section


def _passage(
    document: Document, block: Block, sentences: list[Span], number: int, position: int, heading: int | None
) -> Passage:
    start, end = sentences[0].start, sentences[-1].end
    above = _path_above(block, document.text[start:end])
    context = " ".join((above[-1] if above else document.title).split())[:LONGEST_CONTEXT].strip()
    return Passage(
        id=number,
        document_id=document.id,
        position=position,
        start=start,
        end=end,
        sentences=tuple(sentences),
        role=block.role,
        section=block.section,
        context=context,
        heading=heading,
        speaker=block.speaker,
        speaker_inferred=block.speaker_inferred,
        quoted_by=block.quoted_by,
        reports=block.reports,
        comment=block.comment,
        time=block.time,
        page=block.page,
        language=block.language,
    )


def _name(text: str) -> str:
    """Return a heading in the form in which two spellings of it are compared."""
    return " ".join(fold(text).split())
