"""An answerer over documents made in memory, with the real one's interface and the real schema types."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from answering.composing import Stopped
from retrieval.part import Choices
from schema import (
    EVERYTHING,
    Alignment,
    Also,
    Answer,
    Block,
    Citation,
    Document,
    FellBack,
    Filters,
    Role,
    Sentence,
    Span,
    Support,
    Time,
    Turn,
)  # fmt: skip

TALK = "a talk.txt"
ESSAY = "essays/100% sure? #1.txt"
DREAM = "夢.txt"

_TALK = (
    "How do lighthouses work?\r\n\r\n"
    "A lamp alone is a weak thing. The Fresnel lens gathers 𝔞𝔩𝔩 of its light and throws it to the sea 🗼👩🏽‍🚀.\r\n\r\n"
    "Sailors told the lamps apart by their rhythm: caf\u0065\u0301 lights blinked twice, à la carte.\r\n"
)
_ESSAY = (
    "On keeping a light\n\n"
    "The keeper wrote everything down. “No lighthouse was kept by a careless hand,” the old inspector used to say.\n\n"
    "He trimmed the wick at midnight, at two and at four. Nobody thanked him.\n\n"
    + "\n\n".join(f"Entry {n}: wind from the west, {n} ships, the lighthouse burned all night." for n in range(1, 120))
)
_DREAM = "灯台とは何ですか？\n\n灯台は夜に船を導く。光は遠くまで届く。\n\n灯台守は眠らない。"


def document(name: str, text: str, title: str, language: str = "en", speaker: str | None = None) -> Document:
    """Return a document whose blocks are its paragraphs; those that are a question are headings."""
    blocks = []
    for match in re.finditer(r"[^\r\n](?:.*[^\r\n])?", text):
        heading = match[0].endswith(("?", "？")) and len(match[0]) < 60
        role: Role = "heading" if heading else "body"
        time = Time(65.0 + match.start(), 130.9 + match.start(), 0, 5) if speaker and not heading else None
        blocks.append(
            Block(match.start(), match.end(), role, ("Part one", title), speaker=speaker, time=time, language=language)
        )
    return Document(name, text, "0" * 64, title, "text", tuple(blocks), origin=name, languages=(language,))


def library() -> list[Document]:
    """Return three small documents: with CRLF, astral and combining characters, a hard name, and Japanese."""
    return [
        document(TALK, _TALK, "A talk on lighthouses", speaker="Ada Keeper"),
        document(ESSAY, _ESSAY, "On keeping a light"),
        document(DREAM, _DREAM, "灯台の夢", language="ja"),
    ]


def cite(source: Document, start: int, end: int, number: int = 1, **values: object) -> Citation:
    """Return a citation of a span with what its block tells."""
    block = next((b for b in source.blocks if b.start <= start < b.end), None)
    row: dict[str, object] = {
        "number": number, "document": source.id, "title": source.title, "quote": source.text[start:end],
        "start": start, "end": end, "passage": Span(start, end), "section": block.section if block else (),
        "speaker": block.speaker if block else None, "speaker_inferred": False, "quoted_by": None, "date": source.date,
        "link": source.link, "page": None, "language": block.language if block else "und",
        "role": block.role if block else "body", "origin": source.origin, "time": block.time if block else None,
    }  # fmt: skip
    return Citation(**(row | values))  # type: ignore[arg-type]


class FakeIndex:
    """The part of `index.reader.Index` that the page uses."""

    generation = "gen-test"
    notice: str | None = None

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = {document.id: document for document in documents}

    def documents(self) -> list[Document]:
        return list(self._documents.values())

    def titles(self) -> dict[str, str]:
        return {document.id: document.title for document in self._documents.values()}

    def document_ids(self) -> list[str]:
        return list(self._documents)

    def document(self, document_id: str) -> Document:
        return self._documents[document_id]

    def alignments(self, document_id: str, start: int, end: int) -> list[Alignment]:
        del start, end
        pair = Alignment(TALK, Span(0, len(_TALK)), DREAM, Span(10, 20), "translation")
        return [pair] if document_id in (TALK, DREAM) else []


@dataclass(frozen=True)
class FakeWriter:
    """The part of `models.language.Writer` that the page uses."""

    name: str = "Lamp-7B"


class FakeAnswerer:
    """Answer with the sentences that hold a word of the question, at most five; abstain where there are none."""

    writer: FakeWriter | None = None

    def __init__(self, documents: Sequence[Document] | None = None) -> None:
        self.index = FakeIndex(library() if documents is None else documents)
        self.asked: list[tuple[str, tuple[Turn, ...]]] = []
        self.filtered: list[Filters] = []

    def answer(self, question: str, turns: Sequence[Turn] = (), filters: Filters = EVERYTHING, **more: Any) -> Answer:
        self.asked.append((question, tuple(turns)))
        self.filtered.append(filters)
        words = {word for word in re.findall(r"[a-z]{5,}|[\u3040-\u9fff]{2}", question.lower())}
        citations = [citation for _, citation in zip(range(5), self._found(words), strict=False)]
        first = self.index.documents()[0]
        common: dict[str, object] = {
            "id": "",
            "question": question,
            "query": question,
            "language": "en",
            "generation": "gen-test",
        }
        common["filters"] = filters
        if not citations:
            nearest = (cite(first, first.blocks[-1].start, first.blocks[-1].end),)
            return Answer(text="The corpus does not say.", abstained=True, nearest=nearest, **common)  # type: ignore[arg-type]
        text = "\n\n".join(f"{citation.quote} [{citation.number}]" for citation in citations)
        sources = len({citation.origin for citation in citations})
        return Answer(text=text, abstained=False, citations=tuple(citations), sources=sources, **common)  # type: ignore[arg-type]

    def documents_within(self, filters: Filters) -> list[str]:
        """Tell which documents pass, by documents, kinds, languages and speakers of their blocks."""
        return [
            one.id
            for one in self.index.documents()
            if (not filters.documents or one.id in filters.documents)
            and (not filters.kinds or one.kind in filters.kinds)
            and any(
                (not filters.languages or block.language in filters.languages)
                and (not filters.speakers or block.speaker in filters.speakers)
                for block in one.blocks
            )
        ]

    @property
    def choices(self) -> Choices:
        """What there is to filter by: a great many speakers, as in a large corpus."""
        documents = self.index.documents()
        speakers = {"Ada Keeper": 900, **{f"Speaker {number}": 100 - number for number in range(60)}}
        return Choices(
            documents={document.id: len(document.blocks) for document in documents},
            kinds={"text": 5, "transcript": 3},
            languages={"en": 8, "ja": 4},
            speakers=speakers,
        )

    def _found(self, words: set[str]) -> Iterator[Citation]:
        number = 0
        for source in self.index.documents():
            for block in source.blocks:
                text = source.text[block.start : block.end].lower()
                if block.role == "body" and any(word in text for word in words):
                    number += 1
                    also = (Also(DREAM, 10, 20, "translation"),) if source.id == TALK else ()
                    inferred = {"speaker": "The keeper", "speaker_inferred": True, "quoted_by": "Ada Keeper"}
                    yield cite(
                        source, block.start, block.end, number, also=also, **(inferred if source.id == ESSAY else {})
                    )


Written = tuple[
    str, Support, int
]  # a sentence, what was found of it, and which quote of the extractive answer it cites


class Composing(FakeAnswerer):
    """Writes the sentences it is given as the real one does: each when it is let to, or all at once."""

    def __init__(self, *written: Written, fell_back: FellBack | None = None, free: bool = True) -> None:
        super().__init__()
        self.writer = FakeWriter()
        self.written = written
        self.fell_back = fell_back
        self.step = None if free else threading.Semaphore(0)
        self.stopped = threading.Event()
        self.options: list[dict[str, Any]] = []

    def answer(self, question: str, turns: Sequence[Turn] = (), filters: Filters = EVERYTHING, **more: Any) -> Answer:
        self.options.append(more)
        quoted = replace(super().answer(question, turns, filters), id="the same")
        if more.get("mode") == "extractive" or quoted.abstained:
            return quoted
        grown = [quoted]
        more["show"](quoted)
        more["tell"]("writing")
        try:
            for count in range(1, len(self.written) + 1):
                self._wait(grown[-1], more["show"])
                grown.append(_composed(quoted, self.written[:count]))
                more["show"](grown[-1])
            self._wait(grown[-1], more["show"])
        except Stopped:
            self.stopped.set()
            raise
        stands = grown[-1].citations if len(grown) > 1 else ()
        return replace(grown[-1] if stands else quoted, fell_back=self.fell_back)

    def _wait(self, latest: Answer, show: Any) -> None:
        while self.step and not self.step.acquire(timeout=0.05):
            show(latest)


def _composed(quoted: Answer, written: Sequence[Written]) -> Answer:
    text, sentences, citations = "", [], list[Citation]()
    for words, support, at in written:
        if support == "not":
            sentences.append(Sentence(words, None, None, (), support, 0.1))
            continue
        cited = quoted.citations[at % len(quoted.citations)]
        numbers = {(one.document, one.start): one.number for one in citations}
        number = numbers.get((cited.document, cited.start), len(citations) + 1)
        if number > len(citations):
            citations.append(replace(cited, number=number))
        start = len(text) + (1 if text else 0)
        text = f"{text} {words} [{number}]".lstrip() if text else f"{words} [{number}]"
        sentences.append(Sentence(words, start, start + len(words), (number,), support, 0.9))
    sources = len({one.origin for one in citations})
    return replace(
        quoted, text=text, mode="composed", sentences=tuple(sentences), citations=tuple(citations), sources=sources
    )
