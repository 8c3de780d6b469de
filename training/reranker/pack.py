"""Cut every text of the sets into pieces, once, and write one file that training reads: no text, only numbers.

    python -m training.reranker.pack --sets ../shared/sets --out pack.npz

The pieces are numbered anew, so that only the word embeddings that occur travel with them (in 4 bits, as they are in
the bundled model's file): the file suffices to train on another machine with nothing but numpy and torch.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.e5_file import E5File, bundled
from models.pieces import BEGIN, END, PAD, pieces
from training.reranker.sets import Sets, read
from training.reranker.split import left_out

Numbers = npt.NDArray[np.int32]
_BATCH = 20_000
_SPECIAL = (BEGIN, PAD, END)  # keep their numbers: 0, 1, 2


def main() -> None:
    """Read, cut, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, default=Path("../shared/sets"))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    np.savez_compressed(options.out, **packed(read(options.sets)))


def packed(sets: Sets) -> dict[str, Any]:
    """Return the arrays: texts as pieces, documents and questions as numbers of texts, and the encoder's tensors."""
    table = Table()
    documents = {(text.pool, text.id): number for number, text in enumerate(sets.texts)}
    pools = list(dict.fromkeys(text.pool for text in sets.texts))
    names = list(dict.fromkeys(asked.set for asked in sets.asked))
    out = left_out()
    first = np.cumsum([0, *(len(text.sentences) for text in sets.texts)])
    arrays = {
        "sentence": table.add(sentence for text in sets.texts for sentence in text.sentences),
        "speaker": table.add(speaker or "" for text in sets.texts for speaker in text.speakers),
        "title": table.add(text.title for text in sets.texts),
        "section": table.add(text.section for text in sets.texts),
        "question": table.add(asked.text for asked in sets.asked),
        "first": first,
        "pool": np.array([pools.index(text.pool) for text in sets.texts]),
        "pools": np.array(pools),
        "set": np.array([names.index(asked.set) for asked in sets.asked]),
        "sets": np.array(names),
        "document": np.array([documents[asked.pool, asked.document] for asked in sets.asked]),
        "left": np.array([asked.document in out.get(asked.pool, ()) for asked in sets.asked]),
        "left_document": np.array([text.id in out.get(text.pool, ()) for text in sets.texts]),
        "answers": np.array([n for asked in sets.asked for n in asked.answers]),
        "answers_first": np.cumsum([0, *(len(asked.answers) for asked in sets.asked)]),
    }
    fixed = {"query": "query:", "passage": "passage:", "colon": ":"}
    arrays |= {f"fixed_{name}": table.add([text]) for name, text in fixed.items()}
    return arrays | table.arrays() | encoder_tensors(bundled())


class Table:
    """Texts, each kept once, as pieces."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def add(self, texts: Iterable[str]) -> Numbers:
        """Return the number of each text."""
        return np.array([self._numbers.setdefault(text, len(self._numbers)) for text in texts], np.int32)

    def arrays(self) -> dict[str, Any]:
        """Return pieces (numbered anew), where each text begins among them, and their packed word embeddings."""
        texts, rows = list(self._numbers), []
        for at in range(0, len(texts), _BATCH):
            rows += pieces(texts[at : at + _BATCH])
        flat = np.array([piece for row in rows for piece in row], np.int64)
        used = np.unique(np.concatenate([np.array(_SPECIAL), flat]))
        assert tuple(used[:3]) == _SPECIAL
        return {
            "pieces": np.searchsorted(used, flat).astype(np.int32),
            "begin": np.cumsum([0, *map(len, rows)]),
            "vocabulary": used,
            "words": bundled().words()[used],
        }


def encoder_tensors(file: E5File) -> dict[str, Any]:
    """Return the encoder's tensors as they are stored: matrices packed in 4 bits, the others in 32."""
    tensors: dict[str, Any] = {
        f"f32.{name}": file.floats(name) for name in ("emb.pos", "emb.type", "emb.ln.w", "emb.ln.b")
    }
    for layer in range(file.layers):
        for name, columns in {"q": 384, "k": 384, "v": 384, "ao": 384, "fi": 384, "fo": file.feed_forward}.items():
            tensors[f"q4.l{layer}.{name}.w"] = file.rows(f"l{layer}.{name}.w", columns)
            tensors[f"f32.l{layer}.{name}.b"] = file.floats(f"l{layer}.{name}.b")
        for name in ("aln.w", "aln.b", "oln.w", "oln.b"):
            tensors[f"f32.l{layer}.{name}"] = file.floats(f"l{layer}.{name}")
    return tensors


if __name__ == "__main__":
    main()
