"""`python -m evaluation alignment PAIRS.jsonl`: precision and recall of what was found to say the same."""

from __future__ import annotations

import argparse
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path

from errors import UsageError
from evaluation.jsonl import rows
from schema import Alignment, Document, Span
from settings import Settings

EXAMPLE = """examples:
  python -m evaluation alignment alignment.jsonl --corpus corpus

A line: {"relation": "reading", "a": {"document": "000", "line": 148}, "b": {"document": "003", "line": 17}}
with lines from 1 and documents by the beginning of their names. Pairs of the relation "similar" count for neither."""
_UNCOUNTED = "similar"

Place = tuple[str, int]  # document, line from 1
Pair = frozenset[Place]  # of one place where a line repeats itself


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command understands."""
    parser.add_argument("pairs", type=Path, metavar="PAIRS.jsonl", help="judged pairs of lines")
    parser.add_argument("--list", action="store_true", help="list the pairs that are missing or too many")


def run(arguments: argparse.Namespace) -> int:
    """Bring the index up to date, compare its alignments with the judged pairs, print a row for each relation."""
    from index.build import build
    from index.progress import Terminal
    from index.reader import open_index
    from models.embedding import load

    settings = Settings.from_env(corpus=arguments.corpus, data=arguments.data)
    embedding = load(settings.embedding)
    build(settings, embedding, Terminal(sys.stderr))
    with open_index(settings.data, embedding) as index:
        documents = index.documents()
        found = {pair for document in documents for pair in index.alignments(document.id, 0, len(document.text))}
    wanted = judged(arguments.pairs, [document.id for document in documents])
    sys.stdout.write("relation      precision   recall  found  judged\n")
    for relation, (mine, theirs) in compare(by_lines(documents, found), wanted).items():
        right = len(mine & theirs)
        row = (right / len(mine) if mine else 1.0, right / len(theirs) if theirs else 1.0)
        sys.stdout.write(f"{relation:12}  {row[0]:9.3f}  {row[1]:7.3f}  {len(mine):5}  {len(theirs):6}\n")
        if arguments.list:
            sys.stdout.writelines(f"  too many  {_readable(pair)}\n" for pair in sorted(mine - theirs, key=_readable))
            sys.stdout.writelines(f"  missing   {_readable(pair)}\n" for pair in sorted(theirs - mine, key=_readable))
    return 0


def judged(path: Path, document_ids: Iterable[str]) -> dict[str, set[Pair]]:
    """Return the judged pairs of lines by relation. :raises UsageError: for a wrong row or an unknown document."""
    ids = list(document_ids)

    def place(value: Mapping[str, object]) -> Place:
        name = str(value["document"])
        full = [document_id for document_id in ids if document_id.startswith(name)]
        if len(full) != 1:
            raise UsageError(f"{path}: {name!r} is the beginning of {len(full)} documents of the corpus, not of one")
        return full[0], int(str(value["line"]))

    pairs: dict[str, set[Pair]] = defaultdict(set)
    for row in rows(path, ("relation", "a", "b")):
        pairs[row["relation"]].add(frozenset((place(row["a"]), place(row["b"]))))
    return dict(pairs)


def by_lines(documents: Iterable[Document], alignments: Iterable[Alignment]) -> dict[str, set[Pair]]:
    """Return alignments as pairs of lines, by relation. Blank lines are left out."""
    texts = {document.id: document.text for document in documents}
    starts = {name: _line_starts(text) for name, text in texts.items()}

    def places(document: str, span: Span) -> list[Place]:
        first = bisect_right(starts[document], span.start)
        last = bisect_right(starts[document], max(span.start, span.end - 1))
        lines = texts[document].split("\n")
        return [(document, number) for number in range(first, last + 1) if lines[number - 1].strip()]

    pairs: dict[str, set[Pair]] = defaultdict(set)
    for row in alignments:
        both = product(places(row.a_document, row.a), places(row.b_document, row.b))
        pairs[row.relation] |= {frozenset(pair) for pair in both}
    return dict(pairs)


def compare(found: Mapping[str, set[Pair]], wanted: Mapping[str, set[Pair]]) -> dict[str, tuple[set[Pair], set[Pair]]]:
    """Return what was found and what is judged, for each relation, without what counts for neither."""
    loose = wanted.get(_UNCOUNTED, set())
    names = sorted((set(found) | set(wanted)) - {_UNCOUNTED})
    return {name: (found.get(name, set()) - loose, wanted.get(name, set())) for name in names}


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts[:-1]


def _readable(pair: Pair) -> str:
    return " = ".join(f"{document}:{line:04}" for document, line in sorted(pair))
