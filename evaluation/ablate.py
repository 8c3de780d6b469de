"""`python -m evaluation ablate QUESTIONS.jsonl`: what each step is worth, by asking the same questions without it."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from evaluation.asking import Remembering, ask, loaded
from evaluation.bootstrap import difference
from evaluation.golden import judged
from evaluation.jsonl import Row
from evaluation.scoring import Judgement, judge
from models import embedding as embeddings
from models.embedding import Embedding
from settings import Settings

EXAMPLE = """examples:
  python -m evaluation ablate questions.jsonl
  python -m evaluation ablate questions.jsonl --step reranker --step heading"""
_FIGURES = ("evidence_at_1", "evidence_at_5")
_UNHURRIED = 600_000  # milliseconds for the reranker: a busy machine is not to look like a worthless step


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command understands."""
    parser.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl", help="judged questions, one a line")
    parser.add_argument("--step", action="append", metavar="NAME", help="only this step; may be repeated")


def run(arguments: argparse.Namespace) -> int:
    """Ask with all steps, then without each, and print paired differences."""
    from errors import UsageError
    from retrieval.steps import STEPS

    steps = arguments.step or list(STEPS)
    if unknown := [step for step in steps if step not in STEPS]:
        raise UsageError(f"no step is called {', '.join(unknown)}; there are {', '.join(STEPS)}")
    items = judged(arguments.questions)
    settings = replace(Settings.from_env(corpus=arguments.corpus, data=arguments.data), rerank_milliseconds=_UNHURRIED)
    embedding = Remembering(embeddings.load(settings.embedding))
    whole = _judged(items, settings, embedding, frozenset())
    sys.stdout.write(f"all steps: right {_mean(whole):.3f} of {len(items)} questions; without one, so much changes:\n")
    sys.stdout.write(f"{'':12}       right   95 % interval  {''.join(f'{name:>15}' for name in _FIGURES)}\n")
    for step in steps:
        without = _judged(items, settings, embedding, frozenset({step}))
        found = difference([j.result for j in whole], [j.result for j in without])
        figures = "".join(f"{_change(whole, without, name):+15.3f}" for name in _FIGURES)
        span = f"{found.low:+.3f} to {found.high:+.3f}"
        sys.stdout.write(f"{step:12} {found.mean:+11.3f}  {span:>16}{figures}   {STEPS[step]}\n")
        sys.stdout.flush()
    return 0


def _judged(items: list[Row], settings: Settings, embedding: Embedding, off: frozenset[str]) -> list[Judgement]:
    answerer = loaded(settings, off, embedding)
    answers = dict(ask(answerer, items))
    answerer.index.close()
    return [judge(item, answers[item["id"]]) for item in items]


def _mean(judgements: list[Judgement]) -> float:
    return sum(judgement.result for judgement in judgements) / len(judgements)


def _change(whole: list[Judgement], without: list[Judgement], name: str) -> float:
    pairs = [(a.figures.get(name), b.figures.get(name)) for a, b in zip(whole, without, strict=True)]
    changes = [b - a for a, b in pairs if a is not None and b is not None]
    return sum(changes) / len(changes) if changes else 0.0
