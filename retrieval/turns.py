"""In a conversation a question leads to what answers it: the turn after it, of somebody else."""

from __future__ import annotations

from index.reader import Index
from schema import Passage

_ENDS = ("?", "？", "؟")
_LONGEST = 120  # characters of a question that stands over its answer, as of a heading (index/passages.py)


def answer_to(index: Index, passage: Passage) -> Passage | None:
    """Return the turn that answers a passage, where that ends in a question and somebody else speaks next."""
    if passage.role != "turn" or passage.speaker is None or not _asks(index, passage):
        return None
    after = index.neighbours(passage.id, 0, 1)[-1]
    return after if _replies(after, passage) else None


def question_over(index: Index, passage: Passage) -> str | None:
    """Return the question that a passage answers, None where the passage before asks none."""
    if passage.role != "turn" or passage.position == 0:
        return None
    before = index.neighbours(passage.id, 1, 0)[0]
    if not _replies(passage, before) or not _asks(index, before):
        return None
    asked = before.sentences[-1]
    return " ".join(index.document(before.document_id).text[asked.start : asked.end].split())[-_LONGEST:]


def only_asks(index: Index, passage: Passage) -> bool:
    """Tell whether a turn holds nothing but questions, and so answers none."""
    text = index.document(passage.document_id).text
    return passage.role == "turn" and all(text[s.start : s.end].rstrip().endswith(_ENDS) for s in passage.sentences)


def _replies(passage: Passage, before: Passage) -> bool:
    return (
        passage.position == before.position + 1
        and passage.role == "turn"
        and before.role == "turn"
        and None not in (passage.speaker, before.speaker)
        and passage.speaker != before.speaker
    )


def _asks(index: Index, passage: Passage) -> bool:
    return index.document(passage.document_id).text[passage.start : passage.end].rstrip().endswith(_ENDS)
