"""A set in the layout of BEIR is read, indexed and ranked, and the figures are those of the book."""

import json
import math
from pathlib import Path

import pytest

from errors import UsageError
from evaluation.ranking import NAMES, figures
from evaluation.retrieval import measure
from evaluation.sets import JudgedQuestion, index_of, questions
from index.progress import Silent
from index.reader import open_index
from models.embedding import load
from retrieval.retriever import Retriever
from settings import Settings


def write(folder: Path, documents: list[dict[str, str]], asked: list[dict[str, object]], judged: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("corpus.jsonl", documents), ("queries.jsonl", asked)):
        (folder / name).write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    (folder / "qrels.tsv").write_text(judged, encoding="utf-8")
    return folder


def test_figures_of_one_relevant_document() -> None:
    assert figures(["a", "b"], {"a": 1}) == dict.fromkeys(NAMES, 1.0)
    third = figures(["x", "y", "a"], {"a": 1})
    assert (third["recall@1"], third["recall@5"]) == (0, 1)
    assert third["MRR@10"] == pytest.approx(1 / 3)
    assert third["nDCG@10"] == pytest.approx(1 / math.log2(4))


def test_figures_of_several_with_gains() -> None:
    # DCG = 1/log2(2) + 3/log2(4), ideal = 3/log2(2) + 1/log2(3) + 1/log2(4)
    row = figures(["b", "x", "a"], {"a": 3, "b": 1, "c": 1})
    assert row["nDCG@10"] == pytest.approx((1 + 3 / 2) / (3 + 1 / math.log2(3) + 1 / 2))
    assert row["recall@5"] == pytest.approx(2 / 3)


def test_what_stands_beyond_the_tenth_rank_counts_for_nothing() -> None:
    assert figures([*map(str, range(10)), "a"], {"a": 1}) == dict.fromkeys(NAMES, 0.0)


@pytest.mark.parametrize("header", ["", "query-id\tcorpus-id\tscore\n"])
def test_questions_without_an_answer_are_left_out(tmp_path: Path, header: str) -> None:
    asked: list[dict[str, object]] = [
        {"id": "q1", "text": "one"},
        {"id": "q2", "text": "two", "impossible": True},
        {"id": "q3", "text": "three"},
        {"id": "q4", "text": "four"},
    ]
    folder = write(tmp_path, [], asked, header + "q1\td1\t1\nq1\td2\t2\nq2\td1\t1\nq3\td1\t0\n")
    assert questions(folder) == [JudgedQuestion("q1", "one", {"d1": 1.0, "d2": 2.0})]


def test_a_limit_is_spread_evenly(tmp_path: Path) -> None:
    asked: list[dict[str, object]] = [{"id": f"q{k}", "text": "?"} for k in range(10)]
    folder = write(tmp_path, [], asked, "".join(f"q{k}\td\t1\n" for k in range(10)))
    assert [question.id for question in questions(folder, 3)] == ["q0", "q3", "q6"]


def test_what_is_wrong_with_a_set_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"qrels\.tsv cannot be read"):
        questions(tmp_path)
    folder = write(tmp_path, [], [{"id": "q1", "text": "one"}], "q1\td1\t1\nq1 d1 1\n")
    with pytest.raises(UsageError, match="line 2"):
        questions(folder)
    (folder / "qrels.tsv").write_text("other\td1\t1\n")
    with pytest.raises(UsageError, match="compare their ids"):
        questions(folder)


def test_each_ranking_of_a_set_is_measured(tmp_path: Path) -> None:
    fruits = ("apple", "quince", "medlar", "cherry", "damson", "mulberry")
    documents = [
        {"id": f"doc/{fruit} 果物", "title": f'The "{fruit}" \\ 果', "text": f"The {fruit} ripens late. It keeps well."}
        for fruit in fruits
    ]
    asked: list[dict[str, object]] = [{"id": fruit, "text": f"When does the {fruit} ripen?"} for fruit in fruits]
    judged = "".join(f"{fruit}\tdoc/{fruit} 果物\t1\n" for fruit in fruits)
    folder = write(tmp_path / "set", documents, asked, judged)
    embedding = load("hash")
    settings, names = index_of(folder, Settings(data=tmp_path / "data"), embedding, Silent())
    assert sorted(names.values()) == sorted(row["id"] for row in documents)
    with open_index(settings.data, embedding) as index:
        assert {document.title for document in index.documents()} == {row["title"] for row in documents}
        retriever = Retriever(index, embedding)
        row = measure(lambda question: retriever.lexical(question, 40), questions(folder), names)
        assert row["recall@1"] == 1
        assert measure(lambda question: retriever.retrieve(question, k=40), questions(folder), names)["recall@1"] == 1
        assert measure(lambda _: (), questions(folder), names)["nDCG@10"] == 0
    again, _ = index_of(folder, Settings(data=tmp_path / "data"), embedding, Silent())
    assert again == settings
