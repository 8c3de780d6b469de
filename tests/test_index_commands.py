"""`python -m index`: what it prints, what it leaves, and the exit codes that other programs rely on."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import commands
from errors import IndexBusyError, SidenoteError
from index import generations
from index.__main__ import _main, _parser
from index.reader import open_index
from settings import ROOT

TEXT = "Boats float on water.\r\nA boat needs a sail — “always”.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIDENOTE_EMBEDDING", "hash")
    monkeypatch.setenv("SIDENOTE_CORPUS", str(tmp_path / "corpus"))
    monkeypatch.setenv("SIDENOTE_DATA", str(tmp_path / "data"))
    (tmp_path / "corpus" / "sub").mkdir(parents=True)
    (tmp_path / "corpus" / "sub" / "boats.txt").write_bytes(TEXT.encode())
    (tmp_path / "corpus" / "cats.txt").write_text("Cats sleep all day.\n")
    return tmp_path


def run(*arguments: str) -> int:
    return commands.run(_main, _parser(), arguments)


def test_a_build_ends_with_a_summary_and_a_second_one_finds_nothing_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "corpus" / "empty.txt").touch()
    assert run() == 0
    first = capsys.readouterr()
    assert first.out.startswith("index built: 2 documents, ")
    assert "skipped 1:\n  empty.txt: empty\n" in first.out
    assert first.err.startswith(f"2 files in {folder / 'corpus'}, 2 to read")
    assert run() == 0
    assert capsys.readouterr().out.startswith("index is up to date: 2 documents, ")
    assert run("--rebuild") == 0
    assert "read 2," in capsys.readouterr().out


def test_a_collection_is_built_and_asked_by_its_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    from answering import __main__ as answering

    monkeypatch.setenv("SIDENOTE_COLLECTIONS", str(folder / "more"))
    (folder / "more" / "議事録").mkdir(parents=True)
    (folder / "more" / "議事録" / "pier.txt").write_text("Pier\n\nThe old pier was closed in March.\n")
    assert run("--collection", "議事録") == 0
    assert (folder / "data" / "collections" / "議事録" / "CURRENT").is_file()
    assert not (folder / "data" / "CURRENT").exists()
    asked = ["When was the old pier closed?", "--json", "--collection", "議事録"]
    assert commands.run(answering._main, answering._parser(), asked) == 0
    assert b"The old pier was closed in March." in capfdbinary.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing"], b"no collection 'nothing'"),
        (["..", "--text", "x"], b"no collection '..'"),
        (["a", "--corpus", "b"], b"not both"),
    ],
)
def test_a_wrong_collection_is_one_line(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes], arguments: list[str], told: bytes
) -> None:
    assert run("--collection", *arguments) == 2
    assert told in capfdbinary.readouterr().err


def test_the_stored_text_is_printed_as_it_is(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("--text", "boats") == 0
    printed = capfdbinary.readouterr().out
    assert run() == 0
    with open_index(folder / "data") as index:
        assert printed == index.document("sub/boats.txt").text.encode()


def test_blocks_are_shown_without_an_index(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--show", "sub/boats.txt") == 0
    assert "Boats float" in capsys.readouterr().out
    assert not (folder / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--show", "dogs.txt"], 2, "name one of"),
        (["--show", ".txt"], 2, "part of several names: name one of cats.txt, sub/boats.txt"),
        (["--show", "empty.txt"], 3, "empty.txt is not indexed: empty"),
        (["--corpus", "/nowhere/at/all"], 3, "no corpus folder at /nowhere/at/all"),
        (["--data", "/proc/nowhere"], 4, "cannot write the index to /proc/nowhere"),
    ],
)
def test_an_error_is_one_line_with_its_exit_code(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    (folder / "corpus" / "empty.txt").touch()
    assert run(*arguments) == code
    printed = capsys.readouterr()
    assert printed.err.startswith("sidenote: ")
    assert printed.err.count("\n") == 1
    assert said in printed.err
    assert printed.out == ""


def test_an_unknown_embedding_is_a_wrong_setting(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIDENOTE_EMBEDDING", "nonsense")
    assert run() == 2
    assert "SIDENOTE_EMBEDDING" in capsys.readouterr().err


def test_a_second_build_is_told_to_come_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with generations.writer(folder / "data"):
        assert run() == 75
    assert "another process is building the index" in capsys.readouterr().err


def test_two_builds_at_once_one_works_and_one_leaves(folder: Path) -> None:
    command = [sys.executable, "-m", "index", "--rebuild"]
    both = [subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.PIPE) for _ in range(2)]
    for process in both:
        process.communicate(timeout=120)
    codes = sorted(process.returncode for process in both)
    assert codes in ([0, 75], [0, 0]), "both succeed only when the first had ended before the second began"
    with open_index(folder / "data") as index:
        assert len(index.documents()) == 2


def test_wrong_arguments_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run("--nonsense")
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("sidenote: unrecognized arguments: --nonsense")


def test_help_has_an_example_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("--help")
    printed = capsys.readouterr().out
    assert "python -m index --corpus ~/papers" in printed
    errors: list[type[SidenoteError]] = [SidenoteError, *_below(SidenoteError)]
    for error in errors:
        assert re.search(rf"(?<!\d){error.exit_code}  \S", printed), error


def _below(kind: type[SidenoteError]) -> list[type[SidenoteError]]:
    return [deeper for below in kind.__subclasses__() for deeper in (below, *_below(below))]


def test_debug_shows_the_traceback(folder: Path) -> None:
    def main(_: argparse.Namespace) -> int:
        raise IndexBusyError("wait")

    parser = _parser()
    assert commands.run(main, parser, []) == 75
    with pytest.raises(IndexBusyError):
        commands.run(main, parser, ["--debug"])


def test_an_error_without_a_name_is_one_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    def main(_: argparse.Namespace) -> int:
        raise ZeroDivisionError("first\nsecond")

    assert commands.run(main, _parser(), []) == 1
    assert capsys.readouterr().err == "sidenote: unexpected ZeroDivisionError: first second (--debug shows where)\n"
