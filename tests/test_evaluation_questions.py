"""The judged questions that come with the project: complete, and resting on words that are there."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

QUESTIONS = Path(__file__).parent.parent / "evaluation" / "questions"
SETS = {"shipped.jsonl": QUESTIONS.parent.parent / "corpus", "other.jsonl": QUESTIONS / "other"}
NEEDED = {"id", "question", "lang", "type", "history", "answerable", "expected", "evidence", "evidence_mode"}
EXPECTED = {"answer", "abstain", "abstain_or_correct"}


def items(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (QUESTIONS / name).read_text("utf-8").splitlines()]


def plain(path: Path) -> str:
    """Return the words of a file without tags, blanks single."""
    return " ".join(html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", "", path.read_text("utf-8"))).split())


@pytest.mark.parametrize("name", SETS)
def test_every_judged_question_is_complete_and_asked_once(name: str) -> None:
    rows = items(name)
    assert len(rows) >= 60
    assert len({row["id"] for row in rows}) == len({row["question"] for row in rows}) == len(rows)
    for row in rows:
        assert row.keys() >= NEEDED and row["expected"] in EXPECTED and row["evidence_mode"] in {"any", "all"}
        assert bool(row["evidence"]) or row["expected"] != "answer"


@pytest.mark.parametrize("name", SETS)
def test_every_piece_of_evidence_stands_in_its_document(name: str) -> None:
    texts = {path.name: plain(path) for path in SETS[name].iterdir() if path.suffix in {".txt", ".md", ".vtt", ".html"}}
    for row in items(name):
        for evidence in row["evidence"]:
            for one in (evidence, *evidence.get("alts", ())):
                (text,) = (text for file, text in texts.items() if file.startswith(one.get("doc", evidence["doc"])))
                assert " ".join(one["quote"].split()) in text, (row["id"], one["quote"])
