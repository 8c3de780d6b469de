"""Find at build time where else the same is said: translations, readings aloud, quotations, copies.

Everything is told from content. What documents say of themselves (roles, kinds, dates) only decides which of two
places is the original. No vector is computed here; those of sentences come from the caller, on demand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from index import shared_words, translations
from index.seeds import Words
from index.sentences import Sentence, collect
from index.translations import SentenceVectors
from schema import Alignment, Document, Passage, Relation, Span

COPY_SHARE = 0.8  # share of the words of both documents that make one a copy of the other
MIN_OVERLAP = 0.7  # share of two spans in common for which they count as one
MIN_READING = 12  # words in a row that are read aloud; shorter ones are the author saying it again elsewhere
_QUOTATION_MARKS = frozenset('"“”„«»‘「」『』')
_QUOTING = {"comment": 1, "quotation": 2}  # who may be quoting whom: higher quotes lower


def align(
    documents: Sequence[Document], passages: Sequence[Passage], sentence_vectors: SentenceVectors
) -> list[Alignment]:
    """Return the pairs of spans that say the same, in the order of the documents.

    :param passages: in any order; their ids are what `sentence_vectors` is asked for.
    :param sentence_vectors: gives for each passage id an array (sentences, d), L2-normalised, centred per language.
    """
    sentences = collect(documents, passages)
    same = list(_same_words(documents, sentences))
    translated = list(translations.find(documents, sentences, sentence_vectors))
    found = [*same, *translated, *_translated_elsewhere(same, translated)]
    order = {document.id: number for number, document in enumerate(documents)}
    return sorted(set(found), key=lambda x: (order[x.a_document], x.a.start, order[x.b_document], x.b.start, x.a.end))


def _same_words(documents: Sequence[Document], sentences: Sequence[Sentence]) -> Iterator[Alignment]:
    words = Words.of(
        [(s.document, s.span.start, documents[s.document].text[s.span.start : s.span.end]) for s in sentences]
    )
    pairs = shared_words.find(words)
    copies = _copies(sentences, pairs, words)
    for shared in _principal(documents, sentences, pairs):
        first, second = sentences[shared.sentence_a], sentences[shared.sentence_b]
        span_first = first.span if shared.whole_a else Span(shared.start_a, shared.end_a)
        span_second = second.span if shared.whole_b else Span(shared.start_b, shared.end_b)
        relation = _relation(documents, first, second, copies)
        if relation is None:
            continue
        if _rank(documents, first, span_first, relation) > _rank(documents, second, span_second, relation):
            first, second, span_first, span_second = second, first, span_second, span_first
        yield Alignment(documents[first.document].id, span_first, documents[second.document].id, span_second, relation)


def _principal(
    documents: Sequence[Document], sentences: Sequence[Sentence], pairs: Sequence[shared_words.Shared]
) -> Iterator[shared_words.Shared]:
    """Leave out, between a recording and a text, what the text says once more elsewhere: only one place is read."""
    longest: dict[tuple[int, int], float] = {}
    spoken: list[int | None] = []
    for shared in pairs:
        documents_of = [sentences[k].document for k in (shared.sentence_a, shared.sentence_b)]
        recorded = [documents[d].kind == "transcript" for d in documents_of]
        side = None if recorded[0] == recorded[1] else shared.sentence_a if recorded[0] else shared.sentence_b
        spoken.append(side)
        if side is not None:
            key = side, sum(documents_of) - sentences[side].document
            longest[key] = max(longest.get(key, 0.0), shared.chain)
    for shared, side in zip(pairs, spoken, strict=True):
        if side is not None:
            other = shared.sentence_a + shared.sentence_b - side
            if shared.chain < max(MIN_READING, longest[side, sentences[other].document] / 2):
                continue
        yield shared


def _copies(sentences: Sequence[Sentence], pairs: Sequence[shared_words.Shared], words: Words) -> set[tuple[int, int]]:
    """Return the pairs of documents that share most of the words of both."""
    totals: dict[int, float] = {}
    for sentence, weight in zip(sentences, words.sentence_weights.tolist(), strict=True):
        totals[sentence.document] = totals.get(sentence.document, 0.0) + weight
    common: dict[tuple[int, int], float] = {}
    for shared in pairs:
        pair = sentences[shared.sentence_a].document, sentences[shared.sentence_b].document
        common[pair] = common.get(pair, 0.0) + shared.weight
    return {(a, b) for (a, b), weight in common.items() if a != b and weight >= COPY_SHARE * max(totals[a], totals[b])}


def _relation(
    documents: Sequence[Document], first: Sentence, second: Sentence, copies: set[tuple[int, int]]
) -> Relation | None:
    """Name how two places with the same words belong together; None where somebody merely repeats himself."""
    if first.document == second.document:
        roles = {first.passage.role, second.passage.role}
        himself = first.passage.comment is not None and first.passage.comment == second.passage.comment
        return "quotation" if roles & set(_QUOTING) and not (himself and "quotation" not in roles) else None
    if (documents[first.document].kind == "transcript") != (documents[second.document].kind == "transcript"):
        return "reading"
    return "copy" if (first.document, second.document) in copies else "quotation"


def _rank(documents: Sequence[Document], sentence: Sentence, span: Span, relation: Relation) -> tuple[int | str, ...]:
    """Order two places so that the original comes first: read before recorded, own before quoted, early before late."""
    document = documents[sentence.document]
    if relation == "reading":
        return (int(document.kind == "transcript"),)
    marks = sum(c in _QUOTATION_MARKS for c in document.text[max(0, span.start - 2) : span.end + 2])
    quoting = _QUOTING.get(sentence.passage.role, 0)
    return quoting, document.date or "9999", marks, sentence.document, sentence.span.start


def _translated_elsewhere(same: Sequence[Alignment], translated: Sequence[Alignment]) -> Iterator[Alignment]:
    """Join the two findings: what is quoted where a translation exists is translated there, too."""
    originals: dict[str, list[Alignment]] = {}
    for pair in translated:
        originals.setdefault(pair.a_document, []).append(pair)
    starts = {}
    for document, pairs in originals.items():
        pairs.sort(key=lambda pair: pair.a.start)
        starts[document] = [pair.a.start for pair in pairs]
    for pair in same:
        sides = ((pair.a_document, pair.a), (pair.b_document, pair.b))
        for (document, span), (elsewhere, there) in (sides, sides[::-1]):
            pairs = originals.get(document, [])
            for known in pairs[max(0, bisect_right(starts.get(document, []), span.start) - 2) :]:
                if known.a.start >= span.end:
                    break
                if _overlap(known.a, span) >= MIN_OVERLAP:
                    yield Alignment(elsewhere, there, known.b_document, known.b, "translation")


def _overlap(one: Span, other: Span) -> float:
    return (min(one.end, other.end) - max(one.start, other.start)) / (
        max(one.end, other.end) - min(one.start, other.start)
    )
