"""`python -m evaluation compare QUESTIONS.jsonl A B`: whether B is better than A, question by question."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from evaluation.bootstrap import difference
from evaluation.golden import judged
from evaluation.jsonl import rows
from evaluation.scoring import Judgement, judge

EXAMPLE = """example:
  python -m evaluation golden questions.jsonl --save before.jsonl
  python -m evaluation compare questions.jsonl before.jsonl after.jsonl"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command understands."""
    parser.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl", help="judged questions, one a line")
    parser.add_argument("before", type=Path, metavar="A", help="answers, as `golden --save` writes them")
    parser.add_argument("after", type=Path, metavar="B", help="other answers to the same questions")


def run(arguments: argparse.Namespace) -> int:
    """Judge both, print paired differences and the questions that changed."""
    items = judged(arguments.questions)
    before, after = (
        [judge(item, answers.get(item["id"])) for item in items]
        for answers in ({row["id"]: row for row in rows(path, ("id",))} for path in (arguments.before, arguments.after))
    )
    sys.stdout.writelines([*_figures(before, after), *_changed(before, after)])
    return 0


def _figures(before: Sequence[Judgement], after: Sequence[Judgement]) -> list[str]:
    lines = [f"{'':26}      A      B  difference   95 % interval       p\n"]
    names = dict.fromkeys(name for judgement in (*before, *after) for name in judgement.figures)
    for name in ("right_overall", *(name for name in names if name != "seconds")):
        pairs = [(_value(a, name), _value(b, name)) for a, b in zip(before, after, strict=True)]
        both = [(a, b) for a, b in pairs if a is not None and b is not None]
        if both:
            first, second = ([pair[side] for pair in both] for side in (0, 1))
            found = difference(first, second)
            means = f"{sum(first) / len(both):6.3f} {sum(second) / len(both):6.3f}"
            verdict = "more than chance" if found.more_than_chance else "may be chance"
            span = f"{found.low:+.3f} to {found.high:+.3f}"
            lines.append(f"{name:26} {means}  {found.mean:+9.3f}  {span:>16}  {found.p:6.3f}  {verdict}\n")
    return lines


def _value(judgement: Judgement, name: str) -> float | None:
    return judgement.result if name == "right_overall" else judgement.figures.get(name)


def _changed(before: Sequence[Judgement], after: Sequence[Judgement]) -> list[str]:
    pairs = sorted(zip(before, after, strict=True), key=lambda pair: pair[1].result - pair[0].result)
    return [
        f"  {a.result:.2f} -> {b.result:.2f} {a.id} [{a.type}] {a.question}\n" for a, b in pairs if a.result != b.result
    ]
