"""The vocabulary: what travels between the rooms. Frozen, slotted, and nothing but data.

Offsets (`start`, `end`) are Python string indices into `Document.text`, half-open: `text[start:end]` is the span.
Times are seconds. Scores: higher is better. Languages are ISO 639-1 codes, "und" where none could be told.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from errors import UsageError

Role = Literal[
    "heading", "body", "comment", "quotation", "footnote", "summary", "translation", "turn", "metadata", "noise"
]
Kind = Literal["discussion", "article", "transcript", "text"]
Relation = Literal["translation", "reading", "quotation", "copy"]
InputKind = Literal["question", "keyword", "quotation", "overview", "greeting"]
Outcome = Literal["answered", "partly", "not_in_corpus"]
Mode = Literal["extractive", "composed"]
Support = Literal["supported", "partly", "not"]
# Why an answer was quoted although one written by a language model was asked for: what the model or its endpoint did
# (unreachable, refused, busy, failed, garbled, slow, cut, overflow), what we did (paused after failures, budget), or
# what its words were worth (silent: it found no answer; unsupported: less than half of it stood).
FellBack = Literal[
    "unreachable", "refused", "busy", "failed", "garbled", "slow", "cut", "overflow",
    "paused", "budget", "silent", "unsupported",
]  # fmt: skip

ROLES: tuple[Role, ...] = get_args(Role)
KINDS: tuple[Kind, ...] = get_args(Kind)

ANSWER_FORMAT = 1  # version of the JSON below, for programs that read it
UNKNOWN_LANGUAGE = "und"
MOST_FILTERED = 100  # documents, languages or speakers that one question can be filtered by
LONGEST_FILTERED = 1_000  # characters of the name of each


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of offsets into a stored text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Time:
    """When words are said in a recording, and the line of the document that says so.

    `source_start` and `source_end` are the offsets of that line.
    """

    start_seconds: float
    end_seconds: float
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from the page's lower left corner."""

    page: int  # from 1
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, turn or heading with its place. Blocks of a document are in order and never overlap.

    `speaker` is whose words these are; `quoted_by` who quotes them, where somebody does; `reports` the people
    whose words the block retells or quotes in passing; `comment` counts the comments of a discussion from 1.
    """

    start: int
    end: int
    role: Role
    section: tuple[str, ...] = ()
    level: int | None = None  # of a heading, from 1
    speaker: str | None = None
    speaker_inferred: bool = False
    quoted_by: str | None = None
    reports: tuple[str, ...] = ()
    comment: int | None = None
    time: Time | None = None
    page: int | None = None  # from 1
    boxes: tuple[Box, ...] = ()
    language: str = UNKNOWN_LANGUAGE


@dataclass(frozen=True, slots=True)
class Document:
    """One file as understood. `id` is its path below the corpus folder, with forward slashes.

    `text` is what every offset counts in: the decoded file, or what the extractor made of it. `origin` names the
    work that it is a copy, reading or translation of (its own id where it is an original).
    """

    id: str
    text: str
    sha256: str  # of the file's bytes
    title: str
    kind: Kind
    blocks: tuple[Block, ...]
    authors: tuple[str, ...] = ()
    date: str | None = None  # as ISO 8601 where it could be told
    languages: tuple[str, ...] = ()
    link: str | None = None
    origin: str = ""
    format: str = "plain"
    warnings: tuple[str, ...] = ()  # what a reader should know, e.g. "decoded as cp1252"

    def block_at(self, offset: int) -> Block | None:
        """Return the block at an offset, the one before it where it lies between two; None before the first."""
        number = bisect_right(self.blocks, offset, key=lambda block: block.start) - 1
        return self.blocks[number] if number >= 0 else None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not indexed, and why, in words for the person whose file it is."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Passage:
    """What is indexed: a run of whole sentences of one or more neighbouring blocks.

    `id` counts within one generation of the index, `position` within the document, both from 0. `context` is what
    is embedded in front of the words (title, section, speaker) and is never quoted. `heading` is the id of the
    heading that the passage stands under.
    """

    id: int
    document_id: str
    position: int
    start: int
    end: int
    sentences: tuple[Span, ...]
    role: Role
    section: tuple[str, ...] = ()
    context: str = ""
    heading: int | None = None
    speaker: str | None = None
    speaker_inferred: bool = False
    quoted_by: str | None = None
    reports: tuple[str, ...] = ()
    comment: int | None = None
    time: Time | None = None
    page: int | None = None
    language: str = UNKNOWN_LANGUAGE


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two spans that say the same: `b` is a translation, reading, quotation or copy of `a`."""

    a_document: str
    a: Span
    b_document: str
    b: Span
    relation: Relation


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with how well it fits a query, and the sentence of it that fits best.

    `parts` says what each ranking contributed, by name, for whoever wants to know why. `sentence_scores` are
    aligned with `passage.sentences`. `odds` are the reranker's log-odds that the passage answers, None where it did
    not read it.
    """

    passage: Passage
    score: float
    sentence_scores: tuple[float, ...]
    parts: Mapping[str, float]
    odds: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of a conversation, with what answered it (empty where that is not known)."""

    question: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Also:
    """Where else the same words stand: a translation, a reading aloud, a quotation, a copy."""

    document: str
    start: int
    end: int
    relation: Relation


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote and all that the source tells about it. `quote == text[start:end]`, always."""

    number: int
    document: str
    title: str
    quote: str
    start: int
    end: int
    passage: Span
    section: tuple[str, ...]
    speaker: str | None
    speaker_inferred: bool
    quoted_by: str | None
    date: str | None
    link: str | None
    page: int | None
    language: str
    role: Role
    origin: str
    time: Time | None = None
    also: tuple[Also, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the citation as other programs read it (docs/answer-format.md)."""
        row = asdict(self)
        row["section"] = list(self.section)
        row["also"] = [asdict(place) for place in self.also]
        row["time"] = self.time and {
            "start": self.time.start_seconds,
            "end": self.time.end_seconds,
            "from": self.time.source_start,
            "to": self.time.source_end,
        }
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Citation:
        """Read back what `to_json` wrote. :raises KeyError, TypeError: where it is not such a row."""
        values = dict(row)
        time = values["time"]
        values["passage"] = Span(**values["passage"])
        values["section"] = tuple(values["section"])
        values["also"] = tuple(Also(**place) for place in values["also"])
        values["time"] = time and Time(time["start"], time["end"], time["from"], time["to"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Filters:
    """Where an answer may come from: documents (by id), kinds of document, languages and speakers; empty means all.

    A passage passes that fits one value of every field that has any. Names are compared as they are stored.
    """

    documents: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    languages: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is filtered at all."""
        return bool(self.documents or self.kinds or self.languages or self.speakers)

    def to_json(self) -> dict[str, Any]:
        """Return them as other programs read them (docs/answer-format.md)."""
        return {name: list(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def from_json(cls, row: Any) -> Filters:
        """Read what a program or a browser sent. :raises UsageError: saying what is wrong with it."""
        if not isinstance(row, Mapping):
            raise UsageError("filters must be an object of lists")
        if unknown := [str(name)[:40] for name in row if name not in cls.__slots__]:
            raise UsageError(f"no filter is called {unknown[0]!r}: there are {', '.join(cls.__slots__)}")
        chosen: dict[str, Any] = {name: _names(name, values) for name, values in row.items()}
        if wrong := [kind for kind in chosen.get("kinds", ()) if kind not in KINDS]:
            raise UsageError(f"{wrong[0][:40]!r} is no kind of document: there are {', '.join(KINDS)}")
        return cls(**chosen)


EVERYTHING = Filters()  # no filter: all that the index holds


def _names(field: str, values: Any) -> tuple[str, ...]:
    """Return the values of one filter, each once."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise UsageError(f"the filter {field} must be a list of texts")
    if len(values) > MOST_FILTERED or any(not 0 < len(value) <= LONGEST_FILTERED for value in values):
        raise UsageError(f"the filter {field} takes {MOST_FILTERED} names of {LONGEST_FILTERED} characters at most")
    if any("\ud800" <= character <= "\udfff" for value in values for character in value):
        raise UsageError(f"the filter {field} holds characters that cannot be stored")
    return tuple(dict.fromkeys(values))


@dataclass(frozen=True, slots=True)
class Understood:
    """How what was typed was read, so that a reader sees a wrong reading.

    `follows` is the earlier question that it was taken to lean on. `speakers` and `places` are where it says to look
    (a comment, a summary, a recording, a language). `corrected` pairs words that occur nowhere with those meant.
    """

    kind: InputKind = "question"
    wants: tuple[str, ...] = ()  # kinds of answer, e.g. "list", "comparison"
    follows: str | None = None
    speakers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as other programs read it (docs/answer-format.md)."""
        lists = {name: list(getattr(self, name)) for name in ("wants", "speakers", "places")}
        return {
            "kind": self.kind,
            "follows": self.follows,
            **lists,
            "corrected": [list(pair) for pair in self.corrected],
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Understood:
        """Read back what `to_json` wrote. :raises KeyError, TypeError: where it is not such a row."""
        lists = {name: tuple(row[name]) for name in ("wants", "speakers", "places")}
        corrected = tuple((str(typed), str(meant)) for typed, meant in row["corrected"])
        return cls(kind=row["kind"], follows=row["follows"], corrected=corrected, **lists)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence that a language model wrote, with what the check found (answering/checking.py).

    `start` and `end` are its offsets in `Answer.text`, None where it is not shown there because it is not supported.
    `citations` are the numbers of the quotes it was checked against; `score` is how likely it follows (0 to 1).
    """

    text: str
    start: int | None
    end: int | None
    citations: tuple[int, ...]
    support: Support
    score: float

    def to_json(self) -> dict[str, Any]:
        """Return the sentence as other programs read it (docs/answer-format.md)."""
        return {**asdict(self), "citations": list(self.citations)}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Sentence:
        """Read back what `to_json` wrote. :raises KeyError, TypeError: where it is not such a row."""
        return cls(**{**row, "citations": tuple(row["citations"])})


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked, what the corpus says, and the words it rests on.

    `text` carries markers `[n]` for `citations[n - 1]`. An abstaining answer has no citations; `nearest` then
    holds the closest passages, offered as such. `missing` are words of the question that occur nowhere in the corpus:
    with citations, they are what it does not answer. `sources` counts independent origins, not files. `sentences` are
    those of a composed answer, in the order in which they were written; `fell_back` says why there is no such answer
    although one was asked for.
    """

    id: str
    question: str
    query: str
    text: str
    abstained: bool
    language: str
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    missing: tuple[str, ...] = ()
    mode: Mode = "extractive"
    sentences: tuple[Sentence, ...] = ()
    fell_back: FellBack | None = None
    understood: Understood = Understood()
    filters: Filters = Filters()
    sources: int = 0
    notice: str | None = None
    generation: str = ""
    seconds: float = 0.0

    @property
    def outcome(self) -> Outcome:
        """Tell whether the corpus answers the question, a part of it, or not at all."""
        if self.abstained:
            return "not_in_corpus"
        return "partly" if self.missing else "answered"

    def to_json(self) -> dict[str, Any]:
        """Return the answer as other programs read it (docs/answer-format.md)."""
        return {
            "format": ANSWER_FORMAT,
            "id": self.id,
            "question": self.question,
            "query": self.query,
            "answer": self.text,
            "abstained": self.abstained,
            "outcome": self.outcome,
            "missing": list(self.missing),
            "mode": self.mode,
            "sentences": [sentence.to_json() for sentence in self.sentences],
            "fell_back": self.fell_back,
            "understood": self.understood.to_json(),
            "filters": self.filters.to_json(),
            "language": self.language,
            "citations": [citation.to_json() for citation in self.citations],
            "nearest": [citation.to_json() for citation in self.nearest],
            "sources": self.sources,
            "notice": self.notice,
            "generation": self.generation,
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Answer:
        """Read back what `to_json` wrote. :raises KeyError, TypeError, UsageError: where it is not such a row."""
        values = dict(row)
        if values.pop("format") != ANSWER_FORMAT:
            raise TypeError(f"answer format {row['format']}, expected {ANSWER_FORMAT}")
        values["text"] = values.pop("answer")
        values.pop("outcome")
        values["missing"] = tuple(values["missing"])
        values["understood"] = Understood.from_json(values["understood"])
        values["sentences"] = tuple(Sentence.from_json(item) for item in values.get("sentences", ()))
        values["filters"] = Filters.from_json(values.get("filters", {}))  # answers of before had none
        for name in ("citations", "nearest"):
            values[name] = tuple(Citation.from_json(item) for item in values[name])
        return cls(**values)
