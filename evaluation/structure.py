"""How well documents are understood: roles, speakers and times of lines, against lines judged by a reader.

`roles.jsonl` holds a row for each line that is not blank; a line has the role of the block that covers its first
character. Where two readings are fair, both are right (`ACCEPTED`): titles, chapter lines and labels may be metadata
or headings, labels and lines that give a time may be noise, and a comment that quotes may be a comment or a quotation.
"""

from __future__ import annotations

import argparse
import json
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from documents.formats.registry import extract
from documents.sidecar import read_sidecar
from documents.understand import understand
from errors import UsageError
from schema import Block, Document
from settings import ROOT, Settings

ROLES_FILE = ROOT.parent / "shared" / "seeds" / "roles.jsonl"
ACCEPTED: Mapping[str, frozenset[str]] = {
    "comment": frozenset({"comment", "quotation"}),
    "metadata": frozenset({"metadata", "heading"}),
    "label": frozenset({"metadata", "heading", "noise"}),
    "time": frozenset({"noise", "metadata"}),
}
_SECONDS = 0.05  # by which a time may differ


@dataclass(slots=True)
class Figures:
    """Counts of what was right, and the lines that were not."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    whole: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: list[str] = field(default_factory=list)

    def count(self, name: str, right: bool, message: str) -> None:
        """Count one line under a figure; note it where it is wrong."""
        self.whole[name] += 1
        self.right[name] += right
        if not right:
            self.wrong.append(f"{name}: {message}")

    def share(self, name: str) -> float:
        """Return the share that was right, 0 to 1."""
        return self.right[name] / self.whole[name] if self.whole[name] else 0.0


FIGURES = {
    "role": "lines with the right role",
    "speaker": "quotations with their speaker",
    "time": "segments with time and chapter",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `python -m evaluation structure`."""
    parser.add_argument(
        "--roles", type=Path, default=ROLES_FILE, help="judged lines (default: ../shared/seeds/roles.jsonl)"
    )
    parser.add_argument("--wrong", action="store_true", help="list the lines that are wrong")


def run(arguments: argparse.Namespace) -> int:
    """Print the figures with the sidecars' parts and, beside them, without."""
    settings = Settings.from_env(corpus=getattr(arguments, "corpus", None))
    rows = read_rows(arguments.roles)
    told = measure(settings, rows, parts=True)
    bare = measure(settings, rows, parts=False)
    sys.stdout.write(f"{'':34}{'with parts':>18}{'without':>18}\n")
    for name, words in FIGURES.items():
        cells = "".join(f"{f.share(name):>8.3f} {f'({f.right[name]}/{f.whole[name]})':>9}" for f in (told, bare))
        sys.stdout.write(f"{words:34}{cells}\n")
    if arguments.wrong:
        for title, figures in (("with parts", told), ("without parts", bare)):
            sys.stdout.write(f"\n{title}:\n" + "".join(f"  {line}\n" for line in figures.wrong))
    return 0


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read the judged lines. :raises UsageError: where the file is not there or no such file."""
    try:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except OSError as exc:
        raise UsageError(f"{path}: {exc.strerror}; give the judged lines with --roles FILE") from exc
    except ValueError as exc:
        raise UsageError(f"{path}: no JSON lines ({exc}); give another file with --roles FILE") from exc


def measure(settings: Settings, rows: Iterable[dict[str, Any]], parts: bool) -> Figures:
    """Understand the documents that the rows speak of and compare them line by line.

    :param parts: use the parts of the sidecars; the rest of a sidecar is used in any case.
    :raises UsageError: where the corpus lacks one of the documents.
    """
    by_document: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_document[row["document"]].append(row)
    figures = Figures()
    for name, judged in by_document.items():
        paths = sorted(path for path in settings.corpus.glob(f"{name}*") if path.suffix == ".txt")
        if not paths:
            raise UsageError(f"{settings.corpus} has no document {name}…; point --corpus at the judged documents")
        compare(_read(paths[0], settings, parts), judged, figures)
    return figures


def _read(path: Path, settings: Settings, parts: bool) -> Document:
    sidecar = read_sidecar(path)
    return understand(path.name, extract(path, settings), "", sidecar if parts else replace(sidecar, parts=()))


def compare(document: Document, judged: Sequence[dict[str, Any]], figures: Figures) -> None:
    """Count the judged lines of one document."""
    starts = [block.start for block in document.blocks]
    offsets = _first_characters(document.text)
    for row in judged:
        at = bisect_right(starts, offsets[row["line"]]) - 1
        block = document.blocks[at] if at >= 0 and document.blocks[at].end > offsets[row["line"]] else None
        where = f"{row['document']}:{row['line']}"
        accepted = ACCEPTED.get(row["role"], frozenset({row["role"]}))
        role = block.role if block else "(none)"
        figures.count("role", role in accepted, f"{where} {role}, judged {row['role']}")
        if row["role"] == "quotation":
            speaker = block.speaker if block else None
            figures.count("speaker", speaker == row["speaker"], f"{where} {speaker}, judged {row['speaker']}")
        if row["role"] == "turn":
            figures.count("time", block is not None and _same_time(block, row), f"{where} {block and block.time}")


def _same_time(block: Block, row: Mapping[str, Any]) -> bool:
    if block.time is None or not block.section:
        return False
    near = (
        abs(block.time.start_seconds - row["start_seconds"]) <= _SECONDS
        and abs(block.time.end_seconds - row["end_seconds"]) <= _SECONDS
    )
    return bool(near) and block.section[-1] == row["section"]


def _first_characters(text: str) -> dict[int, int]:
    """Return the offset of the first character that is not blank, for each line from 1."""
    offsets: dict[int, int] = {}
    position = 0
    for number, line in enumerate(text.split("\n"), start=1):
        offsets[number] = position + len(line) - len(line.lstrip())
        position += len(line) + 1
    return offsets
