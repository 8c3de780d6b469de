"""Find where two places of a corpus hold the same words: quotations, copies, readings aloud.

Seed, chain, map, as read aligners do it (Li 2018, "Minimap2", Bioinformatics 34:18): equal runs of a few words are
looked up by hash, neighbouring runs are chained over small differences (what a speech recogniser misheard, what a
quoter left out), and the chain is read off as pairs of matching words. Linear in the words of the corpus but for the
sorting; nothing is compared document by document.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index import seeds
from index.seeds import CHARACTER_WEIGHT, Ints, Words

MAX_GAP = 20  # words between two equal runs of one chain; a parenthesis that the reader skipped fits
MIN_WORDS = 8  # of a chain, equal on both sides; shorter ones are phrases that anyone may use
MIN_DENSITY = 0.5  # share of a chain's words that are equal on both sides
MIN_PART = 4  # equal words for which a pair of sentences is worth naming
WHOLE = 0.8  # share of a sentence for which it is named whole; where less is shared, only the words are
MIN_SHARE = 0.6  # or the share of the shorter sentence that they are


@dataclass(frozen=True, slots=True)
class Shared:
    """Two runs of words that are the same. Offsets count in the documents of the sentences.

    `weight`: how many words they share. `chain`: how many in the whole run, across sentences, that this is part of.
    `whole_a` and `whole_b`: whether the run is (nearly) all of its sentence.
    """

    sentence_a: int
    sentence_b: int
    start_a: int
    end_a: int
    start_b: int
    end_b: int
    weight: float
    chain: float
    whole_a: bool
    whole_b: bool


Run = tuple[int, int, int]  # position of the first word in a and in b, number of equal words
Chain = list[Run]


def find(words: Words) -> list[Shared]:
    """Return the pairs of sentences that share words, each pair once, the earlier place as `a`."""
    found: dict[tuple[int, int], Shared] = {}
    for chain in _chains(words, _runs(words)):
        chain = _stretch(words, chain)
        if _worth(words, chain):
            for shared in _pairs(words, chain):
                key = (shared.sentence_a, shared.sentence_b)
                if key not in found or found[key].weight < shared.weight:
                    found[key] = shared
    return [found[key] for key in sorted(found)]


def _runs(words: Words) -> Ints:
    """Return the maximal equal runs as rows (document pair, position a, position b, words), sorted."""
    a, b, lengths = seeds.pairs(words)
    if not len(a):
        return np.zeros((0, 4), np.int64)
    order = np.lexsort((a, b - a))
    a, b, lengths = a[order], b[order], lengths[order]
    fresh = np.ones(len(a), bool)
    # subtle: seeds of one run lie on one diagonal, one word apart, and never run on into the next document
    fresh[1:] = (np.diff(b - a) != 0) | (np.diff(a) != 1)
    first = np.flatnonzero(fresh)
    sizes = np.maximum.reduceat(a + lengths, first) - a[first]
    pair = words.documents[a[first]].astype(np.int64) * (int(words.documents[-1]) + 1)
    rows = np.stack([pair + words.documents[b[first]], a[first], b[first], sizes], axis=1)
    return _in_company(rows[np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))])


def _in_company(runs: Ints) -> Ints:
    """Leave out short runs without another one near: idiom, and by far the most of all runs."""
    keep = runs[:, 3] >= MIN_WORDS - 2
    for step in (1, 2, 3):  # neighbours in the order of the first place; one of them is the next of the chain
        if len(runs) > step:
            ahead, behind = runs[step:], runs[:-step]
            reach = MAX_GAP + behind[:, 3]
            near = (ahead[:, 0] == behind[:, 0]) & (ahead[:, 1] - behind[:, 1] <= reach)
            near &= (ahead[:, 2] > behind[:, 2]) & (ahead[:, 2] - behind[:, 2] <= reach)
            keep[step:] |= near
            keep[:-step] |= near
    return runs[keep]


def _chains(words: Words, runs: Ints) -> Iterator[Chain]:
    """Join runs that follow each other on both sides within `MAX_GAP` words."""
    alive: deque[Chain] = deque()
    pair = -1
    for number, a, b, size in runs.tolist():
        if number != pair:
            yield from alive
            alive.clear()
            pair = number
        while alive and alive[0][-1][0] + alive[0][-1][2] + MAX_GAP < a:
            yield alive.popleft()
        best = max((c for c in alive if _follows(c[-1], a, b)), key=lambda c: c[-1][1] + c[-1][2], default=None)
        if best is None:
            alive.append([(a, b, size)])
        else:
            best.append((a, b, size))
            alive.remove(best)
            alive.append(best)
    yield from alive


def _follows(run: Run, a: int, b: int) -> bool:
    end_a, end_b = run[0] + run[2], run[1] + run[2]
    return a > run[0] and b > run[1] and a - end_a <= MAX_GAP and b - end_b <= MAX_GAP


def _stretch(words: Words, chain: Chain) -> Chain:
    """Lengthen a chain at both ends over single differences that equal words follow."""
    tail, head = chain[-1], chain[0]
    after = _walk(words, tail[0] + tail[2] - 1, tail[1] + tail[2] - 1, 1)
    before = _walk(words, head[0], head[1], -1)
    return [*((a, b, 1) for a, b in reversed(before)), *chain, *((a, b, 1) for a, b in after)]


def _walk(words: Words, a: int, b: int, step: int) -> list[tuple[int, int]]:
    numbers, documents = words.numbers, words.documents
    reach = [(i, j) for total in range(2, 7) for i in range(1, total) for j in [total - i]]  # nearest first

    def equal(x: int, y: int) -> bool:
        if min(x, y) < 0 or max(x, y) >= len(numbers) or numbers[x] != numbers[y]:
            return False
        return bool(documents[x] == documents[a] and documents[y] == documents[b])

    steps: list[tuple[int, int]] = []
    while True:
        for i, j in reach:
            x, y = a + step * i, b + step * j
            if equal(x, y) and ((i, j) == (1, 1) or equal(x + step, y + step)):
                break
        else:
            return steps
        a, b = x, y
        steps.append((a, b))


def _worth(words: Words, chain: Chain) -> bool:
    weights = np.where(words.characters[chain[0][0] : chain[-1][0] + chain[-1][2]], CHARACTER_WEIGHT, 1.0)
    mean = float(weights.mean())
    matched = len(_matches(chain))
    longest = max(chain[-1][0] + chain[-1][2] - chain[0][0], chain[-1][1] + chain[-1][2] - chain[0][1])
    return matched * mean >= MIN_WORDS and matched >= MIN_DENSITY * longest


def _matches(chain: Chain) -> list[tuple[int, int]]:
    """Return the pairs of equal words of a chain, rising on both sides."""
    matches: list[tuple[int, int]] = []
    for a, b, size in chain:
        for k in range(size):
            if not matches or (a + k > matches[-1][0] and b + k > matches[-1][1]):
                matches.append((a + k, b + k))
    return matches


def _pairs(words: Words, chain: Chain) -> Iterator[Shared]:
    """Cut a chain at the ends of sentences, on either side."""
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for a, b in _matches(chain):
        pair = int(words.sentences[a]), int(words.sentences[b])
        if pair[0] < pair[1]:  # subtle: over a repetition, a chain may drift into one and the same sentence
            groups.setdefault(pair, []).append((a, b))
    totals = words.sentence_weights
    weights = {pair: sum(CHARACTER_WEIGHT if words.characters[a] else 1.0 for a, _ in m) for pair, m in groups.items()}
    for (sentence_a, sentence_b), matches in groups.items():
        weight = weights[sentence_a, sentence_b]
        if weight < MIN_PART and weight < MIN_SHARE * min(totals[sentence_a], totals[sentence_b]):
            continue
        (first_a, first_b), (last_a, last_b) = matches[0], matches[-1]
        yield Shared(
            sentence_a=sentence_a,
            sentence_b=sentence_b,
            start_a=int(words.starts[first_a]),
            end_a=int(words.ends[last_a]),
            start_b=int(words.starts[first_b]),
            end_b=int(words.ends[last_b]),
            weight=weight,
            chain=sum(weights.values()),
            whole_a=bool(weight >= 0.8 * totals[sentence_a]),
            whole_b=bool(weight >= WHOLE * totals[sentence_b]),
        )
