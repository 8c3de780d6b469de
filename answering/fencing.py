"""Numbered passages for a prompt, each between two lines that its own text can never hold."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from answering.plain import harmless
from index.reader import Index
from schema import Passage

_LIKE_A_FENCE = re.compile(r"[=＝]{3,}")
_LONGEST_LABEL = 200  # characters of a title, section or name
_LINES = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Fenced:
    """Passages as a prompt shows them: `passages[n - 1]` is number n. `left_out` counts those that did not fit."""

    text: str
    boundary: str
    passages: tuple[Passage, ...]
    left_out: int


def fence(
    index: Index,
    passages: Sequence[Passage],
    room: int,
    tokens: Callable[[str], int],
    draw: Callable[[], str] = lambda: secrets.token_hex(8),
) -> Fenced:
    """Return as many passages as there is room for, in their order, each with what its place tells.

    The boundary is drawn anew for each request until no passage holds it, and what looks like a fence without it is
    bent, so that no text of a document, title or name can end its passage or begin another.

    :param room: tokens; a passage that does not fit is left out, shorter ones after it are not.
    :param tokens: says how many a text has at most.
    """
    contents = [_content(index, passage) for passage in passages]
    boundary = draw()
    while any(boundary in content for content in contents):
        boundary = draw()
    fenced: list[str] = []
    kept: list[Passage] = []
    for passage, content in zip(passages, contents, strict=True):
        number = len(kept) + 1
        text = f"=== passage {number} {boundary} ===\n{content}\n=== end {number} {boundary} ===\n"
        if (room_after := room - tokens(text)) >= 0:
            room = room_after
            fenced.append(text)
            kept.append(passage)
    return Fenced("\n".join(fenced).strip(), boundary, tuple(kept), len(passages) - len(kept))


def _content(index: Index, passage: Passage) -> str:
    """Return what stands inside a fence: where the words stand and whose they are, then the words."""
    document = index.document(passage.document_id)
    labels = {
        "Title": document.title,
        "Date": document.date,
        "Section": " › ".join(passage.section),
        "Speaker": passage.speaker,
        "Quoted by": passage.quoted_by,
    }
    head = [f"{name}: {_label(value)}" for name, value in labels.items() if value]
    return "\n".join([*head, "", inside(document.text[passage.start : passage.end])])


def _label(value: str) -> str:
    return _LINES.sub(" ", inside(value[:_LONGEST_LABEL]))


def inside(text: str) -> str:
    """Return text that can stand inside a fence and looks like none."""
    return _LIKE_A_FENCE.sub("==", harmless(text)).strip()
