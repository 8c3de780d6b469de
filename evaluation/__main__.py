"""`python -m evaluation …`: figures, each by one command."""

from __future__ import annotations

import argparse
import importlib
import sys

import commands

# One module each, with EXAMPLE, add_arguments(parser) and run(arguments) -> exit code.
COMMANDS = {
    "golden": "figures on judged questions",
    "compare": "two files of answers, question by question",
    "ablate": "what each step is worth",
    "retrieval": "figures on a folder in the layout of BEIR",
    "refusal": "are questions without an answer told from those with one",
    "followup": "how much of what a follow-up leaves out is searched",
    "support": "how often the check of single sentences is right",
    "structure": "how well documents are understood, line by line",
    "alignment": "precision and recall of translations, readings, quotations",
    "speed": "costs as ratios in one run",
}
_EXAMPLE = """examples:
  python -m evaluation golden questions.jsonl
  python -m evaluation retrieval sets/squad
  python -m evaluation speed --help"""


def _parser() -> argparse.ArgumentParser:
    parser = commands.Parser("python -m evaluation", "Measure Sidenote.", _EXAMPLE)
    choices = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        module = importlib.import_module(f"evaluation.{name}")
        example = getattr(module, "EXAMPLE", f"example:\n  python -m evaluation {name}")
        one = choices.add_parser(name, help=summary, description=module.__doc__, epilog=example)
        commands.add_common(one)
        module.add_arguments(one)
        one.set_defaults(run=module.run)
    return parser


def _main(arguments: argparse.Namespace) -> int:
    return int(arguments.run(arguments))


if __name__ == "__main__":
    sys.exit(commands.run(_main, _parser()))
