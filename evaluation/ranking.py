"""Figures of a ranking: recall, mean reciprocal rank, normalised discounted cumulative gain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

CUT = 10  # ranks that MRR and nDCG look at
RECALLS = (1, 5, 10)
NAMES = (*(f"recall@{k}" for k in RECALLS), f"MRR@{CUT}", f"nDCG@{CUT}")


def figures(ranked: Sequence[str], relevant: Mapping[str, float]) -> dict[str, float]:
    """Return the figures of one question.

    :param ranked: document ids, best first, each once.
    :param relevant: the gain of each relevant document, above 0; at least one.

    Gain over log2(rank + 1), as Järvelin & Kekäläinen 2002 and BEIR. Recall counts documents: where one is relevant,
    recall@1 is hit@1.
    """
    recalls = [sum(name in relevant for name in ranked[:k]) / len(relevant) for k in RECALLS]
    first = next((rank for rank, name in enumerate(ranked[:CUT], 1) if name in relevant), None)
    gained = _discounted([relevant.get(name, 0.0) for name in ranked[:CUT]])
    best = _discounted(sorted(relevant.values(), reverse=True)[:CUT])
    return dict(zip(NAMES, (*recalls, 1 / first if first else 0.0, gained / best), strict=True))


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
