"""Figures on the documents left out: is the right sentence first, are questions told from those without an answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from training.reranker.encoder import Reranker
from training.reranker.windows import Library, padded

_MEASURED = 350  # questions of a kind
_BATCH = 384
_KINDS = ("argued", "squad2dev", "jsquad", "xquad")


class _Windows(Dataset[tuple[list[int], list[int], Tensor, Tensor, Tensor, int]]):
    """Batches of windows of like length, made by the loader's workers while the device computes."""

    def __init__(self, library: Library, pairs: Sequence[tuple[int, int]]) -> None:
        self._library, self._pairs = library, pairs
        begin, sentence = library.columns["begin"], library.columns["sentence"]
        size = np.diff(begin)
        asked = library.columns["question"]
        sizes = [int(size[asked[q]]) * 200 + int(size[sentence[n]]) for q, n in pairs]
        self._order = sorted(range(len(pairs)), key=sizes.__getitem__)

    def __len__(self) -> int:
        return -(-len(self._order) // _BATCH)

    def __getitem__(self, batch: int) -> tuple[list[int], list[int], Tensor, Tensor, Tensor, int]:
        rows = self._order[batch * _BATCH : (batch + 1) * _BATCH]
        chosen = [self._pairs[row] for row in rows]
        windows = [self._library.window(self._library.front(question), sentence) for question, sentence in chosen]
        places = [window.sentences.index(sentence) for window, (_, sentence) in zip(windows, chosen, strict=True)]
        most = max(len(window.sentences) for window in windows)
        pieces, mask, numbers = (torch.from_numpy(part).long() for part in padded(windows))
        return rows, places, pieces, mask, numbers, most


@torch.no_grad()
def scored(
    library: Library, model: Reranker, pairs: Sequence[tuple[int, int]], device: str, workers: int = 0
) -> list[float]:
    """Return the model's score of each (question, sentence) in its window."""
    model.eval()
    scores = [0.0] * len(pairs)
    for rows, places, pieces, mask, numbers, most in DataLoader(
        _Windows(library, pairs), batch_size=None, num_workers=workers
    ):
        with torch.autocast(device, torch.bfloat16):
            states = model.encoder(pieces.to(device), mask.to(device))
        found = model.scores(states, numbers.to(device), most).cpu().numpy()
        for line, (row, place) in enumerate(zip(rows, places, strict=True)):
            scores[row] = float(found[line, place])
    model.train()
    return scores


def measure(library: Library, model: Reranker, mined: np.ndarray, device: str, workers: int = 0) -> dict[str, float]:
    """Return by kind: right sentence first of its document and in the first five, first of all mined, and AUROC."""
    figures: dict[str, float] = {}
    for kind in _KINDS:
        asked = _asked(library, kind)
        pairs = []
        for question in asked:
            own = library.sentences_of(int(library.columns["document"][question]))
            pairs += [(question, n) for n in dict.fromkeys([*own, *(int(n) for n in mined[question] if n >= 0)])]
        scores = scored(library, model, pairs, device, workers)
        rows: dict[int, list[tuple[float, int]]] = {}
        for (question, sentence), score in zip(pairs, scores, strict=True):
            rows.setdefault(question, []).append((score, sentence))
        figures |= {f"{kind}_{name}": value for name, value in _figures(library, rows).items()}
    return figures


def _asked(library: Library, kind: str) -> list[int]:
    rows = [
        question
        for question, (number, left) in enumerate(zip(library.columns["set"], library.columns["left"], strict=True))
        if left and library.sets[number].startswith(kind)
    ]
    step = max(1, len(rows) // (2 * _MEASURED if kind in ("argued", "squad2dev") else _MEASURED))
    return rows[::step]


def auroc(yes: Sequence[float] | np.ndarray, no: Sequence[float] | np.ndarray) -> float:
    """Return the chance that one of `yes` scores above one of `no`."""
    above, below = np.asarray(yes)[:, None], np.asarray(no)[None]
    return float((above > below).mean() + 0.5 * (above == below).mean())


def _figures(library: Library, rows: dict[int, list[tuple[float, int]]]) -> dict[str, float]:
    first: list[bool] = []
    five: list[bool] = []
    overall: list[bool] = []
    yes: list[float] = []
    no: list[float] = []
    for question, found in rows.items():
        right = set(library.positives(question))
        (yes if right else no).append(max(found)[0])
        if right:
            own = library.sentences_of(int(library.columns["document"][question]))
            ordered = [n for _, n in sorted(found, reverse=True)]
            inside = [n for n in ordered if n in own]
            first.append(inside[0] in right)
            five.append(not right.isdisjoint(inside[:5]))
            overall.append(ordered[0] in right)
    figures = {"first": float(np.mean(first)), "five": float(np.mean(five)), "of_all": float(np.mean(overall))}
    if no:
        figures["auroc"] = auroc(yes, no)
    return figures
