"""Writes the trained reranker as an ONNX graph in whole numbers of 8 bits.

Scales of activations are fixed, found on windows of the training sets. With the usual dynamic ones, one for a whole
batch, scores were off by .7 on average where they vary by 1.6 (measured), and a window's score hung on the windows
beside it. Channels that run high are scaled down and their weights up (SmoothQuant; Xiao et al. 2023,
arXiv:2211.10438). Weights have a scale for each column and 7 bits: then no instruction set overflows, and sums of
whole numbers are the same on every processor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper

from training.reranker.encoder import EPSILON, HEADS

Floats = npt.NDArray[np.float32]

_LARGEST_WEIGHT = 63  # 7 bits
_STEPS = 255
_SMOOTHING = 0.7  # share of a channel's size that its activations lose to its weights; .5 to .9 were tried
_OPSET = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest value of each channel of an activation, shape (channels,)."""

    least: Floats
    greatest: Floats


class _Graph:
    """Nodes and constants as they are added; methods return the name of what they compute."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, value: npt.NDArray[Any] | np.generic) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def node(self, kind: str, inputs: list[str], outputs: list[str] | int = 1, **attributes: Any) -> str:
        names = [f"n{len(self.nodes)}_{n}" for n in range(outputs)] if isinstance(outputs, int) else outputs
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names[0]

    def linear(self, x: str, weight: Floats, bias: Floats, seen: Range) -> str:
        """Return x @ weight.T + bias in whole numbers; weight (out, in)."""
        size = np.maximum(np.maximum(-seen.least, seen.greatest), 1e-4)
        smooth = size**_SMOOTHING / np.maximum(np.abs(weight).max(0), 1e-4) ** (1 - _SMOOTHING)
        least, greatest = min((seen.least / smooth).min(), 0.0), max((seen.greatest / smooth).max(), 0.0)
        scale = np.float32((greatest - least) / _STEPS)
        nought = np.uint8(round(-least / scale))
        whole = self.node(
            "QuantizeLinear",
            [
                self.node("Mul", [x, self.constant((1 / smooth).astype(np.float32))]),
                self.constant(scale),
                self.constant(nought),
            ],
        )
        heavy = weight * smooth
        scales = np.maximum(np.abs(heavy).max(1), 1e-9) / _LARGEST_WEIGHT
        columns = np.round(heavy / scales[:, None]).astype(np.int8).T
        inputs = [whole, self.constant(columns), self.constant(scale), self.constant(scales.astype(np.float32))]
        inputs += [self.constant(nought), "", self.constant(bias)]
        return self.node("MatMulIntegerToFloat", inputs, domain="com.microsoft")

    def normalised(self, x: str, weights: Mapping[str, Floats], name: str) -> str:
        parts = [self.constant(weights[f"{name}.{kind}"]) for kind in ("weight", "bias")]
        return self.node("LayerNormalization", [x, *parts], epsilon=EPSILON, axis=-1)


def graph(weights: Mapping[str, Floats], seen: Mapping[str, Range]) -> Any:
    """Return the model. Inputs: `words` (batch, length, hidden) and `mask` (batch, length), 1 where a piece is.

    Outputs: `pieces` (batch, length), the read-out of each piece, and `window` (batch, 1).

    :param seen: the range of what goes into each linear map, by the map's name.
    """
    g = _Graph()
    table = weights["encoder.positions"] + weights["encoder.segment"]
    length = g.node("Shape", ["words"], start=1, end=2)
    nought = g.constant(np.array([0], np.int64))
    x = g.node("Add", ["words", g.node("Slice", [g.constant(table), nought, length, nought])])
    x = g.normalised(x, weights, "encoder.norm")
    layers = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("encoder.layers."))
    for number in range(layers):
        x = _layer(g, x, weights, seen, f"encoder.layers.{number}.")
    read = g.node("MatMul", [x, g.constant(weights["sentence.weight"].T)])
    read = g.node("Add", [read, g.constant(weights["sentence.bias"])])
    g.node("Squeeze", [read, g.constant(np.array([-1], np.int64))], ["pieces"])
    first = g.node("Gather", [x, g.constant(np.int64(0))], axis=1)
    g.node("MatMul", [first, g.constant(weights["window.weight"].T)], ["window"])
    shape: list[str | int] = ["batch", "length"]
    inputs = [
        helper.make_tensor_value_info("words", TensorProto.FLOAT, [*shape, table.shape[1]]),
        helper.make_tensor_value_info("mask", TensorProto.INT32, shape),
    ]
    outputs = [
        helper.make_tensor_value_info("pieces", TensorProto.FLOAT, shape),
        helper.make_tensor_value_info("window", TensorProto.FLOAT, ["batch", 1]),
    ]
    body = helper.make_graph(g.nodes, "reranker", inputs, outputs, g.constants)
    return helper.make_model(body, opset_imports=_OPSET, ir_version=9)


def _layer(g: _Graph, x: str, weights: Mapping[str, Floats], seen: Mapping[str, Range], at: str) -> str:
    def linear(name: str, given: str, parts: str) -> str:
        weight, bias = (
            np.concatenate([weights[f"{at}{part}.{kind}"] for part in parts.split()]) for kind in ("weight", "bias")
        )
        return g.linear(given, weight, bias, seen[f"{at}{name}"])

    joined = linear("q", x, "q k v")
    parts = [f"{joined}_{part}" for part in "qkv"]
    g.node("Split", [joined], parts, axis=-1, num_outputs=3)
    attended = g.node("MultiHeadAttention", [*parts, "", "mask"], domain="com.microsoft", num_heads=HEADS)
    x = g.normalised(g.node("Add", [x, linear("ao", attended, "ao")]), weights, f"{at}aln")
    inner = g.node("Gelu", [linear("fi", x, "fi")], domain="com.microsoft")
    return g.normalised(g.node("Add", [x, linear("fo", inner, "fo")]), weights, f"{at}oln")
