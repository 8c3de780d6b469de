"""Documents and blocks as JSON and back. Lone surrogates of a hostile text survive (ASCII escapes)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from schema import Block, Box, Document, Time

_DOCUMENT_LISTS = ("authors", "languages", "warnings")


def document_row(document: Document) -> str:
    """Return all of a document but its id, text and blocks, which are kept apart from the rest."""
    values = {name: getattr(document, name) for name in document.__slots__ if name not in ("id", "text", "blocks")}
    return json.dumps(values)


def document_from(document_id: str, text: str, row: str, blocks: tuple[Block, ...]) -> Document:
    """Read back what `document_row` wrote."""
    values: dict[str, Any] = json.loads(row)
    for name in _DOCUMENT_LISTS:
        values[name] = tuple(values[name])
    return Document(id=document_id, text=text, blocks=blocks, **values)


def block_row(block: Block) -> str:
    """Return a block as JSON without what is at its default, which most of it is."""
    return lean(asdict(block))


def block_from(row: str) -> Block:
    """Read back what `block_row` wrote."""
    values: dict[str, Any] = json.loads(row)
    for name in ("section", "reports"):
        values[name] = tuple(values.get(name, ()))
    values["boxes"] = tuple(Box(**box) for box in values.get("boxes", ()))
    values["time"] = Time(**values["time"]) if "time" in values else None
    return Block(**values)


def lean(values: Mapping[str, Any]) -> str:
    """Return JSON without what is at its default. A 0 is not: it is an offset or a position."""
    return json.dumps({name: v for name, v in values.items() if v is not None and v is not False and v != ()})


def outcome_row(outcome: Document | str, goes_on: bool) -> bytes:
    """Return what a reading process answers: a document or the reason why there is none, and whether it goes on.

    JSON and not pickle: what reads hostile files must not be able to make the other side run anything.
    """
    row: dict[str, Any] = {"goes_on": goes_on}
    if isinstance(outcome, str):
        row["reason"] = outcome
    else:
        blocks = [block_row(block) for block in outcome.blocks]
        row |= {"id": outcome.id, "text": outcome.text, "rest": document_row(outcome), "blocks": blocks}
    return json.dumps(row).encode("ascii")


def outcome_from(data: bytes) -> tuple[Document | str, bool]:
    """Read back what `outcome_row` wrote. :raises ValueError, KeyError, TypeError: where it is no such answer."""
    row = json.loads(data)
    if "reason" in row:
        return str(row["reason"]), bool(row["goes_on"])
    blocks = tuple(block_from(block) for block in row["blocks"])
    return document_from(row["id"], row["text"], row["rest"], blocks), bool(row["goes_on"])
