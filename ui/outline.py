"""The contents of a document: its headings, its comments, and where the section of a recording changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schema import Block, Document

MOST = 500  # entries; a longer list is cut, for nobody reads it
LONGEST = 160  # characters of an entry


def outline(document: Document) -> dict[str, Any]:
    """Return the contents as JSON for the page.

    An entry is `{"start", "end", "text", "level", "time"}`: the block to open, its words or the speaker of a comment,
    how deep it stands (from 1), and the second at which it is said (null where there is no recording). `format` is
    the file's, `date` the document's.
    """
    entries = list(_entries(document))
    return {
        "document": document.id,
        "title": document.title,
        "link": document.link,
        "date": document.date,
        "format": document.format,
        "entries": entries[:MOST],
        "more": max(0, len(entries) - MOST),
    }


def _entries(document: Document) -> Iterator[dict[str, Any]]:
    section: tuple[str, ...] = ()
    comment: int | None = None
    for block in document.blocks:
        if block.role == "heading":
            section = (*block.section, document.text[block.start : block.end]) if block.section else section
            yield _entry(block, document.text[block.start : block.end], block.level or 1)
        elif block.comment is not None and block.comment != comment:
            comment = block.comment
            yield _entry(block, f"{block.comment}. {block.speaker or '…'}", 2)
        elif block.time and block.section and block.section != section:
            section = block.section
            yield _entry(block, block.section[-1], len(block.section))


def _entry(block: Block, text: str, level: int) -> dict[str, Any]:
    line = " ".join(text.split())
    return {
        "start": block.start,
        "end": block.end,
        "text": line if len(line) <= LONGEST else line[: LONGEST - 1] + "…",
        "level": level,
        "time": block.time and block.time.start_seconds,
    }
