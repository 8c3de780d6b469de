"""Every word that the page says itself, from `ui/strings/`. Words of documents never pass through here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

STRINGS = Path(__file__).parent / "strings"
LANGUAGES = tuple(sorted(path.stem for path in STRINGS.glob("*.json")))
DEFAULT = "en"


@cache
def load(language: str = DEFAULT) -> Mapping[str, str]:
    """Return the page's words in a language, by name; `{placeholders}` are filled with `str.format`.

    A language that `ui/strings/` does not have gets the default one's words.
    """
    known = language if language in LANGUAGES else DEFAULT
    words: dict[str, str] = json.loads((STRINGS / f"{known}.json").read_text(encoding="utf-8"))
    return words


def choose(accepted: str) -> str:
    """Return the language of ours that an Accept-Language header likes best (RFC 9110, section 12.5.4).

    >>> choose("fr-CH, ja;q=0.8, en;q=0.9")
    'en'
    """
    wishes = [_wish(part) for part in accepted[:500].split(",")]
    known = [(weight, language) for weight, language in wishes if language in LANGUAGES and weight > 0]
    return max(known, key=lambda wish: wish[0])[1] if known else DEFAULT


def _wish(part: str) -> tuple[float, str]:
    tag, _, weight = part.partition(";")
    try:
        value = float(weight.partition("=")[2] or 1)
    except ValueError:
        value = 0.0
    return value, tag.strip().split("-")[0].lower()
