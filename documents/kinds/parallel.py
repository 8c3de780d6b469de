"""Two stretches of a document that say the same in two languages, paragraph by paragraph.

Paragraphs are matched in order by dynamic programming, as sentences are in Gale and Church, "A program for aligning
sentences in bilingual corpora" (1993): by their lengths, and by what survives translation (numbers, Latin names in
Japanese, capitalised names). One may match two. What stands before the first match costs nothing: a summary there
has no counterpart.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.kinds.draft import Draft
from documents.kinds.lines import visual_width
from text.language import WITHOUT_BLANKS

_MOST = 600  # paragraphs of each side that are compared; what comes later follows the same course
_ANCHOR = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z][A-Za-z0-9-]*")
_BAND = 40  # paragraphs by which one stretch may run ahead of the other beyond the difference of their lengths
_GAP = 0.12  # cost of a paragraph without counterpart
_FAIR = 0.34  # likeness at which matching is worth no more than two gaps
_MERGE = 0.08  # cost of one paragraph that matches two
_LEAST_SHARE = 0.6  # of the shorter stretch that must match
_LEAST_LIKENESS = 0.4


@dataclass(frozen=True, slots=True)
class Pair:
    """Draft `a` of the one stretch matches draft `b` of the other; counted from the start of each."""

    a: int
    b: int
    likeness: float


def align(a: Sequence[Draft], b: Sequence[Draft]) -> list[Pair]:
    """Return the matching paragraphs in order; none where the stretches do not say the same.

    What stands at the beginning of `a` without counterpart costs nothing.
    """
    a, b = a[:_MOST], b[:_MOST]
    if len(a) < 3 or len(b) < 3:
        return []
    likeness = _Likeness(a, b)
    pairs = _best_path(len(a), len(b), likeness)
    matched = {pair.b for pair in pairs}
    mean = sum(pair.likeness for pair in pairs) / max(1, len(pairs))
    return pairs if len(matched) >= _LEAST_SHARE * len(b) and mean >= _LEAST_LIKENESS else []


class _Likeness:
    """How much two paragraphs, or a paragraph and two neighbours, look like translations: 0 to 1.3."""

    def __init__(self, a: Sequence[Draft], b: Sequence[Draft]) -> None:
        self._anchors = [_anchors(a), _anchors(b)]
        self._widths = [[visual_width(d.text) for d in side] for side in (a, b)]
        self._heading = [[d.role == "heading" for d in side] for side in (a, b)]
        seen = Counter(anchor for side in self._anchors for anchors in side for anchor in anchors)
        total = len(a) + len(b)
        self._weight = {anchor: math.log(1 + total / count) for anchor, count in seen.items()}
        common = set().union(*self._anchors[0]) & set().union(*self._anchors[1])
        self._anchors = [[anchors & common for anchors in side] for side in self._anchors]
        sums = [sum(side[-len(b) :] if len(a) > len(b) else side) for side in self._widths]
        self._scale = sums[1] / max(1, sums[0])

    def __call__(self, a: tuple[int, ...], b: tuple[int, ...]) -> float:
        left = set().union(*(self._anchors[0][i] for i in a))
        right = set().union(*(self._anchors[1][i] for i in b))
        whole = sum(self._weight[anchor] for anchor in left | right)
        shared = sum(self._weight[anchor] for anchor in left & right) / whole if whole else 0.3
        width_a = sum(self._widths[0][i] for i in a) * self._scale
        width_b = sum(self._widths[1][i] for i in b)
        length = math.exp(-2 * math.log((width_a + 10) / (width_b + 10)) ** 2)
        headings = any(self._heading[0][i] for i in a), any(self._heading[1][i] for i in b)
        return 0.55 * shared + 0.45 * length + (0.3 if all(headings) else -0.3 if any(headings) else 0)


def _anchors(drafts: Sequence[Draft]) -> list[set[str]]:
    """Return what of each paragraph survives translation."""
    found = []
    for draft in drafts:
        words = _ANCHOR.findall(draft.text[:2_000])
        latin = draft.language in (*WITHOUT_BLANKS, "ru", "ar", "he", "el", "th", "hi")
        found.append({word.lower() for word in words if latin or word[0].isdigit() or word[0].isupper()})
    return found


def _best_path(n: int, m: int, likeness: _Likeness) -> list[Pair]:
    """Fill the table of best scores, row by row, and walk back from its best end."""
    low, high = min(0, n - m) - _BAND, max(0, n - m) + _BAND
    score = [[0.0] * (m + 1) for _ in range(n + 1)]
    step: list[list[tuple[int, int]]] = [[(0, 1)] * (m + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        for j in range(1 if i == 0 else 0, m + 1):
            if j == 0:
                step[i][0] = (1, 0)
                continue
            choices = [(score[i][j - 1] - _GAP, (0, 1))]
            if i:
                choices.append((score[i - 1][j] - _GAP, (1, 0)))
            if low <= i - j <= high and i:
                choices.append((score[i - 1][j - 1] + likeness((i - 1,), (j - 1,)) - _FAIR, (1, 1)))
                choices.extend(_merges(score, i, j, likeness))
            score[i][j], step[i][j] = max(choices)
    return _walk_back(score, step, likeness)


def _merges(score: list[list[float]], i: int, j: int, likeness: _Likeness) -> Iterator[tuple[float, tuple[int, int]]]:
    """Yield the two ways in which one paragraph matches two."""
    if i > 1:
        yield score[i - 2][j - 1] + likeness((i - 2, i - 1), (j - 1,)) - _FAIR - _MERGE, (2, 1)
    if j > 1:
        yield score[i - 1][j - 2] + likeness((i - 1,), (j - 2, j - 1)) - _FAIR - _MERGE, (1, 2)


def _walk_back(score: list[list[float]], step: list[list[tuple[int, int]]], likeness: _Likeness) -> list[Pair]:
    """Follow the steps back from the best end; the remainder of either stretch may be missing."""
    n, m = len(score) - 1, len(score[0]) - 1
    ends = [(score[i][m], i, m) for i in range(n + 1)] + [(score[n][j], n, j) for j in range(m + 1)]
    _, i, j = max(ends)
    pairs: list[Pair] = []
    while i > 0 and j > 0:
        down, right = step[i][j]
        if down and right:
            like = likeness(tuple(range(i - down, i)), tuple(range(j - right, j)))
            pairs.extend(Pair(x, y, like) for x in range(i - down, i) for y in range(j - right, j))
        i, j = i - down, j - right
    return sorted(pairs, key=lambda pair: (pair.a, pair.b))
