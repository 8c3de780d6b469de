"""The weights that training begins with, as they travel in the packed file. Here so that only numpy is needed.

Matrices in 8 bits with a scale for each row: no less than the reranker's own file holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_WHOLE, _SCALE, _PLAIN = "start.whole.", "start.scale.", "start.plain."


def packed(weights: Mapping[str, Floats]) -> dict[str, Any]:
    """Return arrays for the packed file."""
    arrays: dict[str, Any] = {}
    for name, value in weights.items():
        if value.ndim == 2 and len(value) > 1:
            scale = np.maximum(np.abs(value).max(1, keepdims=True), 1e-8) / 127
            arrays |= {_WHOLE + name: np.round(value / scale).astype(np.int8), _SCALE + name: scale.astype(np.float32)}
        else:
            arrays[_PLAIN + name] = value.astype(np.float32)
    return arrays


def beginning(stored: Mapping[str, Any]) -> dict[str, Floats]:
    """Return the weights by their names in `encoder.Reranker`."""
    whole = {name.removeprefix(_WHOLE) for name in stored if name.startswith(_WHOLE)}
    plain = {name.removeprefix(_PLAIN): np.asarray(stored[name]) for name in stored if name.startswith(_PLAIN)}
    return plain | {name: stored[_WHOLE + name].astype(np.float32) * stored[_SCALE + name] for name in whole}
