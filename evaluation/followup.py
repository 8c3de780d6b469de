"""`python -m evaluation followup DIR`: how much of what a follow-up leaves out is searched all the same.

The set has rows {"history": [...], "text", "rewrite"} in queries.jsonl, as CANARD has: a follow-up, what was said
before (titles, questions, answers), and the question as a person wrote it out. What is missing are the words of that
which the follow-up lacks, but for function words; no index is needed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

from errors import UsageError
from evaluation.asking import turns
from evaluation.jsonl import Row, rows
from retrieval import cues
from retrieval.retriever import subject
from retrieval.weights import EXAMINED_TURNS
from text.words import terms

EXAMPLE = """example:
  python -m evaluation followup sets/canard"""
_LANGUAGE = "en"  # of the sets there are
_FUNCTION_WORDS = frozenset(
    terms(
        "what who when where which why how did does do was were is are be been the a an of in on at to for from with by"
        " about as and or his her their he she it they that this these those have has had any other there after before",
        _LANGUAGE,
    )
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command understands."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="the set")


def run(arguments: argparse.Namespace) -> int:
    """Read, compare words, print."""
    asked = [row for row in rows(arguments.folder / "queries.jsonl", ("history", "text", "rewrite")) if _missing(row)]
    if not asked:
        raise UsageError(f"{arguments.folder}: no follow-up with words left out")
    shares = [found(row) for row in asked]
    leaning = [share for row, share in zip(asked, shares, strict=True) if cues.leans_on_earlier(row["text"])]
    sys.stdout.write(f"{'follow-ups with words left out':46} {len(asked):6,}\n")
    sys.stdout.write(f"{'of those words, searched':46} {statistics.mean(shares):6.3f}\n")
    sys.stdout.write(f"{'follow-ups that are read as such at once':46} {len(leaning) / len(asked):6.3f}\n")
    return 0


def found(row: Row) -> float:
    """Return the share of the words that a follow-up leaves out which are searched when it is read as one."""
    missing = _missing(row)
    searched = set(terms(subject(turns(row)[-EXAMINED_TURNS:]) or "", _LANGUAGE))
    return len(missing & searched) / len(missing)


def _missing(row: Row) -> set[str]:
    """Return the terms of the question written out that the follow-up lacks; none where nothing was said before."""
    if not row["history"]:
        return set()
    return set(terms(row["rewrite"], _LANGUAGE)) - set(terms(row["text"], _LANGUAGE)) - _FUNCTION_WORDS
