"""Example questions, taken from the documents themselves: names of sections and chapters that are questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest

from schema import Document

MOST = 4  # examples: what a visitor takes in at a glance
SHORTEST, LONGEST = 12, 110  # characters of a Latin heading; a Japanese character says about as much as two of them
COMFORTABLE = 48  # characters: one line on a telephone or a little more

_NUMBERING = re.compile(r"^[\W_]*(?:\w+[ \t]+)?\d{1,3}[.:)、．：][ \t]*")  # "Chapter 2: ", "3. "
_WIDE = re.compile("[\u2e80-\uffdc]")


def questions(documents: Iterable[Document]) -> list[dict[str, str]]:
    """Return at most `MOST` questions as `{"text", "language"}`, in turn from each document and language."""
    groups = [list(islice(group, MOST)) for document in documents for group in _by_language(document)]
    taken = [example for row in zip_longest(*groups) for example in row if example]
    return list({example["text"]: example for example in taken}.values())[:MOST]


def _by_language(document: Document) -> Iterator[list[dict[str, str]]]:
    """Yield the questions of a document, one list for each language, the most comfortable ones first."""
    found: dict[str, dict[str, None]] = {}
    for block in document.blocks:
        heading = document.text[block.start : block.end] if block.role == "heading" else None
        for name in filter(None, (heading, *block.section[-1:])):
            text = _NUMBERING.sub("", " ".join(name.split()))
            if text.endswith(("?", "？")) and SHORTEST <= _width(text) <= LONGEST:
                found.setdefault(block.language, {})[text] = None
    for language, texts in found.items():
        ordered = sorted(texts, key=lambda text: abs(_width(text) - COMFORTABLE))
        yield [{"text": text, "language": language} for text in ordered]


def _width(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))
