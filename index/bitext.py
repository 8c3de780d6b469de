"""Align two texts that say the same in different languages, in order, by what their sentences mean.

Dynamic programming over pairs of short runs ("beads": one to one, one to two, …), as Gale & Church 1993 ("A Program
for Aligning Sentences in Bilingual Corpora") with the similarity of sentence vectors in place of lengths alone, as
Thompson & Koehn 2019 ("Vecalign"). Similarity is taken against each unit's own nearest others (Artetxe & Schwenk
2019, "Margin-based Parallel Corpus Mining"), so that one threshold serves languages near and far. What has no
counterpart is passed over at no cost: a summary before the translation, a translation that breaks off.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]

MAX_CELLS = 9_000_000  # units of one side times units of the other: 3,000 paragraphs a side, some 300 MB for a second
NEIGHBOURS = 4  # nearest others that a similarity is measured against
THRESHOLD = 0.06  # margin below which two units do not say the same
CUE_WEIGHT = 0.3  # what full agreement of names and numbers adds to a similarity
LENGTH_WEIGHT = 0.15  # what a length off by a factor e takes from it
PASS = 0.002  # price of passing a unit over: breaks ties in favour of pairing
MERGE = 0.14  # price of each further unit of a bead: the mean of two vectors is like others more than each alone
RIDER = 1.0  # price for each part of a bead that falls short of `THRESHOLD` by itself
BEADS = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1))
INNER_BEADS = (*BEADS, (2, 2), (1, 4), (4, 1), (2, 3), (3, 2))

_CUE = re.compile(r"[0-9][0-9.,:]*[0-9]|[0-9]|[A-Za-z][A-Za-z0-9.+-]*[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Units:
    """One side of an alignment, in order: vectors (n, d), L2-normalised; lengths in characters; names and numbers."""

    vectors: Matrix
    lengths: npt.NDArray[np.float64]
    cues: tuple[frozenset[str], ...]

    def __len__(self) -> int:
        return len(self.lengths)

    def runs(self, size: int) -> Units:
        """Return all runs of `size` units, each as one unit."""
        if size == 1:
            return self
        count = max(0, len(self) - size + 1)
        weights = self.lengths[:, None].astype(np.float32)
        vectors = sum((self.vectors * weights)[k : k + count] for k in range(size))
        lengths = np.sum([self.lengths[k : k + count] for k in range(size)], axis=0).reshape(count)
        cues = tuple(frozenset().union(*self.cues[k : k + size]) for k in range(count))
        return Units(_normalised(np.asarray(vectors, np.float32).reshape(count, -1)), lengths, cues)

    def part(self, start: int, end: int) -> Units:
        """Return the units from `start` to `end` alone."""
        return Units(self.vectors[start:end], self.lengths[start:end], self.cues[start:end])

    def joined(self, ranges: Sequence[tuple[int, int]]) -> Units:
        """Return each range of units as one unit, its vector the mean by length."""
        heavy = self.vectors * self.lengths[:, None].astype(np.float32)
        vectors = np.stack([heavy[start:end].sum(axis=0) for start, end in ranges])
        lengths = np.array([self.lengths[start:end].sum() for start, end in ranges])
        return Units(_normalised(vectors), lengths, tuple(frozenset().union(*self.cues[s:e]) for s, e in ranges))


@dataclass(frozen=True, slots=True)
class Bead:
    """Units `a[a_start:a_end]` say the same as `b[b_start:b_end]`; `margin` tells how surely."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    margin: float


def cues(text: str) -> frozenset[str]:
    """Return what stays the same in translation: numbers, and words in Latin letters (names, in other scripts)."""
    return frozenset(match.group().lower().strip(".,:") for match in _CUE.finditer(text))


def align(a: Units, b: Units, *, complete: bool = False) -> list[Bead]:
    """Return the beads of the best monotone alignment of `a` and `b`.

    `complete`: every unit has a counterpart (the sentences of two paragraphs already known to say the same).
    Returns nothing where the table would be larger than `MAX_CELLS`.
    """
    if not len(a) or not len(b) or len(a) * len(b) > MAX_CELLS:
        return []
    shapes = [shape for shape in (INNER_BEADS if complete else BEADS) if shape[0] <= len(a) and shape[1] <= len(b)]
    tables = _margins(a, b, shapes, fair=not complete)
    return _best_path(a, b, tables, -10.0 if complete else -PASS, 0.0 if not complete else 2 * THRESHOLD)


def _normalised(vectors: Matrix) -> Matrix:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(norms > 0, norms, 1), np.float32)


def _margins(a: Units, b: Units, shapes: Sequence[tuple[int, int]], *, fair: bool) -> dict[tuple[int, int], Matrix]:
    """Return for each shape by how much each pair of runs says the same above the level of chance.

    `fair`: a unit that says something else by itself must not ride along with a longer neighbour.
    """
    similar = np.asarray(a.vectors @ b.vectors.T, np.float32)
    levels = _background(similar)
    shared = _shared_cues(a, b)
    alone = similar - (levels[0][:, None] + levels[1][None, :]) / 2
    tables: dict[tuple[int, int], Matrix] = {}
    for m, n in shapes:
        runs_a, runs_b = a.runs(m), b.runs(n)
        count_a, count_b = len(runs_a), len(runs_b)
        level_a = np.mean([levels[0][k : k + count_a] for k in range(m)], axis=0)
        level_b = np.mean([levels[1][k : k + count_b] for k in range(n)], axis=0)
        table = runs_a.vectors @ runs_b.vectors.T - (level_a[:, None] + level_b[None, :]) / 2 - MERGE * (m + n - 2)
        if fair and m + n > 2:
            parts = [alone[i : i + count_a, j : j + count_b] for i in range(m) for j in range(n)]
            table -= RIDER * np.maximum(0, THRESHOLD - np.minimum.reduce(parts))
        table += _cues_in_common(runs_a, runs_b, shared) - _length_off(runs_a, runs_b)
        tables[m, n] = np.asarray(table, np.float32)
    return tables


def _background(similar: Matrix) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return for each unit the mean similarity to its nearest others on the other side, the nearest one left out."""

    def nearest(table: Matrix) -> npt.NDArray[np.float32]:
        if table.shape[1] <= NEIGHBOURS + 1:  # too few to tell a level from
            return np.full(len(table), 0.2, np.float32)
        top = -np.partition(-table, NEIGHBOURS, axis=1)[:, : NEIGHBOURS + 1]
        return np.asarray((top.sum(axis=1) - top.max(axis=1)) / NEIGHBOURS, np.float32)

    return nearest(similar), nearest(np.ascontiguousarray(similar.T))


def _shared_cues(a: Units, b: Units) -> frozenset[str]:
    """Return the names and numbers that occur on both sides, but not everywhere."""

    def common(units: Units) -> set[str]:
        counts: dict[str, int] = {}
        for unit in units.cues:
            for cue in unit:
                counts[cue] = counts.get(cue, 0) + 1
        return {cue for cue, count in counts.items() if count <= max(3, len(units) // 4)}

    return frozenset(common(a) & common(b))


def _length_off(a: Units, b: Units) -> Matrix:
    lengths_a, lengths_b = np.log1p(a.lengths), np.log1p(b.lengths)
    typical = np.median(lengths_a) - np.median(lengths_b)  # Japanese takes about half the characters of English
    off = np.abs(lengths_a[:, None] - lengths_b[None, :] - typical)
    return np.asarray(LENGTH_WEIGHT * np.clip(off - 0.5, 0, 2), np.float32)


def _cues_in_common(a: Units, b: Units, shared: frozenset[str]) -> Matrix:
    places: dict[str, list[int]] = {}
    for j, names in enumerate(b.cues):
        for cue in names & shared:
            places.setdefault(cue, []).append(j)
    sizes_b = np.array([len(names & shared) for names in b.cues], np.float32)
    table = np.zeros((len(a), len(b)), np.float32)
    for i, names in enumerate(a.cues):
        here = names & shared
        for cue in here:
            table[i, places.get(cue, [])] += 1
        table[i] *= CUE_WEIGHT / np.maximum(1, np.maximum(sizes_b, len(here)))
    return table


def _best_path(a: Units, b: Units, tables: dict[tuple[int, int], Matrix], passing: float, lift: float) -> list[Bead]:
    """Maximise the sum of margins above `THRESHOLD`, each weighted by the share of text that it covers."""
    shapes = list(tables)
    best = np.zeros((len(a) + 1, len(b) + 1), np.float32)
    choice = np.full(best.shape, len(shapes), np.int8)  # len(shapes): pass a unit of b; + 1: pass a unit of a
    steps = passing * np.arange(len(b) + 1, dtype=np.float32)
    best[0] = steps
    weights_a = np.sqrt(a.lengths / max(1.0, float(a.lengths.mean()))).astype(np.float32)
    weights_b = np.sqrt(b.lengths / max(1.0, float(b.lengths.mean()))).astype(np.float32)
    sums_a, sums_b = np.append(0, np.cumsum(weights_a)), np.append(0, np.cumsum(weights_b))
    for i in range(1, len(a) + 1):
        row = best[i - 1] + passing
        pick = np.full(len(row), len(shapes) + 1, np.int8)
        for number, (m, n) in enumerate(shapes):
            if m <= i:
                covered = (sums_a[i] - sums_a[i - m] + sums_b[n:] - sums_b[:-n]) / 2
                gained = best[i - m, :-n] + covered * (tables[m, n][i - m] - THRESHOLD + lift)
                better = gained > row[n:]
                row[n:][better] = gained[better]
                pick[n:][better] = number
        ahead = np.maximum.accumulate(row - steps)
        passed = ahead > row - steps
        pick[passed] = len(shapes)
        best[i], choice[i] = ahead + steps, pick
    return _trace(choice, shapes, tables)


def _trace(
    choice: npt.NDArray[np.int8], shapes: Sequence[tuple[int, int]], tables: dict[tuple[int, int], Matrix]
) -> list[Bead]:
    beads: list[Bead] = []
    i, j = choice.shape[0] - 1, choice.shape[1] - 1
    while i > 0 and j > 0:
        number = int(choice[i, j])
        if number < len(shapes):
            m, n = shapes[number]
            beads.append(Bead(i - m, i, j - n, j, float(tables[m, n][i - m, j - n])))
            i, j = i - m, j - n
        elif number == len(shapes):
            j -= 1
        else:
            i -= 1
    return beads[::-1]
