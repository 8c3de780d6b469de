"""In a conversation a question leads to what answers it: the turn after it, of somebody else."""

from __future__ import annotations

from index.passages import LONGEST_CONTEXT
from index.reader import Index
from schema import Passage, Span
from text.sentences import QUESTION_MARKS

_ENDS = tuple(QUESTION_MARKS)


def answer_to(index: Index, passage: Passage) -> Passage | None:
    """Return the turn that answers a passage, where that ends in a question and somebody else speaks next."""
    if passage.role != "turn" or not _is_question(index, passage, passage.sentences[-1]):
        return None
    after = index.neighbours(passage.id, 0, 1)[-1]
    return after if _replies(after, passage) else None


def question_over(index: Index, passage: Passage) -> str | None:
    """Return the question that a passage answers, None where the passage before asks none."""
    if passage.role != "turn" or passage.position == 0:
        return None
    before = index.neighbours(passage.id, 1, 0)[0]
    last = before.sentences[-1]
    if not _replies(passage, before) or not _is_question(index, before, last):
        return None
    return " ".join(_words(index, before, last).split())[-LONGEST_CONTEXT:]


def only_asks(index: Index, passage: Passage) -> bool:
    """Tell whether a turn holds nothing but questions, and so answers none."""
    return passage.role == "turn" and all(_is_question(index, passage, sentence) for sentence in passage.sentences)


def _replies(passage: Passage, before: Passage) -> bool:
    return (
        passage.position == before.position + 1
        and passage.role == "turn"
        and before.role == "turn"
        and None not in (passage.speaker, before.speaker)
        and passage.speaker != before.speaker
    )


def _is_question(index: Index, passage: Passage, sentence: Span) -> bool:
    return _words(index, passage, sentence).rstrip().endswith(_ENDS)


def _words(index: Index, passage: Passage, sentence: Span) -> str:
    return index.document(passage.document_id).text[sentence.start : sentence.end]
