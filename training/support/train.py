"""Train the checker: minutes on a GPU. Needs numpy, torch and the packed pairs, no more.

    python -m training.support.train --packed support.npz --out OUT --seconds 150

It begins with what the reranker learned. A yes/no loss on every pair, beside a loss on the order of pairs of one group:
the same words cited, one statement that follows and one that does not.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset

from training.reranker.encoder import Reranker
from training.reranker.measure import auroc
from training.reranker.train import Log, set_rates, write
from training.reranker.windows import BEGIN, END, LOST, THINNED, Pieces, Window, padded
from training.support.beginning import beginning

# As at run time (models/support.py); a test holds the two together.
CLAIM_PIECES = 96
EVIDENCE_PIECES = 256

# How often a group of each source is drawn. What was written by reading leads; the others bring languages and numbers.
SHARES = {
    "written": 0.5, "swapped": 0.16, "across": 0.1, "squad2dev": 0.1, "jaquad_train": 0.04, "jaquad": 0.02,
    "jsquad": 0.04, "policyqa": 0.02, "covidqa": 0.02,
}  # fmt: skip
_WARM_UP = 0.05  # share of the time
_LAID_OUT = 8  # batches that are sorted by length together


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run goes. Rates are for AdamW."""

    seconds: float
    groups: int = 96  # in a batch
    rate: float = 1e-4
    head_rate: float = 5e-4
    dropout: float = 0.1
    order: float = 1.0  # weight of the loss on the order
    seed: int = 7
    workers: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Statements read with what they cite; `places` is 0 on pieces of the evidence, -1 elsewhere."""

    pieces: Tensor
    mask: Tensor
    places: Tensor
    labels: Tensor
    groups: Tensor


class Pairs:
    """The packed pairs, by number."""

    def __init__(self, packed: Any) -> None:
        self._packed = {name: np.asarray(packed[name]) for name in ("pieces", "begin", "claim", "evidence")}
        self._first = np.asarray(packed["evidence_first"])
        self.labels, self.groups = np.asarray(packed["label"]), np.asarray(packed["group"])
        self.sources = np.asarray(packed["sources"])[np.asarray(packed["source"])]
        self.measured = np.asarray(packed["measured"])
        self._query, self._passage = (self._text(int(packed[f"fixed_{name}"][0])) for name in ("query", "passage"))

    def window(self, pair: int, rng: random.Random | None = None) -> Window:
        """Return what is read of a pair. With `rng`, pieces of some statements are lost."""
        claim = self._text(int(self._packed["claim"][pair]))
        if rng is not None and rng.random() < THINNED / 2 and len(claim) > 12:
            claim = claim[[rng.random() > LOST / 2 for _ in claim]]
        asked = np.concatenate([self._query, claim])[: len(self._query) + CLAIM_PIECES]
        evidence = [self._text(int(n)) for n in self._packed["evidence"][self._first[pair] : self._first[pair + 1]]]
        read = np.concatenate([np.zeros(0, np.int32), *evidence])[:EVIDENCE_PIECES]
        front = np.concatenate([[BEGIN], asked, [END, END], self._passage])
        pieces = np.concatenate([front, read, [END]]).astype(np.int32)
        places = np.concatenate([np.full(len(front), -1), np.zeros(len(read)), [-1]]).astype(np.int32)
        return Window(pieces, places, (0,))

    def _text(self, number: int) -> Pieces:
        begin = self._packed["begin"]
        return np.asarray(self._packed["pieces"][begin[number] : begin[number + 1]])


class Batches(IterableDataset[Batch]):
    """An endless stream of batches of whole groups."""

    def __init__(self, pairs: Pairs, plan: Plan) -> None:
        self._pairs, self._plan = pairs, plan
        members: dict[tuple[str, int], list[int]] = defaultdict(list)
        for pair in np.flatnonzero(~pairs.measured):
            members[str(pairs.sources[pair]).split()[0], int(pairs.groups[pair])].append(int(pair))
        self._kinds: dict[str, list[list[int]]] = defaultdict(list)
        for (kind, _), group in members.items():
            self._kinds[kind].append(group)

    def __iter__(self) -> Iterator[Batch]:
        worker = torch.utils.data.get_worker_info()
        rng = random.Random(self._plan.seed * 1_000 + (worker.id if worker else 0))
        kinds = [kind for kind in SHARES if self._kinds[kind]]
        while True:
            drawn = rng.choices(kinds, [SHARES[kind] for kind in kinds], k=self._plan.groups * _LAID_OUT)
            groups = [rng.choice(self._kinds[kind]) for kind in drawn]
            rows = [[(pair, self._pairs.window(pair, rng)) for pair in _some(group, rng)] for group in groups]
            rows.sort(key=lambda row: max(len(window.pieces) for _, window in row))
            cut = [rows[at : at + self._plan.groups] for at in range(0, len(rows), self._plan.groups)]
            for batch in rng.sample(cut, len(cut)):
                yield batched(self._pairs, [item for row in batch for item in row])


def _some(group: list[int], rng: random.Random) -> list[int]:
    return rng.sample(group, min(len(group), 6))


def batched(pairs: Pairs, items: list[tuple[int, Window]]) -> Batch:
    """Return pairs, each with its window, as one batch."""
    pieces, mask, places = padded([window for _, window in items])
    numbers = np.array([pair for pair, _ in items])
    arrays = (pieces.astype(np.int64), mask, places.astype(np.int64), pairs.labels[numbers], pairs.groups[numbers])
    return Batch(*map(torch.from_numpy, arrays))


def loss_of(scores: Tensor, labels: Tensor, groups: Tensor, order: float) -> Tensor:
    """Return the loss of a batch; scores, labels (1, .5, 0) and groups have shape (pairs,)."""
    yes_no = functional.binary_cross_entropy_with_logits(scores, labels)
    better = (groups[:, None] == groups[None, :]) & (labels[:, None] > labels[None, :])
    if not bool(better.any()):
        return yes_no
    return yes_no + order * functional.softplus(scores[None, :] - scores[:, None])[better].mean()


def scores_of(model: Reranker, batch: Batch, device: str) -> Tensor:
    """Return the log-odds of a batch, shape (pairs,)."""
    pieces, mask, places = (part.to(device, non_blocking=True) for part in (batch.pieces, batch.mask, batch.places))
    with torch.autocast(device, torch.bfloat16):
        states = model.encoder(pieces, mask)
    return model.scores(states, places, 1)[:, 0]


def train(pairs: Pairs, packed: Any, plan: Plan, out: Path, device: str) -> None:
    """Train and write what was learned; figures on the statements that are measured go to `out/log.jsonl`."""
    torch.manual_seed(plan.seed)
    model = Reranker(packed, plan.dropout)
    learned = {name: torch.from_numpy(row) for name, row in beginning(packed).items()}
    model.load_state_dict(learned, strict=False)
    model.to(device)
    heads = [*model.sentence.parameters(), *model.window.parameters()]
    layers = [p for p in model.encoder.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW([{"params": layers, "lr": 0.0}, {"params": heads, "lr": 0.0}], weight_decay=0.01)
    log = Log(out)
    log.write("before", 0, **measured(pairs, model, device))
    stream = iter(
        DataLoader(
            Batches(pairs, plan),
            batch_size=None,
            num_workers=plan.workers,
            prefetch_factor=4 if plan.workers else None,
        )
    )
    started, shown, step = time.time(), 0.0, 0
    model.train()
    while (spent := time.time() - started) < plan.seconds:
        set_rates(optimiser, (plan.rate, plan.head_rate), spent / plan.seconds, _WARM_UP)
        batch = next(stream)
        scores = scores_of(model, batch, device)
        loss = loss_of(scores, batch.labels.to(device), batch.groups.to(device), plan.order)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        if spent - shown > plan.seconds / 6:
            shown = spent
            log.write("training", spent, step=step, loss=float(loss.detach()), **measured(pairs, model, device))
            model.train()
    log.write("done", plan.seconds, step=step, **measured(pairs, model, device))
    write(model, out)


@torch.no_grad()
def measured(pairs: Pairs, model: Reranker, device: str) -> dict[str, float]:
    """Return how well statements that follow are told from those that do not, on those that are not trained on."""
    model.eval()
    numbers = np.flatnonzero(pairs.measured)
    scores = np.concatenate(
        [
            scores_of(model, batched(pairs, [(int(n), pairs.window(int(n))) for n in part]), device)
            .float()
            .cpu()
            .numpy()
            for part in np.array_split(numbers, max(1, len(numbers) // 64))
        ]
    )
    labels = pairs.labels[numbers]
    true = np.sort(scores[labels == 1])
    kept = float(true[int(0.15 * len(true))])  # where .85 of the true ones are kept
    return {
        "statements": float(len(numbers)),
        "auroc": auroc(scores[labels == 1], scores[labels == 0]),
        "partly": auroc(scores[labels == 1], scores[labels == 0.5]),
        "false_kept": float((scores[labels == 0] >= kept).mean()),
        "partly_kept": float((scores[labels == 0.5] >= kept).mean()),
    }


def main() -> None:
    """Read the packed pairs and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packed", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--groups", type=int, default=96, help="in a batch")
    parser.add_argument("--workers", type=int, default=0)
    options = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    with np.load(options.packed) as stored:
        packed = {name: stored[name] for name in stored.files}
    plan = Plan(options.seconds, options.groups, options.rate, seed=options.seed, workers=options.workers)
    train(Pairs(packed), packed, plan, options.out, device)


if __name__ == "__main__":
    main()
