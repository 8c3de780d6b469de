"""Turn trained weights into the ONNX file that is shipped.

    python -m training.reranker.export --packed pack.npz --trained OUT --mined OUT/mined.npy --out reranker.onnx

Several runs are averaged weight by weight, which works because all begin with the same encoder and stay near it
(Wortsman et al. 2022, "Model soups", arXiv:2203.05482). A run may also be a file that was exported before.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from training.reranker.encoder import Reranker
from training.reranker.graph import Range, graph
from training.reranker.readback import Floats, read_back
from training.reranker.windows import Library, padded

_QUESTIONS, _WINDOWS = 120, 3  # windows that say how large activations are; more were measured to change nothing
_SEED = 3
_LINEAR = ("q", "ao", "fi", "fo")  # q stands for k and v too: they read the same


def trained(packed: Any, runs: Sequence[Path]) -> Reranker:
    """Return the model with the mean of what was learned in some runs, each a folder of `train.write` or a file.

    :raises ValueError: where a run has no weights of this model.
    """
    model = Reranker(packed)
    learns = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    found = [{name: row for name, row in _learned(run).items() if name in learns} for run in runs]
    for run, weights in zip(runs, found, strict=True):
        if weights.keys() != learns:
            raise ValueError(f"{run}: no weights of this model ({len(weights)} of {len(learns)} are there)")
    means = {name: torch.from_numpy(np.mean([weights[name] for weights in found], 0)) for name in sorted(learns)}
    model.load_state_dict(means, strict=False)
    return model.eval()


def _learned(run: Path) -> dict[str, Floats]:
    if run.is_file():
        return read_back(run)
    learned: dict[str, Floats] = {}
    for path in sorted(run.glob("trained-*.npz")):
        with np.load(path) as stored:
            learned |= {name: stored[name].astype(np.float32) for name in stored.files}
    return learned


@torch.no_grad()
def ranges(model: Reranker, library: Library, mined: np.ndarray) -> dict[str, Range]:
    """Return the range of what goes into each linear map, seen on windows of questions that are trained on."""
    rng = np.random.default_rng(_SEED)
    asked = rng.choice(np.flatnonzero(~library.columns["left"]), _QUESTIONS, replace=False)
    seen = Seen(model)
    for question in map(int, asked):
        sentences = [int(number) for number in mined[question] if number >= 0]
        windows = [library.window(library.front(question), int(n)) for n in rng.choice(sentences, _WINDOWS)]
        pieces, mask, _ = padded(windows)
        seen.real = torch.from_numpy(mask.reshape(-1)).bool()
        model.encoder(torch.from_numpy(pieces).long(), torch.from_numpy(mask))
    return seen.ranges


class Seen:
    """Watches what goes into the linear maps of a model; `real` says which rows are no padding."""

    def __init__(self, model: Reranker) -> None:
        self.ranges: dict[str, Range] = {}
        self.real = torch.zeros(0, dtype=torch.bool)
        for name, module in model.named_modules():
            if name.split(".")[-1] in _LINEAR:
                module.register_forward_pre_hook(self._watch(name))

    def _watch(self, name: str) -> Any:
        def watch(_: nn.Module, given: tuple[Tensor]) -> None:
            rows = given[0].reshape(-1, given[0].shape[-1])[self.real]
            least, greatest = rows.min(0).values.numpy(), rows.max(0).values.numpy()
            if before := self.ranges.get(name):
                least, greatest = np.minimum(least, before.least), np.maximum(greatest, before.greatest)
            self.ranges[name] = Range(least, greatest)

        return watch


def main() -> None:
    """Read, watch, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packed", type=Path, required=True)
    parser.add_argument(
        "--trained", type=Path, required=True, nargs="+", help="folders with trained-*.npz, or exported files"
    )
    parser.add_argument("--mined", type=Path, required=True, help="mined.npy of the run")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    with np.load(options.packed) as stored:
        packed = {name: stored[name] for name in stored.files}
    model = trained(packed, options.trained)
    seen = ranges(model, Library(packed), np.load(options.mined))
    weights = {name: p.detach().numpy() for name, p in model.state_dict().items() if name != "encoder.words.weight"}
    onnx.save(graph(weights, seen), options.out)


if __name__ == "__main__":
    main()
