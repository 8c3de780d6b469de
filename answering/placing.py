"""Where words that were found in a document stand: the passage that holds them, for whoever has only the words."""

from __future__ import annotations

from dataclasses import replace

from index.reader import Index
from schema import Document, Passage, Span
from text.sentences import split


def passage_at(index: Index, document: Document, span: Span) -> Passage:
    """Return the passage that holds a span; neighbours as one where it reaches over several.

    What no passage holds (menus and the like are not indexed) is a passage of its own, without context.
    """
    held = [each for each in index.passages_of(document.id) if each.start < span.end and span.start < each.end]
    if not held:
        return Passage(
            -1, document.id, 0, span.start, span.end, tuple(split(document.text, span.start, span.end)), "body"
        )
    held.sort(key=lambda each: each.start)
    inside = next((each for each in held if each.start <= span.start and span.end <= each.end), None)
    if inside is not None:
        return inside
    spans = sorted({each for passage in held for each in passage.sentences}, key=lambda each: each.start)
    start, end = min(each.start for each in held), max(each.end for each in held)
    return replace(held[0], start=start, end=end, sentences=tuple(spans))
