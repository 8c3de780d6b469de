"""Sentences of the corpus, each true as it stands and false with one name, number or negation swapped."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.reader import Index
from schema import Document, Passage, Span
from text.names import names
from text.swapping import swaps

CHANGES = ("number", "name", "negation")
_LENGTHS = range(40, 401)  # characters of a sentence that says something and can be read at once
_CJK_LENGTHS = range(20, 201)
_ENDS = (".", "!", "。", "！", "”", '"', "」")


@dataclass(frozen=True, slots=True)
class Swapped:
    """A sentence of a document, and the same made false."""

    document: Document
    passage: Passage
    span: Span
    true: str
    false: str
    change: str


def swapped(index: Index, most: int, seed: int) -> list[Swapped]:
    """Return so many swapped sentences of the documents of an index, as many of each change as there can be."""
    rng = random.Random(seed)
    places = list(_sentences(index))
    rng.shuffle(places)
    known = _names(places)
    found: dict[str, list[Swapped]] = {change: [] for change in CHANGES}
    for document, passage, span in places:
        true = document.text[span.start : span.end]
        made = swaps(true, passage.language, known.get(passage.language, []), rng)
        if made:
            false, change = min(made, key=lambda each: len(found[each[1]]))
            found[change].append(Swapped(document, passage, span, true, false, change))
    kept: list[Swapped] = []
    while len(kept) < most and any(found.values()):
        kept += [found[change].pop() for change in CHANGES if found[change]]
    return kept[:most]


def _sentences(index: Index) -> Iterator[tuple[Document, Passage, Span]]:
    for name in index.document_ids():
        document = index.document(name)
        for passage in index.passages_of(name):
            if passage.role in ("heading", "metadata", "noise"):
                continue
            lengths = _CJK_LENGTHS if passage.language in ("ja", "zh", "ko") else _LENGTHS
            for span in passage.sentences:
                text = document.text[span.start : span.end]
                if len(text) in lengths and text.endswith(_ENDS):
                    yield document, passage, span


def _names(places: list[tuple[Document, Passage, Span]]) -> dict[str, list[str]]:
    """Return the names in some sentences by language: what is also written small is none."""
    found: dict[str, dict[str, None]] = {}
    small: set[str] = set()
    for document, passage, span in places:
        text = document.text[span.start : span.end]
        small.update(re.findall(r"(?<![.!?] )\b[a-zà-ÿ]+\b", text))
        for name in names(text, passage.language):
            found.setdefault(passage.language, {})[text[name.start : name.end]] = None
    return {
        language: [name for name in known if not all(word.lower() in small for word in name.split())]
        for language, known in found.items()
    }
