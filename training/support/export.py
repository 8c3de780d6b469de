"""Turn trained weights into the ONNX file that is shipped, in whole numbers of 8 bits.

    python -m training.support.export --packed support.npz --trained OUT --out models/weights/support.onnx

Several runs are averaged, as the reranker's are (training/reranker/export.py).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch

from training.reranker.encoder import Reranker
from training.reranker.export import Seen, trained
from training.reranker.graph import Range, graph
from training.reranker.windows import padded
from training.support.train import Pairs

_WINDOWS = 360  # that say how large activations are
_AT_ONCE = 12
_SEED = 3


@torch.no_grad()
def ranges(model: Reranker, pairs: Pairs) -> dict[str, Range]:
    """Return the range of what goes into each linear map, seen on pairs that are trained on."""
    rng = np.random.default_rng(_SEED)
    chosen = rng.choice(np.flatnonzero(~pairs.measured), _WINDOWS, replace=False)
    seen = Seen(model)
    for part in np.array_split(chosen, _WINDOWS // _AT_ONCE):
        pieces, mask, _ = padded([pairs.window(int(pair)) for pair in part])
        seen.real = torch.from_numpy(mask.reshape(-1)).bool()
        model.encoder(torch.from_numpy(pieces).long(), torch.from_numpy(mask))
    return seen.ranges


def main() -> None:
    """Read, watch, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packed", type=Path, required=True)
    parser.add_argument("--trained", type=Path, required=True, nargs="+", help="folders with trained-*.npz")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    with np.load(options.packed) as stored:
        packed = {name: stored[name] for name in stored.files}
    model = trained(packed, options.trained)
    seen = ranges(model, Pairs(packed))
    weights = {name: p.detach().numpy() for name, p in model.state_dict().items() if name != "encoder.words.weight"}
    onnx.save(graph(weights, seen), options.out)


if __name__ == "__main__":
    main()
