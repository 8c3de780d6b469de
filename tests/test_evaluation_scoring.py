"""Judged answers get the figures that they deserve, the same as the reference scorer gives."""

import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from evaluation.scoring import carries, judge, summarise

ROOT = Path(__file__).resolve().parent.parent
EVIDENCE = "The lock of the north gate was changed in the spring of 1998."


def item(**more: Any) -> dict[str, Any]:
    fields = {
        "id": "q",
        "question": "When was it changed?",
        "type": "fact",
        "answerable": True,
        "evidence": [{"doc": "a", "quote": EVIDENCE}],
    }
    return fields | more


def answer(*quotes: str, text: str = "", **more: Any) -> dict[str, Any]:
    citations = [{"quote": quote, "speaker": None, "time": None} for quote in quotes]
    return {"id": "q", "answer": text, "abstained": False, "citations": citations} | more


@pytest.mark.parametrize(
    ("quote", "bears"),
    [
        (f"Before. {EVIDENCE} After.", True),
        (EVIDENCE.upper().replace(" ", "\n "), True),
        ("The lock of the north gate was changed in the spring of another year.", True),
        ("The lock was changed.", False),
        ("The lock of the north gate was changed in the spring of 1998?", False),
        ("", False),
    ],
)
def test_a_quote_carries_evidence_that_it_holds_in_one_piece(quote: str, bears: bool) -> None:
    assert carries(quote, EVIDENCE) is bears


def test_only_what_a_reader_would_read_counts() -> None:
    filler = "x" * 600
    assert judge(item(), answer("short", EVIDENCE)).figures["evidence_at_5"] == 1
    assert judge(item(), answer("short", EVIDENCE)).figures["evidence_at_1"] == 0
    assert judge(item(), answer(filler + EVIDENCE)).figures["evidence_at_5"] == 0, "beyond 600 characters of a quote"
    assert judge(item(), answer(filler, filler, filler, EVIDENCE)).figures["evidence_at_5"] == 0, "beyond 1,500 of all"
    assert judge(item(), answer(*"abcde", EVIDENCE)).figures["evidence_at_5"] == 0, "the sixth citation"


def test_every_point_of_a_list_is_wanted() -> None:
    two = [{"quote": "first of the two", "alts": [{"quote": "the one of them"}]}, {"quote": "second of the two"}]
    asked = item(evidence=two, evidence_mode="all", type="list")
    assert judge(asked, answer("the one of them")).result == 0.5
    assert judge(asked, answer("the one of them", "second of the two")).result == 1


def test_a_number_must_be_said_and_not_be_part_of_another() -> None:
    asked = item(type="number", answer_contains=[["1998"]], evidence=[{"doc": "a", "quote": "in the spring"}])
    assert judge(asked, answer("in the spring of 1998")).result == 1
    assert judge(asked, answer("in the spring of 19981")).result == 0
    assert judge(asked, answer("in the spring", text="It was in 1998.")).result == 1


def test_a_time_must_meet_the_segment() -> None:
    asked = item(type="timestamp", segment=[10.0, 20.0])
    cited = answer(EVIDENCE)
    for start, end, result in ((5.0, 9.9, 0.0), (19.0, 30.0, 1.0), (21.0, 30.0, 0.0)):
        cited["citations"][0]["time"] = {"start": start, "end": end}
        assert judge(asked, cited).result == result


def test_silence_is_right_only_where_the_corpus_is_silent() -> None:
    silent = answer(abstained=True)
    assert judge(item(expected="abstain", answerable=False, evidence=[]), silent).result == 1
    assert judge(item(), silent).figures["not_abstained"] == 0
    assert judge(item(expected="abstain_or_correct", answerable=False), answer(EVIDENCE)).result == 1
    assert judge(item(), None).figures["answered_at_all"] == 0


def test_no_question_gives_no_figure_out_of_nothing() -> None:
    assert summarise([]) == {"right_overall": 0.0}


def reference(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_score", shared / "golden" / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", range(4))
def test_figures_are_those_of_the_reference_scorer(shared: Path, seed: int) -> None:
    lines = (shared / "golden" / "dev.jsonl").read_text("utf-8").splitlines()
    items = [json.loads(line) for line in lines if line.strip()]
    answers = made_up(items, random.Random(seed))
    wanted, worst = reference(shared).score(items, answers)
    judgements = [judge(one, answers.get(one["id"])) for one in items]
    assert summarise(judgements) == pytest.approx(wanted)
    assert sorted(j.id for j in judgements if j.result < 1) == sorted(row[1] for row in worst)


def made_up(items: list[dict[str, Any]], chance: random.Random) -> dict[str, dict[str, Any]]:
    """Invent answers that are right, half right, wrong, silent or missing."""
    quotes = [evidence["quote"] for one in items for evidence in one["evidence"]]
    answers = {}
    for one in items:
        if chance.random() < 0.05:
            continue
        own = [evidence["quote"] for evidence in one["evidence"]]
        cited = []
        for _ in range(chance.randint(0, 7)):
            quote = chance.choice(own if own and chance.random() < 0.5 else quotes)
            start = chance.randint(0, len(quote) // 2) if chance.random() < 0.4 else 0
            begun = chance.uniform(0, 500)
            time = {"start": begun, "end": begun + 40} if chance.random() < 0.5 else None
            cited.append({"quote": quote[start:] * chance.choice([1, 1, 1, 5]), "speaker": "Holden", "time": time})
        facts = [alternatives[0] for alternatives in one.get("answer_contains", [])]
        told = " ".join(facts) if chance.random() < 0.5 else ""
        silent = chance.random() < 0.2
        answers[one["id"]] = {"id": one["id"], "answer": told, "abstained": silent, "citations": cited}
        if chance.random() < 0.8:
            answers[one["id"]]["seconds"] = chance.random()
    return answers


def test_the_command_scores_answers_that_are_there(tmp_path: Path) -> None:
    questions, answers = tmp_path / "questions.jsonl", tmp_path / "answers.jsonl"
    questions.write_text(json.dumps(item()) + "\n\n")
    answers.write_text(json.dumps(answer("nothing of the kind")))
    command = [sys.executable, "-m", "evaluation", "golden", str(questions), "--answers", str(answers), "--worst", "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "evidence_at_5              0.000   0.000 - 0.000          1" in done.stdout
    assert "0.00 q [fact] When was it changed?" in done.stdout


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps(item()) + '\n{"id": 7}\n')
    command = [sys.executable, "-m", "evaluation", "golden", str(questions)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "line 2" in done.stderr
