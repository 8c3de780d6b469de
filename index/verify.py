"""Opens a generation and asks it for what it must know. Run in a child process: a damaged index may end it."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import numpy as np

from errors import IndexDamagedError, SidenoteError
from index import manifest as manifests
from index.generations import private_copy
from index.manifest import Manifest
from index.snapshot import DENSE, LEXICAL, SENTENCES_IN_DENSE, Index
from text.words import terms

_SAMPLE = 20  # passages that are looked up by their own vectors and words, spread evenly
_SAME = 0.999  # cosine of a vector with itself as Chroma stores it
_MISSED = 0.1  # share of look-ups that a sound graph may miss: its search is approximate


def verify(folder: Path, manifest: Manifest) -> None:
    """Open copies of a generation's files and compare counts and self-look-ups.

    :raises IndexDamagedError: saying what was not found.
    """
    with contextlib.ExitStack() as resources:
        private = private_copy(folder, (DENSE, LEXICAL), resources)
        index = resources.enter_context(Index(folder, manifest, private))
        counts = index.stored_counts()
        expected = {name: manifest.counts[name] for name in counts}
        if counts != expected:
            raise IndexDamagedError(f"{folder.name} holds {counts} and should hold {expected}")
        sample = sorted(set(np.linspace(0, index.passage_count - 1, _SAMPLE, dtype=int).tolist()))
        for kind, look_up in _LOOK_UPS.items():
            missed = sum(not look_up(index, number) for number in sample)
            if missed > _MISSED * len(sample):
                raise IndexDamagedError(f"{folder.name}: {missed} of {len(sample)} passages were not found by {kind}")


def _by_vector(index: Index, number: int) -> bool:
    found = index.dense_passages(index.passage_vectors([number])[0], 1)
    return bool(found) and found[0][1] > _SAME


def _by_sentence(index: Index, number: int) -> bool:
    if index.sentence_count > SENTENCES_IN_DENSE:
        return True
    found = index.dense_sentences(index.sentence_vectors([number])[0][0], 1)
    return bool(found) and found[0][2] > _SAME


def _by_words(index: Index, number: int) -> bool:
    (passage,) = index.passages([number])
    words = index.document(passage.document_id).text[passage.start : passage.end]
    own = set(terms(words, passage.language))
    return not own or bool(index.lexical([(term, 1.0) for term in own], 1))


_LOOK_UPS = {"vector": _by_vector, "first sentence": _by_sentence, "words": _by_words}


def main() -> int:
    """Verify the generation whose folder is the only argument; 0 where it is sound."""
    folder = Path(sys.argv[1])
    try:
        verify(folder, manifests.read(folder))
    except SidenoteError as error:
        sys.stderr.write(f"sidenote: {error}\n")
        return error.exit_code
    return 0
