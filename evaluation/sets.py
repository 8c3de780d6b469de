"""Public question sets in the layout of BEIR: corpus.jsonl, queries.jsonl, qrels.tsv. Read, and indexed."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from errors import UsageError
from evaluation.jsonl import rows
from index.build import build
from index.progress import Progress, Terminal
from models.embedding import Embedding
from settings import Settings

QUERIES = "queries.jsonl"
JUDGEMENTS = "qrels.tsv"
DOCUMENTS = "corpus.jsonl"


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question with the gain of each document that answers it."""

    id: str
    text: str
    relevant: dict[str, float]


def questions(folder: Path, limit: int | None = None) -> list[JudgedQuestion]:
    """Return the questions of a set that have an answer, `limit` of them at even distances.

    :raises UsageError: where a file is missing or wrong, or nothing in it is judged.
    """
    judged = _judgements(folder / JUDGEMENTS)
    found = [
        JudgedQuestion(str(row["id"]), str(row["text"]), judged[str(row["id"])])
        for row in rows(folder / QUERIES, ("id", "text"))
        if not row.get("impossible") and str(row["id"]) in judged
    ]
    if not found:
        raise UsageError(f"no question of {folder / QUERIES} is judged in {JUDGEMENTS}: compare their ids")
    if limit is not None and limit < len(found):
        found = [found[k * len(found) // limit] for k in range(limit)]
    return found


def _judgements(path: Path) -> dict[str, dict[str, float]]:
    """Read question, document, relevance a line, with or without a header; 0 and below is not relevant."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: give question, document and relevance in each line") from error
    judged: dict[str, dict[str, float]] = {}
    for number, line in enumerate(lines, 1):
        parts = line.split("\t")
        try:
            question, document, gain = parts[0], parts[1], float(parts[2])
        except (IndexError, ValueError) as error:
            if number == 1 or not line.strip():
                continue  # a header
            raise UsageError(f"{path}, line {number}: no question, document and relevance between tabs") from error
        if gain > 0:
            judged.setdefault(question, {})[document] = gain
    return judged


def index_of(
    folder: Path, settings: Settings, embedding: Embedding, progress: Progress | None = None
) -> tuple[Settings, dict[str, str]]:
    """Index the documents of a set, or find them indexed; return its settings and the set's id of each document.

    The rows become files with sidecars below `settings.data`, so that they go through the same reading as any file.
    """
    file = folder / DOCUMENTS
    documents = [(str(row["id"]), str(row.get("title") or ""), str(row["text"])) for row in rows(file, ("id", "text"))]
    if not documents:
        raise UsageError(f"{file} holds no document")
    own = settings.data / "sets" / f"{folder.resolve().name}-{hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"
    names = {f"{number // 1_000:04}/{number:07}.txt": row[0] for number, row in enumerate(documents)}
    corpus = own / "corpus"
    if not (own / "written").exists():
        for name, (_, title, text) in zip(names, documents, strict=True):
            _write(corpus / name, title, text)
        (own / "written").touch()
    settings = replace(settings, corpus=corpus, data=own / "data")
    build(settings, embedding, progress or Terminal(sys.stderr))
    return settings, names


def _write(path: Path, title: str, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "replace"))
    lines = ['kind = "text"'] + ([f"title = {json.dumps(title)}"] if title.strip() else [])
    path.with_name(path.name + ".meta.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
