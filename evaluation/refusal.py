"""`python -m evaluation refusal DIR`: how well questions without an answer are told from the others.

The set has its questions in queries.jsonl {id, text, doc, answers: [{text}], impossible, history?}, as SQuAD 2.0 has.
AUROC is the chance that an answerable question is surer than one that is not (.5 is a coin).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from errors import UsageError
from evaluation.asking import turns
from evaluation.jsonl import Row, rows
from evaluation.sets import index_of
from schema import Answer
from settings import Settings

EXAMPLE = """examples:
  python -m evaluation refusal sets/squad
  python -m evaluation refusal sets/squad --left-out --limit 400      only what nothing was trained or tuned on"""
LEFT_OUT = Path(__file__).parent / "left_out.json"
_KEPT = (0.95, 0.90)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command understands."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="the set")
    parser.add_argument("--limit", type=int, metavar="N", help="ask N questions only, evenly spread")
    parser.add_argument("--left-out", action="store_true", help="only questions on documents left out of training")


def run(arguments: argparse.Namespace) -> int:
    """Index the set, ask, print."""
    from tqdm import tqdm

    from answering.answerer import Answerer
    from index.reader import open_index
    from models.embedding import load

    asked = questions(arguments.folder, arguments.limit, arguments.left_out)
    settings = Settings.from_env(data=arguments.data)
    embedding = load(settings.embedding)
    settings, _ = index_of(arguments.folder, settings, embedding)
    with open_index(settings.data) as index:
        answerer = Answerer(index, embedding, settings)
        bar = tqdm(asked, desc="asking", unit="question", disable=None)
        found = [(row, *answerer.answer_with_confidence(row["text"], turns(row))) for row in bar]
    sys.stdout.writelines(f"{name:34} {value:.3f}\n" for name, value in figures(found).items())
    return 0


def questions(folder: Path, limit: int | None, left_out: bool) -> list[Row]:
    """Return the questions of a set. :raises UsageError: where there is none of either kind."""
    asked = list(rows(folder / "queries.jsonl", ("id", "text", "impossible")))
    if left_out:
        documents = left_out_of(folder)
        asked = [row for row in asked if str(row["doc"]) in documents]
    asked = asked[:: max(1, -(-len(asked) // limit))] if limit else asked
    if len({bool(row["impossible"]) for row in asked}) < 2:
        raise UsageError(f"{folder}: questions with and without an answer are needed, {len(asked)} were found")
    return asked


def left_out_of(folder: Path) -> set[str]:
    """Return the ids of the set's documents that nothing was trained or tuned on.

    :raises UsageError: where none are listed for a set of that name.
    """
    listed = json.loads(LEFT_OUT.read_text("utf-8")).get(folder.resolve().name)
    if not listed:
        raise UsageError(f"{LEFT_OUT.name} lists no documents of a set called {folder.resolve().name}")
    return set(listed)


def figures(found: Sequence[tuple[Row, Answer, float]]) -> dict[str, float]:
    """Return the figures, by name; of each question its row, the answer, and how sure it is."""
    yes = np.array([sure for row, _, sure in found if not row["impossible"]])
    no = np.array([sure for row, _, sure in found if row["impossible"]])
    above = (yes[:, None] > no[None]).mean() + 0.5 * (yes[:, None] == no[None]).mean()
    shown = {
        "AUROC": float(above),
        "refused of the unanswerable": _mean(a.abstained for row, a, _ in found if row["impossible"]),
        "answered of the answerable": _mean(not a.abstained for row, a, _ in found if not row["impossible"]),
    }
    for kept in _KEPT:
        shown[f"refused where {kept:.2f} are answered"] = float((no < np.quantile(yes, 1 - kept)).mean())
    hits = [_hits(row, answer) for row, answer, _ in found if not row["impossible"]]
    shown["answer in the first quote"] = _mean(hit[0] for hit in hits)
    shown["answer in the first five"] = _mean(any(hit) for hit in hits)
    return shown


def _hits(row: Row, answer: Answer) -> list[bool]:
    """Return which quotes hold an answer of the set in full."""
    wanted = [_plain(one["text"]) for one in row["answers"]]
    cited = answer.citations or answer.nearest
    return [any(text in _plain(citation.quote) for text in wanted) for citation in cited[:5]] or [False]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
