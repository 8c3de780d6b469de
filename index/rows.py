"""Passages as JSON and back, as the catalogue keeps them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from documents.rows import lean
from schema import Passage, Span, Time


def passage_row(passage: Passage) -> str:
    """Return all of a passage but its id, document and sentences, which have columns of their own."""
    left_out = ("id", "document_id", "sentences")
    return lean({name: value for name, value in asdict(passage).items() if name not in left_out})


def passage_from(number: int, document_id: str, sentences: tuple[Span, ...], row: str) -> Passage:
    """Read back what `passage_row` wrote."""
    values: dict[str, Any] = json.loads(row)
    for name in ("section", "reports"):
        values[name] = tuple(values.get(name, ()))
    values["time"] = Time(**values["time"]) if "time" in values else None
    return Passage(id=number, document_id=document_id, sentences=sentences, **values)
