"""`python -m answering`: ask the corpus once, or a file of questions."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import commands
from answering.answerer import load
from answering.filtering import typed
from errors import CorpusError, IndexBusyError, UsageError
from index.build import build
from index.progress import Terminal
from models import embedding as embeddings
from schema import KINDS, Answer, Filters, Mode, Turn
from settings import Settings

_LONGEST_LINE = 1_000_000  # characters of one line of a question file
_EXAMPLE = """examples:
  python -m answering "Why was the old policy changed?"
  python -m answering "方針が変わった理由は?" --json
  python -m answering "What was decided?" --speaker "Ada Moor" --kind transcript --language en
  python -m answering "Who was absent?" --collection minutes
  python -m answering --batch questions.jsonl > answers.jsonl
  SIDENOTE_MODEL_URL=http://127.0.0.1:11434/v1 python -m answering "What was decided?" --mode composed --model qwen3
  python -m answering --check answer.json

A line of a question file: {"id": "q1", "question": "…", "history": ["an earlier question", …]}
The index is brought up to date first where the corpus has changed."""

_FILTERS = {
    "document": "cite only this document (its path, or a part of it); may be given several times, as all of these",
    "kind": f"cite only documents of this kind: {', '.join(KINDS)}",
    "language": "cite only words in this language, e.g. ja",
    "speaker": "cite only words of this speaker (the name, or a part of it)",
}


def _parser() -> argparse.ArgumentParser:
    parser = commands.Parser("python -m answering", "Ask the corpus; every answer quotes it.", _EXAMPLE)
    commands.add_common(parser)
    commands.add_collection(parser)
    parser.add_argument("question", nargs="?", help="the question")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument("--batch", type=Path, metavar="QUESTIONS.jsonl", help="answer a file, one JSON answer a line")
    parser.add_argument("--mode", choices=("auto", *get_args(Mode)), help="quote, or have a language model write")
    parser.add_argument(
        "--model", metavar="NAME", help="language model: its name at SIDENOTE_MODEL_URL, or a GGUF file"
    )
    parser.add_argument(
        "--check",
        type=Path,
        metavar="ANSWER.json",
        help="check each sentence of an answer, of any origin; leaves with 1 where one is not supported",
    )
    for name, help_text in _FILTERS.items():
        parser.add_argument(f"--{name}", action="append", default=[], metavar="NAME", help=help_text)
    return parser


def _main(arguments: argparse.Namespace) -> int:
    if sum(given is not None for given in (arguments.question, arguments.batch, arguments.check)) != 1:
        raise UsageError(
            'give a question, --batch QUESTIONS.jsonl or --check ANSWER.json, e.g. python -m answering "Who said that?"'
        )
    settings = commands.settings_of(arguments)
    given = {name: getattr(arguments, name) for name in ("mode", "model") if getattr(arguments, name) is not None}
    settings = replace(settings, **given)
    if arguments.check:
        from answering import check_command  # what answers need not load it

        _update(settings)
        return check_command.run(arguments.check, settings, arguments.json)
    questions = list(_questions(arguments.batch)) if arguments.batch else []
    _update(settings)
    answerer = load(settings)
    if answerer.index.notice:
        sys.stderr.write(f"sidenote: {answerer.index.notice}\n")
    chosen = [getattr(arguments, name) for name in _FILTERS]
    filters = typed(answerer.choices, *chosen) if any(chosen) else Filters()
    if arguments.batch:
        for row in questions:
            turns = [Turn(question) for question in row["history"]]
            _print_json({**answerer.answer(row["question"], turns, filters).to_json(), "id": row["id"]})
        return 0
    answer = answerer.answer(arguments.question, filters=filters)
    if arguments.json:
        _print_json(answer.to_json())
    else:
        sys.stdout.write(_readable(answer))
    return 0


def _update(settings: Settings) -> None:
    """Bring the index up to date; what is stored answers where the corpus is gone or somebody else is building."""
    try:
        build(settings, embeddings.load(settings.embedding), Terminal(sys.stderr))
    except (CorpusError, IndexBusyError) as error:
        sys.stderr.write(f"sidenote: answering from the stored index ({error})\n")


def _questions(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a question file, checked. :raises UsageError: naming the line that is wrong."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, text in enumerate(lines, 1):
                if text.strip():
                    yield _row(text, f"{path}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from error


def _row(text: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(text) if len(text) <= _LONGEST_LINE else None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where} is no JSON: {error}") from error
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        raise UsageError(f'{where} has no "question": a line is {{"id": "q1", "question": "…", "history": []}}')
    history = row.get("history") or []
    if not isinstance(history, list) or not all(isinstance(earlier, str) for earlier in history):
        raise UsageError(f'{where}: "history" must be a list of earlier questions')
    return {"id": row.get("id", where), "question": row["question"], "history": history}


def _print_json(row: dict[str, Any]) -> None:
    """Write one line and flush it, so that a reader gets each answer as it is ready.

    What cannot be encoded (a lone surrogate in a question) is written as the escape that JSON has for it.
    """
    text = json.dumps(row, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps(row)
    sys.stdout.buffer.write(text.encode("utf-8") + b"\n")
    sys.stdout.buffer.flush()


def _readable(answer: Answer) -> str:
    """Return an answer for a terminal: the text, what is to be known of it, then where each quote stands."""
    lines = [_marked(answer), "", *_said_of(answer)]
    for citation in answer.citations or answer.nearest:
        place = " › ".join([citation.title, *citation.section])
        page = f", page {citation.page}" if citation.page else ""
        lines.append(f"[{citation.number}] {place}{page} ({citation.document}, {citation.start}–{citation.end})")
        if answer.abstained or answer.mode == "composed":
            lines.append(f"    {citation.quote}")
    return "\n".join(lines).translate(_CONTROL) + "\n"


def _marked(answer: Answer) -> str:
    """Return the text with a word before the markers of each sentence that is supported only partly."""
    text = answer.text
    for sentence in reversed(answer.sentences):
        if sentence.support == "partly" and sentence.end is not None:
            text = f"{text[: sentence.end]} (partly supported){text[sentence.end :]}"
    return text


def _said_of(answer: Answer) -> Iterator[str]:
    if left_out := sum(sentence.start is None for sentence in answer.sentences):
        yield f"({left_out} of {len(answer.sentences)} sentences that the model wrote are left out: not supported)\n"
    if answer.fell_back:
        how = "broken off" if answer.mode == "composed" else "quoted, not written"
        yield f"({how}; the language model: {answer.fell_back})\n"


# A document may hold escape sequences; a terminal must not obey them.
_CONTROL_RANGES = (range(9), range(11, 32), range(127, 160), range(0x202A, 0x202F), range(0x2066, 0x206A))
_CONTROL = {code: "\N{REPLACEMENT CHARACTER}" for codes in _CONTROL_RANGES for code in codes}


if __name__ == "__main__":
    sys.exit(commands.run(_main, _parser()))
