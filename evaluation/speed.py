"""`python -m evaluation speed`: what a question, a build and the page cost, as ratios measured in one run.

Ratios, because machines differ and are shared: a question in query embeddings, a build in bare embeddings of the
same texts, the page's first answer in bare imports of its three frameworks. Peak memory is in megabytes. What a reader
sees is measured in Chromium where Playwright and a Chromium are installed, and there in bytes and milliseconds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from evaluation import browser, browser_costs, costs, page_costs
from settings import Settings

EXAMPLE = """examples:
  python -m evaluation speed                     all of it, some ten minutes on two cores
  python -m evaluation speed --only question     questions alone

Questions are asked of the corpus' own index and of 10,000 made-up passages with random vectors, kept below the data
folder. Whoever compares figures should leave the machine alone meanwhile."""
_LARGE = 10_000  # passages
_MEASURES = ("question", "build", "page", "browser")

Row = tuple[str, float, str]  # what, how much, unit; without a unit it is a sentence alone


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command understands."""
    parser.add_argument("--only", choices=_MEASURES, action="append", help="measure this alone (may be repeated)")
    parser.add_argument(
        "--passages", type=int, default=_LARGE, metavar="N", help=f"size of the large index ({_LARGE:,})"
    )


def run(arguments: argparse.Namespace) -> int:
    """Measure and print a row for each cost."""
    settings = Settings.from_env(corpus=arguments.corpus, data=arguments.data)
    measures: dict[str, Callable[[], list[Row]]] = {
        "question": lambda: _question(settings, arguments.passages),
        "build": lambda: _build(settings),
        "page": lambda: _page(settings),
        "browser": lambda: _browser(settings),
    }
    for name in _MEASURES:
        if name in (arguments.only or _MEASURES):
            for what, value, unit in measures[name]():
                sys.stdout.write(f"{what:58}{value:9.2f} {unit}\n" if unit else f"{what}\n")
                sys.stdout.flush()
    return 0


def _question(settings: Settings, size: int) -> list[Row]:
    from models.embedding import load

    embedding = load(settings.embedding)
    rows: list[Row] = []
    large = costs.large_corpus(settings, size)
    for own, maker in ((settings, embedding), (large, costs.RandomVectors(embedding))):
        costs.bring_up_to_date(own, maker)
        for reranker in dict.fromkeys((own.reranker, "off")):
            passages, asking, embedded = costs.question(replace(own, reranker=reranker), embedding)
            label = f"a question of {passages:,} passages, reranker {reranker}, p50"
            rows += [(label, asking * 1_000, "ms"), ("", asking / embedded, "query embeddings")]
    return rows


def _build(settings: Settings) -> list[Row]:
    from models.embedding import load

    with TemporaryDirectory(prefix="sidenote-speed-") as folder:
        texts, cpu, wall = costs.build(replace(settings, data=Path(folder)), load(settings.embedding))
    label = f"a build of {texts:,} texts, processor time"
    return [(label, cpu, "bare embeddings"), ("… and by the clock", wall, "bare embeddings")]


def _page(settings: Settings) -> list[Row]:
    from models.embedding import load

    costs.bring_up_to_date(settings, load(settings.embedding))
    cost = page_costs.measure(settings)
    return [
        ("the page's first answer, by the clock", cost.first_answer, "s"),
        ("", cost.first_answer / cost.imports, "bare imports"),
        ("the page's peak memory, questions asked", cost.peak_bytes / 1e6, "MB"),
    ]


def _browser(settings: Settings) -> list[Row]:
    from models.embedding import load

    with browser.chromium() as found:
        if isinstance(found, str):
            return [(f"the page in a browser: not measured. {found}", 0, "")]
        costs.bring_up_to_date(settings, load(settings.embedding))
        cost = browser_costs.measure(found, settings)
    return [
        ("the page, sent before the first question", cost.first_bytes / 1e3, "kB"),
        ("an answer that has come, until it is seen, p50", cost.answer, "ms"),
        ("… and until its first quote is seen beside it, p50", cost.quotes, "ms"),
        (f"a place in a document of {browser_costs.LONG / 1e6:.0f} MB, until it is seen, p50", cost.opening, "ms"),
    ]
