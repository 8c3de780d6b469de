"""Train the reranker: hours on a processor, minutes on a GPU. Needs numpy, torch and the packed sets, no more.

    python -m training.reranker.train --packed pack.npz --out OUT --seconds 20000

Listwise loss over all sentences of a question's windows, beside a yes/no loss on the right ones and on the wrong ones
that look most right, so that the score also says whether anything answers (and a question that nothing answers has
only the second). Wrong sentences are mined by the untrained encoder and by words in common; twice, the model so far
chooses the hardest of them. A checkpoint is written every few minutes, and a run goes on from it.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader

from training.reranker.encoder import Reranker
from training.reranker.groups import WINDOWS, Batch, Groups
from training.reranker.measure import measure, scored
from training.reranker.mining import mined
from training.reranker.windows import Library

_MINED = 48  # wrong sentences known of each question
_HARD = 8  # of those, how many the model so far finds hardest
_HARDEST_WRONG = 8  # sentences of a question that the yes/no loss looks at
_WARM_UP = 0.03  # share of the time
_REMINED_AT = (0.3, 0.6)
_CHECKPOINT = 300  # seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run goes. Rates are for AdamW; seconds are of training, without mining."""

    seconds: float
    questions: int = 64  # in a batch
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    dropout: float = 0.1
    remined: int = 12_000  # questions whose wrong sentences the model chooses
    seed: int = 5
    workers: int = 0


def loss_of(scores: Tensor, labels: Tensor) -> Tensor:
    """Return the loss of a batch; scores and labels (questions * WINDOWS, sentences), label -1 where none stands."""
    groups = scores.view(-1, WINDOWS * scores.shape[1])
    wanted = labels.view(groups.shape)
    right, wrong = wanted == 1, wanted == 0
    from_wrong = torch.logsumexp(groups.masked_fill(~wrong, -1e4), 1, keepdim=True)
    listwise = functional.softplus(from_wrong - groups)[right]
    hardest = groups.masked_fill(~wrong, -1e4).topk(min(_HARDEST_WRONG, groups.shape[1]), 1).values
    yes = functional.softplus(-groups)[right]
    no = functional.softplus(hardest)
    asked = max(int(right.any(1).sum()), 1)
    each = right.sum(1, keepdim=True).clamp(min=1).expand_as(groups)[right].float()
    return ((listwise + yes) / each).sum() / asked + no.mean(1).mean() + 0.5 * functional.softplus(hardest[:, 0]).mean()


def train(library: Library, packed: Any, plan: Plan, out: Path, device: str) -> None:
    """Train and write what was learned; figures on the documents left out go to `out/log.jsonl`."""
    torch.manual_seed(plan.seed)
    model = Reranker(packed, plan.dropout).to(device)
    log = Log(out)
    found = _mined(library, model, out, device)
    log.write("mined", 0)
    learned = [p for name, p in model.encoder.named_parameters() if p.requires_grad]
    heads = [*model.sentence.parameters(), *model.window.parameters()]
    optimiser = torch.optim.AdamW([{"params": learned, "lr": 0.0}, {"params": heads, "lr": 0.0}], weight_decay=0.01)
    state = _Resumed.read(out, model, optimiser)
    spent, harder, step = state.seconds, state.harder, 0
    marks = [mark for mark in _REMINED_AT if mark * plan.seconds > spent]
    while spent < plan.seconds:
        until = marks.pop(0) * plan.seconds if marks else plan.seconds
        data = Groups(library, found, harder, plan.questions, plan.seed + int(spent))
        loader = iter(
            DataLoader(data, batch_size=None, num_workers=plan.workers, prefetch_factor=4 if plan.workers else None)
        )
        model.train()
        started, saved = time.time() - spent, time.time()
        running: list[float] = []
        while spent < until:
            set_rates(optimiser, (plan.rate, plan.head_rate), spent / plan.seconds, _WARM_UP)
            running.append(_step(model, optimiser, next(loader), device))
            step += 1
            spent = time.time() - started
            if step % 100 == 0:
                log.write("training", spent, step=step, loss=float(np.mean(running[-100:])))
            if time.time() - saved > _CHECKPOINT:
                _Resumed(spent, harder).write(out, model, optimiser)
                saved = time.time()
        del loader
        log.write("left out", spent, step=step, **measure(library, model, found, device, plan.workers))
        write(model, out)
        if spent < plan.seconds:
            harder = _harder(library, model, found, plan, device)
            log.write("mined again", spent, questions=len(harder))


def _step(model: Reranker, optimiser: torch.optim.Optimizer, batch: Batch, device: str) -> float:
    moved = [part.to(device, non_blocking=True) for part in (batch.pieces, batch.mask, batch.places, batch.labels)]
    with torch.autocast(device, torch.bfloat16):
        states = model.encoder(moved[0], moved[1])
    loss = loss_of(model.scores(states, moved[2], moved[3].shape[1]), moved[3])
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return float(loss.detach())


def set_rates(optimiser: torch.optim.Optimizer, rates: tuple[float, float], done: float, warm_up: float) -> None:
    """Set the rates of layers and heads, `done` of the way (0 to 1): up through the warm-up, then down a cosine."""
    share = min(1.0, done / warm_up) * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))
    for group, rate in zip(optimiser.param_groups, rates, strict=True):
        group["lr"] = rate * share


def _mined(library: Library, model: Reranker, out: Path, device: str) -> np.ndarray:
    path = out / "mined.npy"
    if not path.exists():
        np.save(path, mined(library, model.encoder, device, _MINED).astype(np.int32))
    return np.asarray(np.load(path))


def _harder(library: Library, model: Reranker, found: np.ndarray, plan: Plan, device: str) -> dict[int, list[int]]:
    """Return the wrong sentences that the model ranks first, for as many questions as time allows.

    One that it ranks above the right sentence and that stands in another document may be right: it is passed over.
    """
    rng = random.Random(plan.seed)
    groups = Groups(library, found, {}, 1, 0)
    asked = [
        q
        for kind, rows in groups._by_kind.items()
        for q in rng.sample(rows, min(len(rows), plan.remined // (1 if kind == "argued" else 6)))
    ]
    pairs = [
        (q, int(n)) for q in asked for n in dict.fromkeys(found[q][:32].tolist() + library.positives(q)[:1]) if n >= 0
    ]
    scores = scored(library, model, pairs, device, plan.workers)
    harder: dict[int, list[int]] = {}
    by_question: dict[int, list[tuple[float, int]]] = {}
    for (question, sentence), score in zip(pairs, scores, strict=True):
        by_question.setdefault(question, []).append((score, sentence))
    for question, rows in by_question.items():
        right = groups._right[groups._key(question)]
        best = max((score for score, n in rows if n in right), default=math.inf)
        own = library.sentences_of(int(library.columns["document"][question]))
        away = groups._away(question, -1, [n for _, n in rows]) if question else [n for _, n in rows]
        wrong = [(s, n) for s, n in rows if n not in right and (n in own or (s < best and n in away))]
        harder[question] = [n for _, n in sorted(wrong, reverse=True)[:_HARD]]
    return harder


def write(model: Reranker, out: Path) -> None:
    """Write what was trained, in 16 bits, in files of less than 16 MB."""
    rows = {name: p.detach().cpu().half().numpy() for name, p in model.named_parameters() if p.requires_grad}
    parts: list[dict[str, Any]] = [{}]
    size = 0
    for name, row in rows.items():
        if size + row.nbytes > 14_000_000:
            parts.append({})
            size = 0
        parts[-1][name] = row
        size += row.nbytes
    for number, part in enumerate(parts):
        np.savez(out / f"trained-{number}.npz", **part)


@dataclass
class _Resumed:
    """Where a run stopped."""

    seconds: float
    harder: dict[int, list[int]]

    @classmethod
    def read(cls, out: Path, model: Reranker, optimiser: torch.optim.Optimizer) -> _Resumed:
        path = out / "checkpoint.pt"
        if not path.exists():
            return cls(0.0, {})
        stored = torch.load(path, weights_only=True)
        model.load_state_dict(stored["model"])
        optimiser.load_state_dict(stored["optimiser"])
        return cls(stored["seconds"], stored["harder"])

    def write(self, out: Path, model: Reranker, optimiser: torch.optim.Optimizer) -> None:
        stored = {
            "model": model.state_dict(),
            "optimiser": optimiser.state_dict(),
            "seconds": self.seconds,
            "harder": self.harder,
        }
        torch.save(stored, out / "checkpoint.new")
        (out / "checkpoint.new").replace(out / "checkpoint.pt")


class Log:
    """Lines of JSON in a file and on the screen."""

    def __init__(self, out: Path) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self._path, self._started = out / "log.jsonl", time.time()

    def write(self, what: str, spent: float, **figures: float) -> None:
        """Write what happened after how many seconds of training, with figures."""
        row = {"what": what, "seconds": round(spent), "clock": round(time.time() - self._started)}
        row |= {name: round(value, 4) for name, value in figures.items()}
        with self._path.open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(json.dumps(row), flush=True)  # noqa: T201 (the log of a command)


def main() -> None:
    """Read the packed sets and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packed", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, required=True, help="of training, without mining")
    parser.add_argument("--questions", type=int, default=64)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--remined", type=int, default=12_000)
    options = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    with np.load(options.packed) as stored:
        packed = {name: stored[name] for name in stored.files}
    plan = Plan(
        options.seconds,
        questions=options.questions,
        rate=options.rate,
        workers=options.workers,
        remined=options.remined,
    )
    train(Library(packed), packed, plan, options.out, device)


if __name__ == "__main__":
    main()
