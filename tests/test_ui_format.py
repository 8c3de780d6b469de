"""docs/answer-format.md names every field that an answer has, and no other."""

from __future__ import annotations

import re

from schema import ANSWER_FORMAT, Answer
from settings import ROOT
from tests.browser.fake_answerer import cite, library

DOC = (ROOT / "docs" / "answer-format.md").read_text("utf-8")


def described(heading: str) -> set[str]:
    section = DOC.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_answer_fields_are_described() -> None:
    assert described("Answer") == set(Answer("", "", "", "", True, "en").to_json())
    assert f"version of this format: {ANSWER_FORMAT}" in DOC


def test_citation_fields_are_described() -> None:
    assert described("Citation") == set(cite(library()[0], 0, 3).to_json())
