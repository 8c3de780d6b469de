"""`python -m index`: build or update the index, or show how a document was understood."""

from __future__ import annotations

import argparse
import difflib
import sys

import commands
from documents.discover import FoundFile, discover
from documents.worker import read_all
from errors import DocumentError, UsageError
from index.build import Summary, build
from index.progress import Terminal
from models.embedding import load
from schema import Document, Skipped
from settings import Settings

_SHOWN = 20  # skipped files that are listed; the rest is counted
_EXAMPLE = """examples:
  python -m index                          bring the index of corpus/ up to date
  python -m index --corpus ~/papers        index another folder
  python -m index --collection minutes     index one of the collections
  python -m index --show visit.txt         how a document was understood, block by block
  python -m index --text visit.txt         its stored text, which every offset counts in"""


def _parser() -> argparse.ArgumentParser:
    parser = commands.Parser("python -m index", "Build or update the index, or look at one document.", _EXAMPLE)
    commands.add_common(parser)
    commands.add_collection(parser)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--rebuild", action="store_true", help="read and embed everything again")
    choice.add_argument("--show", metavar="DOCUMENT", help="print the blocks of a document as understood")
    choice.add_argument("--text", metavar="DOCUMENT", help="print the stored text of a document")
    return parser


def _main(arguments: argparse.Namespace) -> int:
    settings = commands.settings_of(arguments)
    if arguments.show is not None:
        from documents.describe import describe

        sys.stdout.write(describe(_document(settings, arguments.show)).rstrip("\n") + "\n")
        return 0
    if arguments.text is not None:
        sys.stdout.buffer.write(_document(settings, arguments.text).text.encode("utf-8", "surrogatepass"))
        return 0
    return _build(settings, arguments.rebuild)


def _build(settings: Settings, rebuild: bool) -> int:
    try:
        summary = build(settings, load(settings.embedding), Terminal(sys.stderr), rebuild=rebuild)
    except KeyboardInterrupt:
        sys.stderr.write(f"sidenote: stopped; the index in {settings.data} is as it was before\n")
        return commands.STOPPED
    sys.stdout.write(_described(summary))
    return 0


def _described(summary: Summary) -> str:
    state = "is up to date" if summary.unchanged else "built"
    lines = [
        f"index {state}: {summary.documents:,} documents, {summary.passages:,} passages,"
        f" {summary.sentences:,} sentences; read {summary.changed:,}, embedded {summary.embedded:,};"
        f" {summary.seconds:.1f} s ({summary.generation})"
    ]
    if summary.skipped:
        lines.append(f"skipped {len(summary.skipped):,}:")
        lines.extend(f"  {row.path}: {row.reason}" for row in summary.skipped[:_SHOWN])
    if len(summary.skipped) > _SHOWN:
        lines.append(f"  … and {len(summary.skipped) - _SHOWN:,} more")
    return "\n".join(lines) + "\n"


def _document(settings: Settings, name: str) -> Document:
    """Read one document from the corpus folder, named by its id or a part of it that no other has.

    :raises UsageError: where no or more than one document has that name.
    :raises DocumentError: where the file cannot be read.
    """
    discovery = discover(settings.corpus, settings)
    for row in discovery.skipped:
        if row.path == name:
            raise DocumentError(f"{row.path} is not indexed: {row.reason}")
    found = next(read_all([_named(discovery.files, name)], settings))
    if isinstance(found, Skipped):
        raise DocumentError(f"{found.path} cannot be read: {found.reason}")
    return found


def _named(files: tuple[FoundFile, ...], name: str) -> FoundFile:
    by_id = {file.id: file for file in files}
    if name in by_id:
        return by_id[name]
    containing = [file_id for file_id in by_id if name.casefold() in file_id.casefold()]
    if len(containing) == 1:
        return by_id[containing[0]]
    near = containing or difflib.get_close_matches(name, by_id, n=5, cutoff=0.3) or list(by_id)
    listed = ", ".join(near[:5]) + (", …" if len(near) > 5 else "")
    what = "is part of several names" if containing else f"is none of the {len(by_id)} documents"
    raise UsageError(f"{name!r} {what}: name one of {listed}")


if __name__ == "__main__":
    sys.exit(commands.run(_main, _parser()))
