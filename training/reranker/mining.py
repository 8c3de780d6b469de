"""Finds wrong sentences that look right, by the untrained encoder's vectors and by words in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.reranker.encoder import Encoder
from training.reranker.windows import BEGIN, END, PAD, Library, Pieces

_BATCH = 512
_QUESTIONS = 1024  # compared at once


@torch.no_grad()
def vectors(library: Library, encoder: Encoder, texts: Sequence[Pieces], device: str) -> Tensor:
    """Return the L2-normalised mean vectors (texts, hidden) of texts with their prefix, longest first in a batch."""
    order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
    found = torch.zeros(len(texts), encoder.words.weight.shape[1], device=device, dtype=torch.float16)
    encoder.eval()
    for at in range(0, len(order), _BATCH):
        rows = order[at : at + _BATCH]
        length = len(texts[rows[0]]) + 2
        pieces = np.full((len(rows), length), PAD, np.int32)
        for row, number in enumerate(rows):
            text = texts[number]
            pieces[row, : len(text) + 2] = np.concatenate([[BEGIN], text, [END]])
        ids = torch.from_numpy(pieces).to(device)
        mask = (ids != PAD).int()
        with torch.autocast(device, torch.bfloat16):
            states = encoder(ids, mask).float()
        pooled = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        found[torch.tensor(rows, device=device)] = functional.normalize(pooled, dim=1).half()
    return found


def mined(library: Library, encoder: Encoder, device: str, count: int) -> np.ndarray:
    """Return for each question `count` sentences of its pool, half by meaning, half by words, (questions, count).

    Sentences that answer are among them; whoever draws leaves them out.
    """
    columns = library.columns
    front = {name: library._fixed[name] for name in ("query", "passage", "colon")}
    pool_of = columns["pool"]
    found = np.full((len(columns["question"]), count), -1, np.int64)
    for pool in range(len(library.pools)):
        documents = np.flatnonzero(pool_of == pool)
        sentences = np.concatenate([np.array(library.sentences_of(int(d))) for d in documents])
        asked = np.flatnonzero(pool_of[columns["document"]] == pool)
        if not len(asked):
            continue
        titles = {int(d): library.text(columns["title"][d])[:16] for d in documents}
        texts = [
            np.concatenate(
                [front["passage"], titles[library.document_of(int(n))], library.text(columns["sentence"][n])]
            )[:128]
            for n in sentences
        ]
        questions = [np.concatenate([front["query"], library.text(columns["question"][q])])[:64] for q in asked]
        meaning = vectors(library, encoder, texts, device)
        asking = vectors(library, encoder, questions, device)
        words = _words([library.text(columns["sentence"][n]) for n in sentences], encoder, device)
        half = count // 2
        for at in range(0, len(asked), _QUESTIONS):
            rows = asked[at : at + _QUESTIONS]
            near = asking[at : at + _QUESTIONS] @ meaning.T
            share = _shared(words, [library.text(columns["question"][q]) for q in rows], encoder, device)
            by_meaning = near.topk(min(half, near.shape[1]), dim=1).indices
            by_words = share.topk(min(count - half, share.shape[1]), dim=1).indices
            both = torch.cat([by_meaning, by_words], 1).cpu().numpy()
            found[rows, : both.shape[1]] = sentences[both]
    return found


def _words(texts: Sequence[Pieces], encoder: Encoder, device: str) -> Tensor:
    """Return a sparse matrix (pieces, texts) of how much each piece says in each text (BM25's weights)."""
    rows = np.concatenate([np.unique(text) for text in texts])
    columns = np.repeat(np.arange(len(texts)), [len(np.unique(text)) for text in texts])
    size = encoder.words.weight.shape[0]
    frequency = np.bincount(rows, minlength=size)
    lengths = np.array([max(len(text), 1) for text in texts])
    rarity = np.log(1 + (len(texts) - frequency + 0.5) / (frequency + 0.5))
    weights = rarity[rows] * 2.2 / (1 + 1.2 * (0.4 + 0.6 * lengths[columns] / lengths.mean()))
    index = torch.from_numpy(np.stack([columns, rows]))
    return torch.sparse_coo_tensor(index, torch.from_numpy(weights).float(), (len(texts), size)).coalesce().to(device)


def _shared(words: Tensor, questions: Sequence[Pieces], encoder: Encoder, device: str) -> Tensor:
    """Return how much each question shares with each text, shape (questions, texts)."""
    held = np.zeros((encoder.words.weight.shape[0], len(questions)), np.float32)
    for column, question in enumerate(questions):
        held[question, column] = 1.0
    return torch.sparse.mm(words, torch.from_numpy(held).to(device)).T
