"""Choose the words of a passage that answer: the best sentence, whole, with neighbours it is read with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schema import ScoredPassage, Span
from text.words import fold

_LABEL = re.compile(r"(?:\*\*|__)?(?P<name>[^:：*_\n]{1,60}?)(?:\*\*|__)?[:：](?:\*\*|__)?\s*")
SHORTEST_QUOTE = 60  # characters; a shorter sentence ("Goal 2.") cannot be understood without its neighbour
_RELATED = 0.3  # of the best sentence's score: below it a neighbour is about something else, where none was read


@dataclass(frozen=True, slots=True)
class Extent:
    """How much to quote: characters at most, and how far below the best sentence a neighbour may score.

    `related` is a difference of sentence scores that the reranker had a part in: 1.2 is 8 in log-odds.
    """

    longest: int
    related: float


# Of 450 characters, the first quote held the answer to .63 of argued questions, of 520 to .66, of 600 to .67.
PLAIN = Extent(520, 1.2)


def best_span(found: ScoredPassage, extent: Extent = PLAIN) -> Span:
    """Return the span to quote: the best sentence, grown by the better neighbour while it fits and is related."""
    scores, sentences = found.sentence_scores, found.passage.sentences
    first = last = max(range(len(scores)), key=scores.__getitem__)
    floor = _RELATED * scores[first] if found.odds is None else scores[first] - extent.related
    while (grown := _grown(scores, sentences, first, last, extent.longest, floor)) is not None:
        first, last = grown
    return Span(sentences[first].start, sentences[last].end)


def without_label(text: str, span: Span, speaker: str | None) -> Span:
    """Return the span without the name of the speaker in front, which is shown beside the quote.

    "**Ada Moor:** It leaks." -> "It leaks."

    :param text: the document's.
    """
    match = _LABEL.match(text, span.start, span.end)
    if match is None or speaker is None or match.end() >= span.end or fold(match["name"]) != fold(speaker):
        return span
    return Span(match.end(), span.end)


def _grown(
    scores: Sequence[float], sentences: Sequence[Span], first: int, last: int, longest: int, floor: float
) -> tuple[int, int] | None:
    """Return the run with one more sentence, or None where none fits."""
    options = []
    if first > 0 and sentences[last].end - sentences[first - 1].start <= longest:
        options.append((scores[first - 1], (first - 1, last)))
    if last + 1 < len(sentences) and sentences[last + 1].end - sentences[first].start <= longest:
        options.append((scores[last + 1], (first, last + 1)))
    if not options:
        return None
    if sentences[last].end - sentences[first].start < SHORTEST_QUOTE:
        return options[-1][1]  # the sentence after it, where there is one: a short one announces what follows
    score, run = max(options)
    return run if score >= floor else None
