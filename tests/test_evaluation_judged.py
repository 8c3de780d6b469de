"""A reader's feedback can be scored by every command: lines that are not judged are passed over, and said."""

import json
from pathlib import Path

import pytest

from errors import UsageError
from evaluation.golden import judged

ROW = {"id": "a", "question": "Why?", "type": "fact", "answerable": True, "evidence": []}


def test_lines_that_are_not_judged_are_passed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "feedback.jsonl"
    path.write_text(json.dumps(ROW) + "\n" + json.dumps(ROW | {"id": "b", "judged": False}) + "\n")
    assert [row["id"] for row in judged(path)] == ["a"]
    assert "1 of 2 lines" in capsys.readouterr().err


def test_a_file_without_judged_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    path.write_text(json.dumps(ROW | {"judged": False}) + "\n")
    with pytest.raises(UsageError, match="no judged question"):
        judged(path)
