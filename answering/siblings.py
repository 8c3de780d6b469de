"""The other items of a list, where a quote is one of them: "Goal 2" and "Goal 3" beside "Goal 1"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from index.reader import Index
from schema import Passage, ScoredPassage, Span
from text.words import fold

_ORDINALS = (
    "first second third fourth fifth sixth firstly secondly thirdly lastly finally erstens zweitens drittens viertens "
    "schließlich primero segundo tercero finalmente premièrement deuxièmement troisièmement enfin"
).split()
_LABEL = re.compile(
    r"\W{0,2}(?:(?P<word>[^\W\d_]+ )?(?P<number>\d{1,2}|[a-h]|[ivx]{1,4})\s?[.:)]|"
    rf"(?P<ordinal>{'|'.join(_ORDINALS)})\b|(?P<bullet>[-*•‣▪●・])\s|第?(?P<count>[一二三四五六七1-9])(?:に|の目標|つ目|点目))"
)
_REACH = 8  # passages before and after that are looked at


def siblings(index: Index, chosen: tuple[ScoredPassage, Span], longest: int) -> list[tuple[ScoredPassage, Span]]:
    """Return all items of the list that a quote begins with an item of, in order; none where it begins with none.

    Items stand in the same section and begin alike: with the same word and a number, with ordinals, with bullets.
    """
    found, span = chosen
    kind = _kind(index, found.passage, span)
    if kind is None:
        return []
    items: list[tuple[ScoredPassage, Span]] = []
    for passage in index.neighbours(found.passage.id, _REACH, _REACH):
        if passage.heading == found.passage.heading or passage.section[:1] == found.passage.section[:1]:
            items += [(replace(found, passage=passage), item) for item in _items(index, passage, kind, longest)]
    return items if len(items) > 1 else []


def _items(index: Index, passage: Passage, kind: str, longest: int) -> list[Span]:
    """Return the items of a kind in a passage, each up to the next, whole sentences that fit."""
    starts = [n for n, span in enumerate(passage.sentences) if _kind(index, passage, span) == kind]
    items = []
    for start, stop in pairwise([*starts, len(passage.sentences)]):
        first = passage.sentences[start]
        ends = [s.end for s in passage.sentences[start:stop] if s.end - first.start <= longest]
        items.append(Span(first.start, max(ends, default=first.end)))
    return items


def _kind(index: Index, passage: Passage, span: Span) -> str | None:
    """Return how an item begins, without what differs between items: "Goal 2: ..." -> "number goal "."""
    label = _LABEL.match(fold(index.document(passage.document_id).text[span.start : span.start + 40]))
    if label is None:
        return None
    if label["number"]:
        return f"number {label['word'] or ''}{label['number'].isdigit()}"
    return "ordinal" if label["ordinal"] else "bullet" if label["bullet"] else "count"
