"""Documents, blocks and passages as JSON and back. Lone surrogates of a hostile text survive (ASCII escapes)."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from schema import Block, Box, Document, Passage, Span, Time

_DOCUMENT_LISTS = ("authors", "languages", "warnings")


def document_row(document: Document) -> str:
    """Return all of a document but its id, text and blocks, which have columns and tables of their own."""
    values = {name: getattr(document, name) for name in document.__slots__ if name not in ("id", "text", "blocks")}
    return json.dumps(values)


def document_from(number_id: str, text: str, row: str, blocks: tuple[Block, ...]) -> Document:
    """Read back what `document_row` wrote."""
    values: dict[str, Any] = json.loads(row)
    for name in _DOCUMENT_LISTS:
        values[name] = tuple(values[name])
    return Document(id=number_id, text=text, blocks=blocks, **values)


def block_row(block: Block) -> str:
    """Return a block as JSON without what is at its default, which most of it is."""
    return _lean(asdict(block))


def block_from(row: str) -> Block:
    """Read back what `block_row` wrote."""
    values: dict[str, Any] = json.loads(row)
    for name in ("section", "reports"):
        values[name] = tuple(values.get(name, ()))
    values["boxes"] = tuple(Box(**box) for box in values.get("boxes", ()))
    values["time"] = Time(**values["time"]) if "time" in values else None
    return Block(**values)


def passage_row(passage: Passage) -> str:
    """Return all of a passage but its id, document and sentences, which have columns of their own."""
    left_out = ("id", "document_id", "sentences")
    return _lean({name: value for name, value in asdict(passage).items() if name not in left_out})


def passage_from(number: int, document_id: str, sentences: tuple[Span, ...], row: str) -> Passage:
    """Read back what `passage_row` wrote."""
    values: dict[str, Any] = json.loads(row)
    for name in ("section", "reports"):
        values[name] = tuple(values.get(name, ()))
    values["time"] = Time(**values["time"]) if "time" in values else None
    return Passage(id=number, document_id=document_id, sentences=sentences, **values)


def _lean(values: dict[str, Any]) -> str:
    """Leave out what is at its default. A 0 is not: it is an offset or a position."""
    return json.dumps({name: v for name, v in values.items() if v is not None and v is not False and v != ()})
