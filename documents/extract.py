"""What a format reader hands to the kinds: the text, and what the file's own markup says of its spans."""

from __future__ import annotations

from dataclasses import dataclass, field

from schema import Box, Kind, Role, Time


@dataclass(frozen=True, slots=True)
class Mark:
    """What a file's markup says of one span. Marks are in order and never overlap.

    A span without a mark is plain text: the kinds cut it into paragraphs. `level` is a heading's, from 1; `page`
    counts from 1; `list_item` tells an entry of a list from a paragraph.
    """

    start: int
    end: int
    role: Role = "body"
    level: int | None = None
    page: int | None = None
    boxes: tuple[Box, ...] = ()
    time: Time | None = None
    speaker: str | None = None
    speaker_inferred: bool = False  # carried over from an earlier cue, not stated here
    list_item: bool = False


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of one file, as it will be stored, with its marks and what its metadata states."""

    text: str
    format: str  # "plain", "markdown", "html", "pdf", "docx", "epub", "subtitles"
    marks: tuple[Mark, ...] = ()
    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None  # ISO 8601
    link: str | None = None
    language: str | None = None
    kind: Kind | None = None  # where the format tells: subtitles are a transcript
    warnings: tuple[str, ...] = field(default=())
