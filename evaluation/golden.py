"""`python -m evaluation golden QUESTIONS.jsonl`: ask judged questions and print the figures."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from errors import UsageError
from evaluation.questions import Row, rows
from evaluation.scoring import Judgement, judge, summarise
from schema import Turn
from settings import Settings

EXAMPLE = """examples:
  python -m evaluation golden questions.jsonl --worst 20
  python -m evaluation golden questions.jsonl --answers answers.jsonl     score answers that are there already"""
_NEEDED = ("id", "question", "type", "answerable", "evidence")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command understands."""
    parser.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl", help="judged questions, one a line")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="score these answers instead of asking")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="also list N of the lowest-scored questions")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Ask (or read the answers), score, print."""
    items = list(rows(arguments.questions, _NEEDED))
    if not items:
        raise UsageError(f"{arguments.questions} holds no question")
    if arguments.answers:
        answers = {row["id"]: row for row in rows(arguments.answers, ("id",))}
    else:
        answers = dict(_ask(items, Settings.from_env(corpus=arguments.corpus, data=arguments.data)))
    judgements = [judge(item, answers.get(item["id"])) for item in items]
    figures = summarise(judgements)
    if arguments.json:
        sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    else:
        sys.stdout.writelines(f"{name:28s} {value:.3f}\n" for name, value in figures.items())
    sys.stdout.writelines(_worst(judgements, arguments.worst))
    return 0


def turns(item: Row) -> list[Turn]:
    """Return the earlier questions of an item as turns; what answered them is not known."""
    return [Turn(question) for question in item.get("history", ())]


def _ask(items: list[Row], settings: Settings) -> Iterator[tuple[str, dict[str, Any]]]:
    from tqdm import tqdm

    from answering.answerer import load
    from index.build import build
    from index.progress import Terminal
    from models import embedding

    build(settings, embedding.load(settings.embedding), Terminal(sys.stderr))
    ask = load(settings).answer
    for item in tqdm(items, desc="asking", unit="question", disable=None):
        yield item["id"], ask(item["question"], turns(item)).to_json()


def _worst(judgements: list[Judgement], count: int) -> list[str]:
    lost = sorted((j.result, j.id, j.type, j.question) for j in judgements if j.result < 1)
    return [f"  {result:.2f} {name} [{kind}] {question}\n" for result, name, kind, question in lost[:count]]
