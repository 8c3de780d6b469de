"""The figures on judged lines: what counts as right, and that the shipped documents reach what was promised."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from documents.extract import Extract
from documents.sidecar import Sidecar
from documents.understand import understand
from errors import UsageError
from evaluation import structure
from settings import Settings

CORPUS = Path(__file__).parents[1] / "corpus"
TEXT = "Chapter 1: Sea\n1.0 - 2.5 Ada\nHello there.\n0\n2.5 - 4.0 Jo\nAnd hello.\n5.0 - 6.0 Ada\nGoodbye, all of you.\n"


def row(line: int, role: str, **values: Any) -> dict[str, Any]:
    return {"document": "talk", "line": line, "role": role, "speaker": None, "section": None} | values


def figures(*rows: dict[str, Any]) -> structure.Figures:
    counted = structure.Figures()
    structure.compare(understand("talk.txt", Extract(TEXT, "plain"), "", Sidecar()), rows, counted)
    return counted


def test_fair_readings_are_both_right() -> None:
    counted = figures(
        row(1, "metadata"), row(2, "time"), row(4, "noise"), row(3, "turn", start_seconds=1.0, end_seconds=2.5)
    )
    assert counted.share("role") == 1.0
    assert not [line for line in counted.wrong if line.startswith("role")]


def test_wrong_lines_are_counted_and_named() -> None:
    counted = figures(row(4, "body"), row(3, "quotation", speaker="Jo"))
    assert (counted.share("role"), counted.share("speaker")) == (0.0, 0.0)
    assert counted.wrong[0] == "role: talk:4 noise, judged body"


def test_a_segment_needs_its_time_and_its_chapter() -> None:
    chapter = {"section": "Chapter 1: Sea"}
    right = row(6, "turn", start_seconds=2.5, end_seconds=4.0, **chapter)
    assert figures(right).share("time") == 1.0
    assert figures(right | {"end_seconds": 5.0}).share("time") == 0.0
    assert figures(right | {"section": "Chapter 2: Sky"}).share("time") == 0.0


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--roles"):
        structure.read_rows(tmp_path / "none.jsonl")
    (tmp_path / "bad.jsonl").write_text("{")
    with pytest.raises(UsageError, match="no JSON lines"):
        structure.read_rows(tmp_path / "bad.jsonl")
    with pytest.raises(UsageError, match="no document talk"):
        structure.measure(Settings(corpus=tmp_path), [row(1, "body")], parts=True)


def test_the_command_prints_both_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "talk.txt").write_text(TEXT)
    (tmp_path / "roles.jsonl").write_text(json.dumps(row(4, "body")) + "\n")
    parser = argparse.ArgumentParser()
    structure.add_arguments(parser)
    arguments = parser.parse_args(["--roles", str(tmp_path / "roles.jsonl"), "--wrong"])
    arguments.corpus = tmp_path
    assert structure.run(arguments) == 0
    out = capsys.readouterr().out
    assert "with parts" in out and "without" in out and "talk:4 noise, judged body" in out


@pytest.mark.skipif(not structure.ROLES_FILE.exists(), reason="the judged lines are not beside the project")
def test_the_shipped_documents_are_understood() -> None:
    rows = structure.read_rows(structure.ROLES_FILE)
    told = structure.measure(Settings(corpus=CORPUS), rows, parts=True)
    assert told.share("role") >= 0.97, told.wrong
    assert told.share("speaker") >= 0.90, told.wrong
    assert (told.right["time"], told.whole["time"]) == (31, 31)
    bare = structure.measure(Settings(corpus=CORPUS), rows, parts=False)
    assert bare.share("role") >= 0.95, bare.wrong
