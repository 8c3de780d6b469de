"""How far a figure may be chance: percentile bootstrap over questions (Efron & Tibshirani 1993), with a fixed seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_DRAWS = 2_000
_SEED = 1


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of paired differences, its 95 % interval, and the share of draws on the other side of nought, twice."""

    mean: float
    low: float
    high: float
    p: float

    @property
    def more_than_chance(self) -> bool:
        """Tell whether the interval leaves nought out."""
        return self.low > 0 or self.high < 0


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of a mean."""
    means = _means(values)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def difference(before: Sequence[float], after: Sequence[float]) -> Difference:
    """Return how much better `after` is, question by question. :raises ValueError: where the lengths differ."""
    each = [b - a for a, b in zip(before, after, strict=True)]
    means = _means(each)
    low, high = np.quantile(means, [0.025, 0.975])
    p = 2 * min(float((means <= 0).mean()), float((means >= 0).mean()))
    return Difference(float(np.mean(each)), float(low), float(high), min(p, 1.0))


def auroc(true: Sequence[float] | np.ndarray, false: Sequence[float] | np.ndarray) -> float:
    """Return the chance that a true one scores above a false one (.5 is a coin)."""
    yes, no = np.asarray(true)[:, None], np.asarray(false)[None]
    return float((yes > no).mean() + 0.5 * (yes == no).mean())


def auroc_interval(true: Sequence[float], false: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of the chance that a true one scores above a false one, both sides drawn anew."""
    rng = np.random.default_rng(_SEED)
    yes, no = np.asarray(true, np.float64), np.asarray(false, np.float64)
    drawn = []
    for _ in range(_DRAWS):
        some, others = rng.choice(yes, len(yes)), np.sort(rng.choice(no, len(no)))
        below, up_to = np.searchsorted(others, some, "left"), np.searchsorted(others, some, "right")
        drawn.append(float((below + up_to).mean() / (2 * len(others))))
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


def _means(values: Sequence[float]) -> np.ndarray:
    data = np.asarray(values, np.float64)
    drawn = np.random.default_rng(_SEED).integers(0, len(data), (_DRAWS, len(data)))
    return np.asarray(data[drawn].mean(axis=1))
