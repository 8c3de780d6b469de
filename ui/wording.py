"""Every word that the page says itself, from `ui/strings/`. Words of documents never pass through here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

STRINGS = Path(__file__).parent / "strings"


def load(language: str = "en") -> Mapping[str, str]:
    """Return the page's words in a language, by name; `{placeholders}` are filled with `str.format`.

    :raises FileNotFoundError: for a language that `ui/strings/` does not have.
    """
    words: dict[str, str] = json.loads((STRINGS / f"{language}.json").read_text(encoding="utf-8"))
    return words
