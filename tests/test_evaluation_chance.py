"""Intervals, comparisons, reports: what is said of figures must follow from them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import commands
from answering.answerer import Answerer
from evaluation import __main__ as evaluation
from evaluation import refusal
from evaluation.bootstrap import difference, interval
from evaluation.report import page
from evaluation.scoring import judge, summarise
from index.build import build
from index.reader import open_index
from models import embedding as embeddings
from schema import Answer
from settings import Settings

EVIDENCE = {"doc": "a.txt", "quote": "The lock is closed at night."}


def item(number: int, **more: Any) -> dict[str, Any]:
    row = {"id": f"q{number}", "question": f"When is <b>lock {number}</b> closed?", "type": "fact", "answerable": True}
    return {**row, "evidence": [EVIDENCE], **more}


def answer(number: int, quote: str, abstained: bool = False) -> dict[str, Any]:
    citations = [] if abstained else [{"document": "a.txt", "quote": quote, "speaker": None}]
    return {"id": f"q{number}", "answer": quote, "abstained": abstained, "citations": citations, "nearest": []}


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_an_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    low, high = interval([0.0, 1.0] * 10)
    assert 0.2 < low < 0.5 < high < 0.8
    narrow = interval([0.0, 1.0] * 1_000)
    assert low < narrow[0] < 0.5 < narrow[1] < high


def test_a_difference_on_every_question_is_no_chance_and_one_on_a_few_may_be() -> None:
    assert difference([0.0] * 20, [1.0] * 20).more_than_chance
    slight = difference([0.0] * 20, [1.0, *[0.0] * 19])
    assert slight.mean == pytest.approx(0.05) and not slight.more_than_chance and slight.p > 0.05
    with pytest.raises(ValueError, match="zip"):
        difference([1.0], [1.0, 0.0])


def test_a_comparison_says_which_questions_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items = written(tmp_path / "q.jsonl", [item(n) for n in range(12)])
    worse = written(tmp_path / "a.jsonl", [answer(n, "Nobody was hurt.") for n in range(12)])
    better = written(tmp_path / "b.jsonl", [answer(n, EVIDENCE["quote"]) for n in range(12)])
    assert commands.run(evaluation._main, evaluation._parser(), ["compare", *map(str, (items, worse, better))]) == 0
    out = capsys.readouterr().out
    assert "more than chance" in out and "0.00 -> 1.00 q3" in out


def test_figures_come_with_intervals_and_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items = written(tmp_path / "q.jsonl", [item(n, type="fact" if n else "reason") for n in range(4)])
    answers = written(tmp_path / "a.jsonl", [answer(n, EVIDENCE["quote"]) for n in range(4)])
    html = tmp_path / "page.html"
    words = ["golden", str(items), "--answers", str(answers), "--html", str(html), "--save", str(tmp_path / "saved")]
    assert commands.run(evaluation._main, evaluation._parser(), words) == 0
    lines = {line.split()[0]: line.split() for line in capsys.readouterr().out.splitlines()[1:]}
    assert lines["type:fact"][-1] == "3" and lines["type:reason"][-1] == "1" and lines["right_overall"][1] == "1.000"
    assert html.exists() and len((tmp_path / "saved").read_text("utf-8").splitlines()) == 4


def test_a_report_shows_misses_first_and_every_word_as_letters() -> None:
    items = [item(1), item(2)]
    answers = {"q1": answer(1, EVIDENCE["quote"]), "q2": answer(2, "<script>alert(1)</script>")}
    judged = [judge(one, answers[one["id"]]) for one in items]
    shown = page(items, answers, judged, summarise(judged))
    assert "<script" not in shown and "&lt;script&gt;" in shown and "&lt;b&gt;lock 2&lt;/b&gt;" in shown
    assert shown.index("lock 2") < shown.index("lock 1") and 'class="bears"' in shown


def given(found: bool, abstained: bool = False) -> Answer:
    return Answer("i", "q", "q", "", abstained, "en")


def test_refusing_is_measured_by_how_sure_answers_are() -> None:
    yes, no = {"impossible": False, "answers": [{"text": "at night"}]}, {"impossible": True, "answers": []}
    rows = [(yes, given(True), 2.0), (yes, given(True), 1.0), (no, given(False, True), 0.0), (no, given(False), 1.5)]
    figures = refusal.figures(rows)
    assert figures["AUROC"] == pytest.approx(0.75)
    assert figures["refused of the unanswerable"] == 0.5 and figures["answered of the answerable"] == 1.0


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder = tmp_path_factory.mktemp("chance")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.txt").write_text("The lock is closed at night. The keeper sleeps.\n", "utf-8")
    settings = Settings(corpus=folder / "corpus", data=folder / "data", embedding="hash", reranker="off")
    build(settings, embeddings.load("hash"))
    with open_index(settings.data) as index:
        yield Answerer(index, embeddings.load("hash"), settings)


def test_an_answer_comes_with_how_sure_it_is(answerer: Answerer) -> None:
    known, sure = answerer.answer_with_confidence("When is the lock closed?")
    unknown, unsure = answerer.answer_with_confidence("When did Solberg close the lock?")
    assert sure > unsure and not known.abstained and unknown.abstained
    assert answerer.answer_with_confidence("  ")[1] == -float("inf")


def test_each_step_can_be_asked_without(answerer: Answerer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items = written(tmp_path / "q.jsonl", [item(1, question="When is the lock closed?")])
    corpus, data = answerer._settings.corpus, tmp_path / "data"
    words = ["ablate", str(items), "--step", "lexical", "--corpus", str(corpus), "--data", str(data)]
    assert commands.run(evaluation._main, evaluation._parser(), words) == 0
    out = capsys.readouterr().out
    assert "all steps: right" in out and "lexical" in out
    assert commands.run(evaluation._main, evaluation._parser(), [*words, "--step", "magic"]) == 2
