"""What is taken away: answers, collected quotes with a reader's notes, and what a citation does not carry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from schema import Answer, Citation, Document, Kind

EXPORT_FORMAT = 1  # version of the JSON below


@dataclass(frozen=True, slots=True)
class Work:
    """What a reference says of a document beside what each citation of it carries."""

    authors: tuple[str, ...] = ()
    kind: Kind = "text"

    @classmethod
    def of(cls, document: Document) -> Work:
        """Take it from a document."""
        return cls(document.authors, document.kind)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote that a reader collected, with a note of his own."""

    citation: Citation
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """All of one file. `works` are by document id; `made` is the day as ISO 8601.

    `writer` is the name of the language model that wrote the composed answers, "" where that is not known.
    """

    made: str
    answers: tuple[Answer, ...] = ()
    quotes: tuple[Quoted, ...] = ()
    works: Mapping[str, Work] = field(default_factory=dict)
    writer: str = ""

    def work(self, citation: Citation) -> Work:
        """Return the work that a citation quotes; an empty one where its document is gone."""
        return self.works.get(citation.document, Work())

    def quoted(self) -> Iterator[Quoted]:
        """Yield every quote once, in order: those of the answers, then the collected ones.

        A place that was quoted and collected keeps the note.
        """
        notes = {_place(one.citation): one for one in self.quotes}
        cited = [Quoted(citation) for answer in self.answers for citation in answer.citations]
        seen: set[tuple[str, int, int]] = set()
        for one in (*cited, *self.quotes):
            place = _place(one.citation)
            if place not in seen:
                seen.add(place)
                yield notes.get(place, one)


def to_json(bundle: Bundle) -> str:
    r"""Return the bundle as JSON text that can be encoded as UTF-8: lone surrogates stand as `\ud800`."""
    rows: dict[str, Any] = {
        "format": EXPORT_FORMAT,
        "made": bundle.made,
        "writer": bundle.writer if any(answer.mode == "composed" for answer in bundle.answers) else None,
        "answers": [answer.to_json() for answer in bundle.answers],
        "quotes": [{**one.citation.to_json(), "note": one.note} for one in bundle.quotes],
        "works": {name: {"authors": list(work.authors), "kind": work.kind} for name, work in bundle.works.items()},
    }
    text = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    return text.encode(
        "utf-8", "backslashreplace"
    ).decode()  # only strings hold surrogates, where this is JSON's escape


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.document, citation.start, citation.end
