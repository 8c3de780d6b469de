"""Choose which passages to quote and how much of each: fewer where fewer answer, several where several are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from answering.quotes import PLAIN, Extent, best_span
from answering.siblings import siblings
from index.reader import Index
from retrieval.query import Query
from retrieval.retriever import Ranking
from schema import ScoredPassage, Span
from text.words import terms

Chosen = tuple[ScoredPassage, Span]


@dataclass(frozen=True, slots=True)
class _Margin:
    """How far below the best a passage may score and be quoted still, and how much of it is quoted.

    `read` is a difference, for scores that the reranker had a part in; `ratio` a share of the best, for others.
    """

    read: float
    ratio: float
    extent: Extent


# On 680 argued questions a difference of .2 shows 2.2 quotes of which .57 answer, .25 shows 2.5 of which .55 do, and
# the answer is among them in .82 instead of .80; of what is below, few do.
_ONE = _Margin(0.25, 0.7, PLAIN)
_SEVERAL = _Margin(0.5, 0.6, Extent(600, 1.5))  # a list or two sides: .77 of their points instead of .70
_COMPARES = 0.4  # likelihood from which a question is taken to compare
_LISTS = 0.4  # the same, to ask for a list
_LIST_AMONG = 2  # first quotes, one of which may be an item of the list that is asked for
_KEYWORD = 0.5  # the same, to be bare words
_OTHER_SIDE = 0.4  # share of the words still missing that a quote must bring to be the other side of a comparison
_LEAD_IN = (":", "：")  # what ends so announces what follows and says nothing by itself


def choose(index: Index, ranking: Ranking) -> list[Chosen]:
    """Return the passages that bear on the question with the words to quote, best first."""
    query, passages = ranking.query, ranking.passages
    if not passages:
        return []
    margin = _margin(max(query.kinds.get("list", 0.0), query.kinds.get("comparison", 0.0)))
    best = passages[0].score
    read = passages[0].odds is not None
    floor = best - margin.read if read else min(margin.ratio * best, best)
    bearing = [found for found in passages if found.score >= floor]
    if query.kinds.get("keyword", 0.0) > _KEYWORD:
        bearing = [found for found in bearing if found.parts.get("lexical", 0.0) > 0] or bearing
    chosen = [_with_what_follows(index, found, best_span(found, margin.extent), margin.extent) for found in bearing]
    chosen = [one for one in chosen if any(map(str.isalnum, _text(index, one)))] or chosen  # "..." says nothing
    said = [one for one in chosen if not (one[1] == _best(one[0]) and _is_lead_in(index, one))] or chosen
    if query.kinds.get("list", 0.0) > _LISTS:
        said = _with_siblings(index, said, margin.extent.longest)
    return _with_other_side(index, query, said) if query.kinds.get("comparison", 0.0) > _COMPARES else said


def _with_siblings(index: Index, chosen: Sequence[Chosen], longest: int) -> list[Chosen]:
    """Return the quotes with the other items of the first one that is an item of a list, in the list's order."""
    for at, one in enumerate(chosen[:_LIST_AMONG]):
        if items := siblings(index, one, longest):
            return [*chosen[:at], *items, *chosen[at + 1 :]]
    return list(chosen)


def _margin(several: float) -> _Margin:
    """Return the margin where several things are asked for with that likelihood: a preference, not a switch."""

    def between(one: float, other: float) -> float:
        return one + several * (other - one)

    one, many = _ONE.extent, _SEVERAL.extent
    extent = Extent(round(between(one.longest, many.longest)), between(one.related, many.related))
    return _Margin(between(_ONE.read, _SEVERAL.read), between(_ONE.ratio, _SEVERAL.ratio), extent)


def _with_what_follows(index: Index, found: ScoredPassage, span: Span, extent: Extent) -> Chosen:
    """Return the quote; one that only announces what follows with that, or with what follows in its stead."""
    if not _is_lead_in(index, (found, _best(found))):
        return found, span
    end = _last_end(found, span.start, span.end, extent.longest)
    if end > span.end:
        return found, Span(span.start, end)
    passage = found.passage
    for after in index.neighbours(passage.id, 0, 1):
        if after.position == passage.position + 1 and after.heading == passage.heading and after.role == passage.role:
            items = replace(found, passage=after, sentence_scores=(found.score,) * len(after.sentences))
            first = after.sentences[0]
            return items, Span(first.start, _last_end(items, first.start, first.end, extent.longest))
    return found, span


def _best(found: ScoredPassage) -> Span:
    """Return the sentence that fits best."""
    return found.passage.sentences[max(range(len(found.sentence_scores)), key=found.sentence_scores.__getitem__)]


def _last_end(found: ScoredPassage, start: int, end: int, longest: int) -> int:
    """Return where the last sentence ends that still fits."""
    fitting = [span.end for span in found.passage.sentences if span.end > end and span.end - start <= longest]
    return max(fitting, default=end)


def _is_lead_in(index: Index, chosen: Chosen) -> bool:
    return _text(index, chosen).rstrip().endswith(_LEAD_IN)


def _with_other_side(index: Index, query: Query, chosen: Sequence[Chosen]) -> list[Chosen]:
    """Return the quotes with that one second which speaks of what the first does not name."""
    first, rest = chosen[0], chosen[1:]
    said = _terms(index, first)
    missing = {term: weight for term, weight in query.weights.items() if term not in said}
    total = sum(missing.values())
    if not rest or not total:
        return list(chosen)
    brought = [sum(missing[term] for term in _terms(index, other) & missing.keys()) / total for other in rest]
    at = max(range(len(rest)), key=lambda number: brought[number] + rest[number][0].score)
    if brought[at] < _OTHER_SIDE:
        return list(chosen)
    return [first, rest[at], *rest[:at], *rest[at + 1 :]]


def _terms(index: Index, chosen: Chosen) -> frozenset[str]:
    return frozenset(terms(_text(index, chosen), chosen[0].passage.language))


def _text(index: Index, chosen: Chosen) -> str:
    found, span = chosen
    return index.document(found.passage.document_id).text[span.start : span.end]
