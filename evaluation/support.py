"""`python -m evaluation support DIR`: how often the check of single sentences is right, and what it costs.

DIR is a folder or file of statements, each with what it cites and a label (evaluation/statements.py has the forms).
--swaps takes sentences of the corpus instead, each as it stands and with one name, number or negation swapped.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from answering.checking import Checker, Verdict
from answering.signals import signals
from errors import UsageError
from evaluation.bootstrap import auroc, auroc_interval, interval
from evaluation.fitting import fitted
from evaluation.statements import Statement, read
from evaluation.swapping import CHANGES, swapped
from index.build import build
from index.progress import Terminal
from index.reader import Index, open_index
from models import embedding
from models.support import WEIGHTS, BundledSupport
from schema import Support
from settings import Settings

EXAMPLE = """examples:
  python -m evaluation support sets/attributionbench_dev_all
  python -m evaluation support evaluation/claims/shipped.jsonl
  python -m evaluation support evaluation/claims/other.jsonl --corpus evaluation/questions/other
  python -m evaluation support --swaps 300
  python -m evaluation support training/claims --sets sets
  python -m evaluation support training/claims --sets sets --fit       weights and thresholds anew, to be copied"""

_SHOWN: tuple[Support, ...] = ("supported", "partly", "not")

_Checked = tuple[Statement, Verdict]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command understands."""
    parser.add_argument("statements", type=Path, nargs="?", metavar="DIR", help="the statements, a folder or a file")
    parser.add_argument("--swaps", type=int, nargs="?", const=300, metavar="N", help="swap something in N sentences")
    parser.add_argument("--seed", type=int, default=1, help="which sentences, and what is put in")
    parser.add_argument("--sets", type=Path, metavar="DIR", help="folder of the public sets, for numbered sentences")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, metavar="FILE", help="another model to check by")
    parser.add_argument("--fit", action="store_true", help="print weights and thresholds fitted to these statements")


def run(arguments: argparse.Namespace) -> int:
    """Read, check, print."""
    if (arguments.statements is None) == (arguments.swaps is None):
        raise UsageError("give statements or --swaps, e.g. python -m evaluation support --swaps 300")
    model = BundledSupport(arguments.weights)
    with ExitStack() as opened:
        index = _opener(Settings.from_env(corpus=arguments.corpus, data=arguments.data), opened)
        if arguments.swaps is not None:
            lines = of_swaps(index(), Checker(model), arguments.swaps, arguments.seed)
        else:
            statements = read(arguments.statements, index, arguments.sets)
            lines = fitted(statements, model) if arguments.fit else of_statements(statements, Checker(model))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _opener(settings: Settings, opened: ExitStack) -> Callable[[], Index]:
    """Return what opens the corpus' index, brought up to date, once."""
    held: list[Index] = []

    def index() -> Index:
        if not held:
            build(settings, embedding.load(settings.embedding), Terminal(sys.stderr))
            held.append(opened.enter_context(open_index(settings.data)))
        return held[0]

    return index


def of_statements(statements: Sequence[Statement], checker: Checker) -> list[str]:
    """Return the figures of labelled statements, a line each."""
    checked, seconds = _timed([(statement, statement.check) for statement in statements], checker)
    lines = [*_ranked(checked), "", *_shares(checked), "", *_table(checked)]
    if any(statement.trained_on for statement in statements):
        unseen = [each for each in checked if not each[0].trained_on]
        lines += ["", "only those that the model was not trained on", *_ranked(unseen), *_shares(unseen)]
    return [*lines, "", _cost(seconds)]


def of_swaps(index: Index, checker: Checker, most: int, seed: int) -> list[str]:
    """Return how many false copies of sentences are caught (not shown as supported), and true ones rejected."""
    found = swapped(index, most, seed)
    if not found:
        raise UsageError("the corpus has no sentence in which something could be swapped")
    lines = [f"{len(found)} sentences, each true and false"]
    for named, quoted in (("the sentence as its quote", True), ("without a quote, to be found in its passage", False)):
        caught: dict[str, list[float]] = {change: [] for change in CHANGES}
        rejected: list[float] = []
        seconds = []
        for each in found:
            quote = each.true if quoted else None
            for text, into in ((each.false, caught[each.change]), (each.true, rejected)):
                began = time.perf_counter()
                verdict = checker.check(text, each.document.text, each.passage, quote)
                seconds.append(time.perf_counter() - began)
                into.append(float(verdict.support != "supported"))
        every = [value for values in caught.values() for value in values]
        lines += ["", named, _share("false ones caught", every)]
        lines += [_share(f"  {change}", values) for change, values in caught.items() if values]
        lines += [_share("true ones rejected", rejected), _cost(seconds)]
    return lines


def _timed(
    asked: Sequence[tuple[Statement, Callable[[Checker], Verdict]]], checker: Checker
) -> tuple[list[_Checked], list[float]]:
    from tqdm import tqdm

    checked, seconds = [], []
    for statement, check in tqdm(asked, desc="checking", unit="statement", disable=None):
        began = time.perf_counter()
        checked.append((statement, check(checker)))
        seconds.append(time.perf_counter() - began)
    return checked, seconds


def _ranked(checked: Sequence[_Checked]) -> list[str]:
    """Return how well scores tell what follows from what does not, beside shared words alone."""
    sides = [statement.label == "supported" for statement, _ in checked if statement.label != "partly"]
    kept = [(statement, verdict) for statement, verdict in checked if statement.label != "partly"]
    if len(set(sides)) < 2:
        return []
    told = [signals(each.text, each.language, each.evidence) for each, _ in kept]
    lines = []
    for name, scores in (
        ("AUROC", [verdict.score for _, verdict in kept]),
        ("AUROC of shared words alone", [each.shared + each.run for each in told]),
    ):
        true = [one for one, side in zip(scores, sides, strict=True) if side]
        false = [one for one, side in zip(scores, sides, strict=True) if not side]
        low, high = auroc_interval(true, false)
        lines.append(f"{name:44} {auroc(true, false):.3f}  ({low:.3f} to {high:.3f})")
    return lines


def _shares(checked: Sequence[_Checked]) -> list[str]:
    lines = []
    for label, name in (("supported", "true"), ("partly", "half-true"), ("not", "false")):
        shown = [float(verdict.support == "supported") for statement, verdict in checked if statement.label == label]
        if shown:
            lines.append(_share(f"{name} shown as supported", shown))
    return lines


def _table(checked: Sequence[_Checked]) -> list[str]:
    """Return how labels were shown, by label, by change and by language."""
    lines = [f"{'':30} {'':>5} " + " ".join(f"{shown:>9}" for shown in _SHOWN)]
    groups: dict[str, list[Support]] = {}
    for statement, verdict in checked:
        across = " across" if statement.language != statement.evidence.language else ""
        names = (statement.label, f"  {statement.label}: {statement.change}", f"{statement.label} {statement.language}")
        for name in dict.fromkeys((*names[:2], f"{names[2]}{across}")):
            groups.setdefault(name, []).append(verdict.support)
    for name in sorted(groups, key=lambda name: (_SHOWN.index(_label_of(name)), name.strip(), name)):
        found = groups[name]
        shares = " ".join(f"{found.count(shown) / len(found):9.2f}" for shown in _SHOWN)
        lines.append(f"{name:30} {len(found):5} {shares}")
    return lines


def _label_of(name: str) -> Support:
    return next(label for label in _SHOWN if name.strip().startswith(label))


def _share(name: str, values: Sequence[float]) -> str:
    low, high = interval(values)
    return f"{name:44} {np.mean(values):.3f}  ({low:.3f} to {high:.3f}, {len(values)})"


def _cost(seconds: Sequence[float]) -> str:
    p50, p95 = np.quantile(seconds, [0.5, 0.95]) * 1_000
    return f"{'milliseconds for one check, p50 and p95':44} {p50:.0f}, {p95:.0f}"
