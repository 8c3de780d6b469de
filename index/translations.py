"""Find which text is the translation of which: two languages of one document, or of two documents.

Candidates are few: the languages within a document, and documents that share rare names and numbers. Whether one is
a translation of the other is then told by what their paragraphs mean, in order (see `index/bitext.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, pairwise

import numpy as np

from index import bitext
from index.sentences import Sentence
from models.embedding import Vectors
from schema import UNKNOWN_LANGUAGE, Alignment, Document, Span

SentenceVectors = Callable[[Sequence[int]], list[Vectors]]

MIN_TRANSLATED = 3  # sentences, and paired paragraphs; fewer are too few to be sure of
MIN_COVERED = 0.5  # share of the shorter side that a translation covers
MIN_MARGIN = 0.12  # mean margin of the paired paragraphs; two texts on one subject stay below it
SURE = 0.05  # mean margin of a paragraph's sentences below which the paragraph is paired as a whole
MAX_LANGUAGES = 4  # of one document that are compared with each other, those with most sentences
MAX_PARTNERS = 3  # documents in other languages that one document is compared with
MIN_PARTNER_CUES = 4  # rare names and numbers that two documents share to be compared
RARE = 6  # documents at most that hold a name or number which tells a partner

_Text = tuple[int, str]  # number of the document, language


def find(
    documents: Sequence[Document], sentences: Sequence[Sentence], sentence_vectors: SentenceVectors
) -> Iterator[Alignment]:
    """Yield the spans of originals and translations that say the same, the original as `a`."""
    texts: dict[_Text, list[Sentence]] = {}
    for sentence in sentences:
        language = sentence.passage.language
        if language != UNKNOWN_LANGUAGE:
            texts.setdefault((sentence.document, language), []).append(sentence)
    texts = {key: text for key, text in texts.items() if len(text) >= MIN_TRANSLATED}
    for one, other in _candidates(documents, texts):
        sides = [_Side.of(documents, texts[key], sentence_vectors) for key in (one, other)]
        beads = bitext.align(sides[0].paragraphs, sides[1].paragraphs)
        if _is_translation(sides, beads):
            yield from _spans(documents, sides, beads)


def _candidates(documents: Sequence[Document], texts: dict[_Text, list[Sentence]]) -> list[tuple[_Text, _Text]]:
    """Return the pairs worth comparing: languages of one document, documents that share rare names and numbers."""
    keys = sorted(texts)
    pairs: list[tuple[_Text, _Text]] = []
    for _, group in groupby(keys, key=lambda key: key[0]):
        largest = sorted(group, key=lambda key: -len(texts[key]))[:MAX_LANGUAGES]
        pairs += combinations(sorted(largest), 2)
    places: dict[str, list[_Text]] = {}
    for key in keys:
        text = "\n".join(documents[s.document].text[s.span.start : s.span.end] for s in texts[key])
        for cue in bitext.cues(text):
            if len(cue) > 1:
                places.setdefault(cue, []).append(key)
    shared: Counter[tuple[_Text, _Text]] = Counter()
    for holders in places.values():
        if len(holders) <= RARE:
            shared.update((a, b) for a in holders for b in holders if a[0] < b[0] and a[1] != b[1])
    partners: Counter[_Text] = Counter()
    for (a, b), count in shared.most_common():
        if count >= MIN_PARTNER_CUES and max(partners[a], partners[b]) < MAX_PARTNERS:
            partners.update((a, b))
            pairs.append((a, b))
    return pairs


@dataclass(frozen=True, slots=True)
class _Side:
    """One language of one document: its sentences, and its paragraphs as ranges of them."""

    sentences: Sequence[Sentence]
    units: bitext.Units
    paragraphs: bitext.Units
    ranges: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, documents: Sequence[Document], text: Sequence[Sentence], vectors: SentenceVectors) -> _Side:
        """Take the sentences of a text together by the blocks that they stand in."""
        ids = list(dict.fromkeys(s.passage.id for s in text))
        rows = dict(zip(ids, vectors(ids), strict=True))
        document = documents[text[0].document]
        pieces = [document.text[s.span.start : s.span.end] for s in text]
        units = bitext.Units(
            _centred(np.stack([rows[s.passage.id][s.number] for s in text])),
            np.array([len(piece) for piece in pieces], np.float64),
            tuple(bitext.cues(piece) for piece in pieces),
        )
        starts = [block.start for block in document.blocks]
        blocks = [bisect_right(starts, s.span.start) for s in text]
        cuts = [0, *(k for k in range(1, len(text)) if blocks[k] != blocks[k - 1]), len(text)]
        ranges = tuple(pairwise(cuts))
        return cls(text, units, units.joined(ranges), ranges)

    def span(self, start: int, end: int) -> Span:
        return Span(self.sentences[start].span.start, self.sentences[end - 1].span.end)

    def translated(self) -> tuple[bool, int, int]:
        """Order the original before its translation: by role, else by place."""
        translation = sum(s.passage.role == "translation" for s in self.sentences) > len(self.sentences) // 2
        return translation, self.sentences[0].document, self.sentences[0].span.start


def _centred(vectors: Vectors) -> Vectors:
    """Take away what all sentences of a text share: its subject, and the title embedded in front of each."""
    own = vectors - vectors.mean(axis=0)
    norms = np.linalg.norm(own, axis=1, keepdims=True)
    return np.asarray(own / np.where(norms > 0, norms, 1), np.float32)


def _is_translation(sides: Sequence[_Side], beads: Sequence[bitext.Bead]) -> bool:
    """Tell a translation from two texts that touch the same matters: most of the shorter one has a counterpart."""
    if len(beads) < MIN_TRANSLATED or float(np.mean([bead.margin for bead in beads])) < MIN_MARGIN:
        return False
    lengths = [side.paragraphs.lengths for side in sides]
    covered = [
        sum(float(lengths[0][bead.a_start : bead.a_end].sum()) for bead in beads) / float(lengths[0].sum()),
        sum(float(lengths[1][bead.b_start : bead.b_end].sum()) for bead in beads) / float(lengths[1].sum()),
    ]
    return max(covered) >= MIN_COVERED


def _spans(documents: Sequence[Document], sides: Sequence[_Side], beads: Sequence[bitext.Bead]) -> Iterator[Alignment]:
    """Cut paired paragraphs into paired sentences where that is sure, and name the original first."""
    swap = sides[0].translated() > sides[1].translated()
    ids = [documents[side.sentences[0].document].id for side in sides]
    for bead in beads:
        a = (sides[0].ranges[bead.a_start][0], sides[0].ranges[bead.a_end - 1][1])
        b = (sides[1].ranges[bead.b_start][0], sides[1].ranges[bead.b_end - 1][1])
        inner = bitext.align(sides[0].units.part(*a), sides[1].units.part(*b), complete=True)
        if not inner or float(np.mean([x.margin for x in inner])) < SURE:
            inner = [bitext.Bead(0, a[1] - a[0], 0, b[1] - b[0], bead.margin)]
        for x in inner:
            one = sides[0].span(a[0] + x.a_start, a[0] + x.a_end)
            other = sides[1].span(b[0] + x.b_start, b[0] + x.b_end)
            if swap:
                yield Alignment(ids[1], other, ids[0], one, "translation")
            else:
                yield Alignment(ids[0], one, ids[1], other, "translation")
