"""Example questions, taken from the documents themselves: headings that are questions, with an answer below them.

Titles of chapters do not count: often a site made them up, and what is said below answers something else. A heading
that points back ("Do these …?") comes last: only a reader of the section before understands it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise, zip_longest

from retrieval.cues import leans_on_earlier
from schema import Document
from text.sentences import QUESTION_MARKS

MOST = 4  # examples: what a visitor takes in at a glance
SHORTEST, LONGEST = 12, 110  # characters of a Latin heading; a Japanese character says about as much as two of them
COMFORTABLE = 48  # characters: one line on a telephone or a little more

_NUMBERING = re.compile(r"^[\W_]*(?:\w+[ \t]+)?\d{1,3}[.:)、．：][ \t]*")  # "Chapter 2: ", "3. "
_POLITE = re.compile(r"(?:です|ます|ません|でした|ました|でしょう|ましょう)か[。．]?$")
_WIDE = re.compile("[\u2e80-\uffdc]")


def questions(documents: Iterable[Document]) -> list[dict[str, str]]:
    """Return at most `MOST` questions as `{"text", "language"}`, in turn from each document and language."""
    groups = [list(islice(group, MOST)) for document in documents for group in _by_language(document)]
    taken = [example for row in zip_longest(*groups) for example in row if example]
    return list({example["text"]: example for example in taken}.values())[:MOST]


def _by_language(document: Document) -> Iterator[list[dict[str, str]]]:
    """Yield the questions of a document, one list for each language, the most comfortable ones first."""
    found: dict[str, dict[str, None]] = {}
    for block, below in pairwise(block for block in document.blocks if block.role != "noise"):
        if block.role != "heading" or below.role == "heading":
            continue
        text = line(document.text[block.start : block.end])
        if asks(text) and SHORTEST <= width(text) <= LONGEST:
            found.setdefault(block.language, {})[text] = None
    for language, texts in found.items():
        ordered = sorted(texts, key=lambda text: (leans_on_earlier(text), abs(width(text) - COMFORTABLE)))
        yield [{"text": text, "language": language} for text in ordered]


def asks(text: str) -> bool:
    """Tell whether a line is a question; in Japanese a polite one needs no question mark."""
    return text.endswith(tuple(QUESTION_MARKS)) or _POLITE.search(text) is not None


def line(text: str) -> str:
    """Return a text as one line, without numbering in front."""
    return _NUMBERING.sub("", " ".join(text.split()))


def width(text: str) -> int:
    """Return about how many columns a text takes: a wide character takes two."""
    return len(text) + len(_WIDE.findall(text))
