"""Reads the weights of a model back from the ONNX file that `graph.py` wrote, rounded as they were for it.

What was shipped can so be trained further, or averaged with another run, when nothing else of its run is left.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper

Floats = npt.NDArray[np.float32]

_LINEAR = (("q", "k", "v"), ("ao",), ("fi",), ("fo",))  # of a layer, in the order in which they are computed
_NORMS = ("aln", "oln")


def read_back(path: Path) -> dict[str, Floats]:
    """Return the weights of all layers and both read-outs by their names in `encoder.Reranker`.

    :raises ValueError: where the file holds another graph.
    """
    graph = onnx.load(path).graph
    constants = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    made = {output: node for node in graph.node for output in node.output}
    linear, norms, read_outs = (
        [node for node in graph.node if node.op_type == kind]
        for kind in ("MatMulIntegerToFloat", "LayerNormalization", "MatMul")
    )
    if len(linear) % len(_LINEAR) or len(norms) != 1 + len(linear) // 2 or len(read_outs) != 2:
        raise ValueError(f"{path}: not a graph of training/reranker/graph.py")
    weights: dict[str, Floats] = {}
    for number, node in enumerate(linear):
        layer, place = divmod(number, len(_LINEAR))
        names = _LINEAR[place]
        weight, bias = _linear(node, made, constants)
        for name, rows, values in zip(names, np.split(weight, len(names)), np.split(bias, len(names)), strict=True):
            weights |= {f"encoder.layers.{layer}.{name}.weight": rows, f"encoder.layers.{layer}.{name}.bias": values}
    for number, node in enumerate(norms[1:]):  # the first is the embeddings', which nothing changes
        layer, place = divmod(number, len(_NORMS))
        for kind, name in zip(("weight", "bias"), node.input[1:], strict=True):
            weights[f"encoder.layers.{layer}.{_NORMS[place]}.{kind}"] = constants[name]
    sentence, window = read_outs
    added = next(node for node in graph.node if node.op_type == "Add" and node.input[0] == sentence.output[0])
    weights["sentence.weight"] = constants[sentence.input[1]].T
    weights["sentence.bias"] = constants[added.input[1]]
    weights["window.weight"] = constants[window.input[1]].T
    return weights


def _linear(node: Any, made: dict[str, Any], constants: dict[str, Any]) -> tuple[Floats, Floats]:
    """Return weight (out, in) and bias of a linear map: whole numbers times scales, smoothing taken back."""
    scaled = made[made[node.input[0]].input[0]]
    smoothing = constants[scaled.input[1]]
    columns, scales, bias = (constants[node.input[place]] for place in (1, 3, 6))
    return columns.T.astype(np.float32) * scales[:, None] * smoothing[None, :], bias
