"""`python -m evaluation golden QUESTIONS.jsonl`: ask judged questions and print the figures."""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from errors import UsageError
from evaluation.asking import ask, loaded
from evaluation.bootstrap import interval
from evaluation.composed import composed
from evaluation.jsonl import Row, rows
from evaluation.report import page
from evaluation.scoring import Judgement, judge, summarise
from schema import Mode
from settings import Settings

EXAMPLE = """examples:
  python -m evaluation golden questions.jsonl --worst 20
  python -m evaluation golden questions.jsonl --html misses.html          each miss beside its evidence
  python -m evaluation golden questions.jsonl --save answers.jsonl        keep the answers, e.g. for `compare`
  python -m evaluation golden questions.jsonl --mode composed --model NAME    a language model writes
  python -m evaluation golden questions.jsonl --answers answers.jsonl     score answers that are there already"""
NEEDED = ("id", "question", "type", "answerable", "evidence")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command understands."""
    parser.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl", help="judged questions, one a line")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="score these answers instead of asking")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the answers, one JSON object a line")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page with each miss beside its evidence")
    parser.add_argument("--mode", choices=get_args(Mode), default="extractive", help="quote, or have a model write")
    parser.add_argument("--model", metavar="NAME", help="language model, as SIDENOTE_MODEL names it")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="also list N of the lowest-scored questions")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Ask (or read the answers), score, print."""
    items = judged(arguments.questions)
    quoted: dict[str, Row] = {}
    if arguments.answers:
        answers = {row["id"]: row for row in rows(arguments.answers, ("id",))}
    else:
        answers, quoted = _asked(arguments, items)
    judgements = [judge(item, answers.get(item["id"])) for item in items]
    figures = summarise(judgements)
    if arguments.save:
        lines = (json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers.values())
        arguments.save.write_text("".join(lines), encoding="utf-8")
    if arguments.html:
        arguments.html.write_text(page(items, answers, judgements, figures), encoding="utf-8")
    sys.stdout.writelines([json.dumps(figures, indent=1) + "\n"] if arguments.json else _table(judgements, figures))
    sys.stdout.writelines(_worst(judgements, arguments.worst))
    if quoted and not arguments.json:
        sys.stdout.writelines(composed(items, answers, quoted))
    return 0


def _asked(arguments: argparse.Namespace, items: Sequence[Row]) -> tuple[dict[str, Row], dict[str, Row]]:
    """Return the answers, and where a model was to write them those that were quoted without it."""
    settings = Settings.from_env(
        corpus=arguments.corpus, data=arguments.data, mode=arguments.mode, model=arguments.model
    )
    if arguments.mode == "composed" and not settings.model:
        raise UsageError("no language model is set: give --model, or SIDENOTE_MODEL and SIDENOTE_MODEL_URL")
    answerer = loaded(settings)
    answers = dict(ask(answerer, items, arguments.mode))
    quoted = dict(ask(answerer, items)) if arguments.mode == "composed" else {}
    answerer.index.close()
    return answers, quoted


def judged(path: Path) -> list[Row]:
    """Return what can be scored; a reader's feedback holds lines that do not say what would have been right.

    :raises UsageError: where the file cannot be read, or nothing in it is judged.
    """
    items = list(rows(path, NEEDED))
    scored = [item for item in items if item.get("judged", True)]
    if not scored:
        raise UsageError(f"{path} holds no judged question")
    if left := len(items) - len(scored):
        sys.stderr.write(f"{left} of {len(items)} lines are not judged and are passed over\n")
    return scored


def _table(judgements: Sequence[Judgement], figures: dict[str, float]) -> list[str]:
    """Return the lines of the figures with their intervals, and of the results by type with their counts."""
    values: dict[str, list[float]] = defaultdict(list)
    for judgement in judgements:
        values["right_overall"].append(judgement.result)
        values[f"type:{judgement.type}"].append(judgement.result)
        for name, value in judgement.figures.items():
            values[name].append(value)
    lines = [f"{'':26}  mean   95 % interval  questions\n"]
    for name, value in figures.items():
        of = values.get(name, [])
        low, high = interval(of) if of else (value, value)
        lines.append(f"{name:26} {value:5.3f}   {low:5.3f} - {high:5.3f}  {len(of) or len(judgements):9}\n")
    return lines


def _worst(judgements: Sequence[Judgement], count: int) -> list[str]:
    lost = sorted((j.result, j.id, j.type, j.question) for j in judgements if j.result < 1)
    return [f"  {result:.2f} {name} [{kind}] {question}\n" for result, name, kind, question in lost[:count]]
