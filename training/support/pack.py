"""Cut the pairs into pieces, once, and write one file that training reads: no text, only numbers.

    python -m training.support.pack --sets ../shared/sets --out support.npz

With the encoder goes what the reranker learned (read back from its file): the checker begins with that, or goes on
from a file of its own (`--start`).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from models.e5_file import bundled
from models.reranker import WEIGHTS
from training.reranker.encoder import FROZEN_LAYERS
from training.reranker.pack import Table, encoder_tensors
from training.reranker.readback import read_back
from training.support import beginning
from training.support.pairs import Pair, read


def packed(pairs: list[Pair], start: Path = WEIGHTS) -> dict[str, Any]:
    """Return the arrays: texts as pieces, pairs as numbers of texts, and the tensors to begin with.

    :param start: the file of the model to begin with.
    """
    table = Table()
    sources = list(dict.fromkeys(pair.source for pair in pairs))
    groups = {name: number for number, name in enumerate(dict.fromkeys(pair.group for pair in pairs))}
    arrays: dict[str, Any] = {
        "claim": table.add(pair.claim for pair in pairs),
        "evidence": table.add(sentence for pair in pairs for sentence in pair.evidence),
        "evidence_first": np.cumsum([0, *(len(pair.evidence) for pair in pairs)]),
        "label": np.array([pair.label for pair in pairs], np.float32),
        "source": np.array([sources.index(pair.source) for pair in pairs]),
        "sources": np.array(sources),
        "group": np.array([groups[pair.group] for pair in pairs]),
        "measured": np.array([pair.measured for pair in pairs]),
        "fixed_query": table.add(["query:"]),
        "fixed_passage": table.add(["passage:"]),
    }
    frozen = tuple(f"encoder.layers.{layer}." for layer in range(FROZEN_LAYERS))
    learned = {name: value for name, value in read_back(start).items() if not name.startswith(frozen)}
    begin = beginning.packed(learned)
    return arrays | table.arrays() | encoder_tensors(bundled()) | begin


def main() -> None:
    """Read, cut, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, default=Path("../shared/sets"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, default=WEIGHTS, help="model to begin with; the reranker by default")
    options = parser.parse_args()
    np.savez_compressed(options.out, **packed(read(options.sets), options.start))


if __name__ == "__main__":
    main()
