"""Fold quotes that say the same, so that five places show five things and three copies are not three sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.reader import Index
from retrieval.query import Query
from schema import Alignment, Also, Relation, ScoredPassage, Span
from text.words import terms

_SAME_WORDS = 0.8  # share of the shorter quote's terms that the other holds
_FEWEST_TERMS = 5  # a quote of fewer terms is in any other by chance
_NEIGHBOURS = 200  # characters between two places of one document that are read as one
_TRANSLATED = 0.8  # share of a quote that a translation must say to stand in its stead
_COVERED = 0.5  # share of the shorter span that an alignment must cover to speak for it


@dataclass(frozen=True, slots=True)
class Folded:
    """One thing that the corpus says: the place that represents it, and where else it stands."""

    found: ScoredPassage
    span: Span
    also: tuple[Also, ...]


@dataclass(slots=True)
class _Group:
    members: list[tuple[ScoredPassage, Span, frozenset[str]]]
    elsewhere: list[Also]


def fold_quotes(index: Index, query: Query, chosen: Sequence[tuple[ScoredPassage, Span]], most: int) -> list[Folded]:
    """Return up to `most` different things, best first, each represented by the place that fits the question.

    That is the recording where a time is asked, the question's language otherwise, the better ranked before the
    worse.
    """
    groups: list[_Group] = []
    for found, span in chosen:
        member = (found, span, _terms(index, found, span))
        same = next((group for group in groups if _says_same(group, member)), None)
        if same is not None:
            same.members.append(member)
        elif len(groups) < most:
            groups.append(_Group([member], _elsewhere(index, found.passage.document_id, span)))
    return [_in_the_questions_language(index, query, _represented(index, query, group)) for group in groups]


def elsewhere(index: Index, document_id: str, span: Span) -> tuple[Also, ...]:
    """Return where else the words of a span stand, by what the index has aligned."""
    return _joined(_elsewhere(index, document_id, span))


def _terms(index: Index, found: ScoredPassage, span: Span) -> frozenset[str]:
    text = index.document(found.passage.document_id).text
    return frozenset(terms(text[span.start : span.end], found.passage.language))


def _elsewhere(index: Index, document_id: str, span: Span) -> list[Also]:
    """Return the other sides of the alignments that the span stands in."""
    places = []
    for pair in index.alignments(document_id, span.start, span.end):
        places.extend(_other_sides(pair, document_id, span))
    return places


def _other_sides(pair: Alignment, document_id: str, span: Span) -> list[Also]:
    sides = []
    if pair.a_document == document_id and _overlap(pair.a, span):
        sides.append(Also(pair.b_document, pair.b.start, pair.b.end, pair.relation))
    if pair.b_document == document_id and _overlap(pair.b, span):
        sides.append(Also(pair.a_document, pair.a.start, pair.a.end, pair.relation))
    return sides


def _overlap(one: Span, other: Span) -> bool:
    """Tell whether two spans share at least half of the shorter."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared >= _COVERED * min(one.end - one.start, other.end - other.start)


def _says_same(group: _Group, member: tuple[ScoredPassage, Span, frozenset[str]]) -> bool:
    found, span, words = member
    if _stands_in(found.passage.document_id, span, group.elsewhere):
        return True
    for _, _, others in group.members:
        fewer = min(len(words), len(others))
        if fewer >= _FEWEST_TERMS and len(words & others) >= _SAME_WORDS * fewer:
            return True
    return False


def _represented(index: Index, query: Query, group: _Group) -> Folded:
    """Choose the member that fits the question and list the others, and what is aligned with it, as "also in"."""
    found, span, _ = max(group.members, key=lambda member: _fit(query, member[0]))
    leads = found is group.members[0][0]  # then it is known already where else its words stand
    places = list(group.elsewhere) if leads else _elsewhere(index, found.passage.document_id, span)
    for other, where, _ in group.members:
        document_id = other.passage.document_id
        if other is not found and not _stands_in(document_id, where, places):
            places.append(Also(document_id, where.start, where.end, _relation(group, document_id, where)))
    return Folded(found, span, _joined(places))


def _in_the_questions_language(index: Index, query: Query, one: Folded) -> Folded:
    """Return the translation into the question's language in a quote's stead, where one says all of it."""
    passage, span = one.found.passage, one.span
    if passage.language == query.language or (query.asks_when and passage.time is not None):
        return one
    pairs = index.alignments(passage.document_id, span.start, span.end)
    for place in one.also:
        if place.relation != "translation" or _covered(pairs, passage.document_id, span, place) < _TRANSLATED:
            continue
        for other in index.passages_of(place.document):
            within = other.start <= place.start and place.end <= other.end
            if within and other.language == query.language:
                found = replace(one.found, passage=other, sentence_scores=(one.found.score,) * len(other.sentences))
                here = Also(passage.document_id, span.start, span.end, "translation")
                elsewhere = [there for there in one.also if there != place]
                return Folded(found, Span(place.start, place.end), _joined([here, *elsewhere]))
    return one


def _covered(pairs: Sequence[Alignment], document_id: str, span: Span, place: Also) -> float:
    """Return the share of a span that is said in a place, by the alignments of both."""
    covered = 0
    for pair in pairs:
        for mine, own, theirs, other in (
            (pair.a_document, pair.a, pair.b_document, pair.b),
            (pair.b_document, pair.b, pair.a_document, pair.a),
        ):
            inside = theirs == place.document and place.start <= other.start and other.end <= place.end
            if mine == document_id and inside:
                covered += max(0, min(own.end, span.end) - max(own.start, span.start))
    return covered / max(span.end - span.start, 1)


def _stands_in(document_id: str, span: Span, places: Sequence[Also]) -> bool:
    """Tell whether a span is, for the most part, one of the places."""
    return any(p.document == document_id and _overlap(Span(p.start, p.end), span) for p in places)


def _joined(places: Sequence[Also]) -> tuple[Also, ...]:
    """Join neighbouring places of one document, so that two aligned sentences are one place to look at."""
    joined: list[Also] = []
    for place in sorted(places, key=lambda p: (p.document, p.relation, p.start)):
        last = joined[-1] if joined else None
        same = last and (last.document, last.relation) == (place.document, place.relation)
        if last and same and place.start - last.end <= _NEIGHBOURS:
            joined[-1] = replace(last, end=max(last.end, place.end))
        else:
            joined.append(place)
    return tuple(joined)


def _relation(group: _Group, document_id: str, span: Span) -> Relation:
    for place in group.elsewhere:
        if place.document == document_id and _overlap(Span(place.start, place.end), span):
            return place.relation
    return "copy"


def _fit(query: Query, found: ScoredPassage) -> tuple[bool, bool, float]:
    passage = found.passage
    return (query.asks_when and passage.time is not None, passage.language == query.language, found.score)
