"""A writer at a fake endpoint, and what it writes in one piece: what the tests of language models share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.endpoint import Endpoint
from models.language import Writer

SCHEMA = {
    "type": "object",
    "properties": {
        "claims": {"type": "array", "items": {"type": "object", "properties": {"passage": {"enum": [1, 2]}}}}
    },
}


def writer_at(url: str, key: str = "", model: str = "stub") -> Writer:
    return Writer(Endpoint(url, model, key, shown="stub", window=8_192, seconds=60), "stub", 8_192)


def write(
    writer: Writer,
    schema: Mapping[str, Any] | None = None,
    user: str = "Question",
    seconds: float = 5.0,
    tokens: int = 100,
) -> str:
    return "".join(writer.write("Rules", user, schema=schema, tokens=tokens, seconds=seconds))
