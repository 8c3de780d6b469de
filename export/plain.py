"""Strangers' words as plain text for a file: what is invisible shown, lines made one, addresses that are safe."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")

# Controls, turners of the writing direction, lone surrogates and characters that are none: they would change how the
# words around them are shown, or cannot be written to a file.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`{}|\\^\x00-\x20\x7f-\x9f]+", re.IGNORECASE)
_LONGEST_ADDRESS = 2_000  # characters


def visible(text: str) -> str:
    """Return the text with line feeds as its only line breaks and each invisible character as U+FFFD."""
    return _INVISIBLE.sub("\ufffd", LINE_BREAK.sub("\n", text))


def one_line(text: str, longest: int | None = None) -> str:
    """Return the text in one line with single blanks, cut to `longest` characters."""
    line = " ".join(visible(text).split())
    return line if longest is None or len(line) <= longest else line[: longest - 1].rstrip() + "…"


def web_address(link: str | None) -> str | None:
    """Return a link that leads to the web and to nothing else, None for any other."""
    if not link or len(link) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(link) or visible(link) != link:
        return None
    try:
        return link if urlsplit(link).hostname else None
    except ValueError:
        return None
