"""Whose words a block holds, when they were said and in which comment: what the reader shows beside the text.

A label is no part of the text and counts no offset.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schema import UNKNOWN_LANGUAGE, Block, Document, Role

TOLD_ROLES: tuple[Role, ...] = ("summary", "translation", "quotation", "footnote")  # they change how words are taken
SILENT: tuple[Role, ...] = ("noise", "heading", "metadata")  # nobody's words


def label(document: Document, number: int, start: int) -> dict[str, Any] | None:
    """Return the label of a block as JSON for the page, or None where there is nothing to tell.

    `{"comment", "speaker", "inferred", "quoted_by", "role", "language", "time", "new", "begins"}`: `time` is
    `[start, end]` in seconds; `role` is one of `TOLD_ROLES`; `language` is told where the document has several. `new`
    names those that are other than before, the rest is for a text that is entered here; `begins` tells that a comment
    begins.

    :param start: offset from which the document is shown; nothing is new in a block that began before it.
    """
    block = document.blocks[number]
    if block.role in SILENT:
        return None
    told = _told(document, block)
    if not any(told.values()):
        return None
    before = _before(document, number)
    known = {} if before is None else _told(document, before)
    new = [name for name in ("comment", "speaker", "role", "language", "time") if _changed(name, told, known)]
    begins = "comment" in new and told["comment"] is not None
    if block.comment is not None and {"speaker", "role"} & set(new) and "comment" not in new:
        new.append("comment")  # a comment that goes on after a quotation may have no other name
    if block.start < start:
        new, begins = [], False
    return told | {"new": new, "begins": begins}


def _told(document: Document, block: Block) -> dict[str, Any]:
    several = len(document.languages) > 1 and block.language != UNKNOWN_LANGUAGE
    return {
        "comment": block.comment,
        "speaker": block.speaker,
        "inferred": block.speaker_inferred,
        "quoted_by": block.quoted_by if block.quoted_by != block.speaker else None,
        "role": block.role if block.role in TOLD_ROLES else None,
        "language": block.language if several else None,
        "time": [block.time.start_seconds, block.time.end_seconds] if block.time else None,
    }


def _changed(name: str, told: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    together = ("speaker", "inferred", "quoted_by") if name == "speaker" else (name,)
    return any((told[one] or None) != (known.get(one) or None) for one in together)


def _before(document: Document, number: int) -> Block | None:
    """Return the block before that is somebody's words."""
    return next((block for block in reversed(document.blocks[:number]) if block.role not in SILENT), None)
