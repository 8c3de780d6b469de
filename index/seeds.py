"""The words of a corpus in one line, and the places where a few of them in a row occur again.

Hashes of word runs, sorted: linear in the words of the corpus but for the sorting.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+(?:['’][^\W_{_CJK}]+)*")
_FIRST_CJK = "\u3040"
_APOSTROPHES = str.maketrans("", "", "'’")

SEED_WORDS = 4  # fewer are idiom ("at the end of"), more miss what lies between two misheard words
SEED_CHARACTERS = 10  # the same for writing without blanks, where a word is one to three characters
CHARACTER_WEIGHT = 0.4  # how much of a word one such character is
ALL_PAIRS = 8  # a run that occurs more often is paired with its first occurrence only, to stay linear
MAX_OCCURRENCES = 64  # a run that occurs more often is boilerplate
MAX_SEED_PAIRS = 4_000_000  # about 100 MB; above it longer seeds are taken, which are fewer

LONGER = (0, 4, 8, 16)  # words that seeds are longer by, in turn; where the longest are too many, the end is left out

Ints = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]  # half the memory: a large corpus has ten million words


@dataclass(frozen=True, slots=True)
class Words:
    """All words of a corpus in one line: their number, their place, and the sentence and document they stand in."""

    numbers: Counts
    starts: Counts
    ends: Counts
    sentences: Counts
    documents: Counts
    characters: npt.NDArray[np.bool_]  # which are single characters of writing without blanks
    sentence_weights: npt.NDArray[np.float64]

    @classmethod
    def of(cls, sentences: Sequence[tuple[int, int, str]]) -> Words:
        """Collect the words of sentences, given as (document, offset of the first character, text) in order."""
        vocabulary: dict[str, int] = {}
        columns = [array("i") for _ in range(5)]
        for index, (document, offset, text) in enumerate(sentences):
            for match in _WORD.finditer(text):
                word = match.group().translate(_APOSTROPHES).casefold()
                row = (vocabulary.setdefault(word, len(vocabulary)), offset + match.start(), offset + match.end())
                for column, value in zip(columns, (*row, index, document), strict=True):
                    column.append(value)
        numbers, starts, ends, rows, documents = (np.array(column, np.int32) for column in columns)
        single = np.array([len(word) == 1 and word >= _FIRST_CJK for word in vocabulary] or [False])[numbers]
        weights = np.bincount(rows, np.where(single, CHARACTER_WEIGHT, 1.0), len(sentences)).astype(np.float64)
        return cls(numbers, starts, ends, rows, documents, single, weights)


def pairs(words: Words) -> tuple[Ints, Ints, Ints]:
    """Return the positions of equal seeds, the earlier in the first array, and their lengths in words.

    Seeds are longer where they would be too many.
    """
    for longer in LONGER:
        hashes = _hashes(words, longer)
        order = np.argsort(hashes, kind="stable")
        keys = hashes[order]
        cuts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.zeros(0, np.int64)
        sizes = np.diff(np.append(cuts, len(keys)))
        real = (sizes > 1) & (sizes <= MAX_OCCURRENCES) & (keys[cuts] != 0)
        cuts, sizes = cuts[real], sizes[real]
        made = np.where(sizes > ALL_PAIRS, sizes, sizes * (sizes - 1) // 2)
        if made.sum() <= MAX_SEED_PAIRS:
            break
    else:
        early = np.argsort(order[cuts], kind="stable")
        early = early[np.cumsum(made[early]) <= MAX_SEED_PAIRS]
        cuts, sizes = cuts[early], sizes[early]
    firsts, seconds = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for step in range(1, MAX_OCCURRENCES):
        for origin in range(ALL_PAIRS - step if step < ALL_PAIRS else 1):
            has = (sizes > origin + step) & ((sizes <= ALL_PAIRS) | (origin == 0))
            firsts.append(order[cuts[has] + origin])
            seconds.append(order[cuts[has] + origin + step])
    a, b = np.concatenate(firsts), np.concatenate(seconds)
    apart = words.sentences[a] != words.sentences[b]
    a, b = a[apart], b[apart]
    return a, b, _lengths(words, longer)[a]


def _hashes(words: Words, longer: int) -> npt.NDArray[np.uint64]:
    """Return one hash for the seed that begins at each word; 0 where none fits before the document ends."""
    count = len(words.numbers)
    values = np.random.default_rng(0).integers(1, 2**63, int(words.numbers.max(initial=0)) + 1, np.uint64)
    values = values[words.numbers]
    hashes = np.zeros(count, np.uint64)
    lengths = _lengths(words, longer)
    running = np.zeros(count, np.uint64)
    for offset in range(SEED_CHARACTERS + longer):
        if offset >= count:
            break
        running = running * np.uint64(0x9E3779B97F4A7C15)
        running[: count - offset] += values[offset:]
        ready = np.flatnonzero(lengths[: count - offset] == offset + 1)
        same = words.documents[ready] == words.documents[ready + offset]
        hashes[ready[same]] = running[ready[same]]
    return hashes


def _lengths(words: Words, longer: int) -> Ints:
    """Return how many words the seed that begins at each word has."""
    return np.where(words.characters, SEED_CHARACTERS, SEED_WORDS) + longer
