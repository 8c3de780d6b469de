"""Tell whether what was typed is a passage of the corpus, pasted to see where it stands, and find its places."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from index.reader import Index
from schema import ScoredPassage, Span
from text.words import fold, is_cjk

_SHORTEST = 30  # characters; of less, the same words stand anywhere by chance
_SHORTEST_CJK = 14
_QUESTION = re.compile(r"[??]\W*$|か。?$")  # who asks what a heading or a speaker asks wants the answer
_PLAIN = re.compile(r"[\W_]+")


def pasted(index: Index, question: str, ranked: Sequence[ScoredPassage]) -> list[tuple[ScoredPassage, Span]]:
    """Return the passages that hold the words typed, each with the sentences that do; none where a question was asked.

    Letters must agree; case, quotes, blanks and punctuation need not.
    """
    typed = _plain(question)
    if _QUESTION.search(question.strip()) or len(typed) < (_SHORTEST_CJK if any(map(is_cjk, typed)) else _SHORTEST):
        return []
    found = [(candidate, _held(index, typed, candidate)) for candidate in ranked]
    return [(candidate, span) for candidate, span in found if span is not None]


def _held(index: Index, typed: str, found: ScoredPassage) -> Span | None:
    """Return the run of a passage's sentences that holds what was typed, or is held by it."""
    text = index.document(found.passage.document_id).text
    sentences = found.passage.sentences
    plain = [_plain(text[span.start : span.end]) for span in sentences]
    at = "".join(plain).find(typed)
    if at >= 0:
        ends = list(accumulate(map(len, plain)))
        first, last = bisect_right(ends, at), bisect_right(ends, at + len(typed) - 1)
        return Span(sentences[first].start, sentences[last].end)
    held = [n for n, words in enumerate(plain) if len(words) >= _SHORTEST_CJK and words in typed]
    longest = sum(len(plain[n]) for n in held)
    return Span(sentences[held[0]].start, sentences[held[-1]].end) if longest >= _SHORTEST else None


def _plain(text: str) -> str:
    return _PLAIN.sub("", fold(text))
