"""What a reader takes away comes from our own index and store; what he says of an answer becomes a judged question."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from errors import UsageError
from evaluation import golden
from schema import Answer
from server import feedback, taking
from server.source import AnswererSource
from server.store import AnswerStore
from settings import Settings
from tests.browser.fake_answerer import ESSAY, TALK, FakeAnswerer, library

ANSWERER = FakeAnswerer()


@pytest.fixture
def store() -> AnswerStore:
    return AnswerStore()


@pytest.fixture
def answer(store: AnswerStore) -> Answer:
    return store.put(ANSWERER.answer("Fresnel and the keeper?"))


def client_of(store: AnswerStore, data: Path, **settings: Any) -> TestClient:
    source: Any = AnswererSource(lambda to: to.replace(ANSWERER))  # type: ignore[arg-type]
    source.start().join(10)
    app = FastAPI()
    app.include_router(taking.build(source, store, Settings(data=data, **settings)))
    return TestClient(app)


@pytest.fixture
def client(store: AnswerStore, tmp_path: Path) -> Iterator[TestClient]:
    with client_of(store, tmp_path, feedback="on") as client:
        yield client


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / feedback.FILE).read_text().splitlines()]


@pytest.mark.parametrize(
    ("kind", "media", "ending"),
    [
        ("markdown", "text/markdown", "md"), ("html", "text/html", "html"), ("json", "application/json", "json"),
        ("ris", "application/x-research-info-systems", "ris"),
    ],
)  # fmt: skip
def test_each_format_is_a_file_with_a_safe_name(
    client: TestClient, answer: Answer, kind: str, media: str, ending: str
) -> None:
    found = client.post("/export", json={"format": kind, "answers": [answer.id]})
    assert found.status_code == 200
    assert found.headers["content-type"].split(";")[0] == media
    assert found.headers["cache-control"] == "no-store"
    name = found.headers["content-disposition"]
    assert name.startswith('attachment; filename="sidenote-answers-20') and name.endswith(f'.{ending}"')
    assert "Fresnel lens gathers 𝔞𝔩𝔩 of its light" in found.content.decode("utf-8")


def test_quotes_are_cut_from_the_index_and_not_taken_from_the_browser(client: TestClient) -> None:
    text = library()[0].text
    place = {"document": TALK, "start": 30, "end": 60, "note": "mine", "quote": "forged", "title": "forged"}
    found = client.post("/export", json={"format": "json", "quotes": [place]})
    (row,) = found.json()["quotes"]
    assert (row["quote"], row["note"], row["speaker"]) == (text[30:60], "mine", "Ada Keeper")
    assert "forged" not in found.text


def test_japanese_words_where_the_page_is_japanese(client: TestClient) -> None:
    place = {"document": TALK, "start": 30, "end": 60, "note": ""}
    found = client.post("/export", json={"format": "html", "quotes": [place], "language": "ja"})
    assert '<html lang="ja">' in found.text and "集めた引用" in found.text


def test_references_to_one_quote(client: TestClient) -> None:
    place = {"document": TALK, "start": 30, "end": 60}
    (row,) = client.post("/export", json={"format": "references", "quotes": [place]}).json()["references"]
    assert set(row) == {"apa", "chicago", "bibtex", "plain"}
    assert row["apa"].startswith("Ada Keeper, in A talk on lighthouses (")


PLACE = {"document": TALK, "start": 0, "end": 5}


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({"format": "markdown"}, 400, "nothing to export"),
        ({"format": "pdf", "quotes": [PLACE]}, 400, "format"),
        ({"format": "ris", "answers": ["0" * 32]}, 404, "no longer kept"),
        ({"format": "ris", "answers": ["../x"]}, 400, "answers.0"),
        ({"format": "ris", "answers": ["0" * 32] * 31}, 400, "answers"),
        ({"format": "ris", "quotes": [PLACE] * 201}, 400, "quotes"),
        ({"format": "ris", "quotes": [PLACE | {"note": "x" * 1_001}]}, 400, "note"),
        ({"format": "ris", "quotes": [PLACE | {"document": "../app.py"}]}, 404, "no longer here"),
        ({"format": "ris", "quotes": [PLACE, PLACE | {"end": 10**9}]}, 400, "Quote 2 does not lie"),
        ({"format": "ris", "quotes": [PLACE | {"start": -1}]}, 400, "start"),
        ({"format": "ris", "quotes": [PLACE | {"start": "0"}]}, 400, "start"),
        ([1], 400, "Body"),
    ],
)  # fmt: skip
def test_what_cannot_be_exported_is_refused_with_a_sentence(
    client: TestClient, body: Any, status: int, reason: str
) -> None:
    found = client.post("/export", json=body)
    assert found.status_code == status
    assert reason in found.json()["detail"] and len(found.json()["detail"]) <= 200


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"format": "\\ud800"}', b"[" * 5_000])
def test_no_body_is_a_server_error(client: TestClient, body: bytes) -> None:
    for path in ("/export", "/feedback"):
        assert client.post(path, content=body).status_code == 400


def test_right_makes_a_question_that_golden_scores(
    client: TestClient, store: AnswerStore, answer: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = store.put(ANSWERER.answer("What about sailors?"))
    said = {"answer": answer.id, "kind": "right", "conversation": [first.id]}
    assert client.post("/feedback", json=said).json() == {"written": True}
    silent = store.put(ANSWERER.answer("xyzzy?"))
    assert client.post("/feedback", json={"answer": silent.id, "kind": "right"}).status_code == 200
    wrong = {"answer": answer.id, "kind": "wrong_quote", "quote": 1, "words": "not \u2028 this\n\U0001f600"}
    assert client.post("/feedback", json=wrong).status_code == 200
    rows = lines(tmp_path)
    assert [row["judged"] for row in rows] == [True, True, False]
    assert rows[0]["history"] == ["What about sailors?"]
    assert rows[0]["evidence"][0]["quote"] == answer.citations[0].quote
    assert (rows[1]["answerable"], rows[1]["expected"], rows[1]["evidence"]) == (False, "abstain", [])
    assert (rows[2]["evidence"], rows[2]["wrong"]["start"]) == ([], answer.citations[0].start)
    assert rows[2]["words"] == "not \u2028 this\n\U0001f600"

    answers = tmp_path / "answers.jsonl"
    given = [{**answer.to_json(), "id": rows[0]["id"]}, {**silent.to_json(), "id": rows[1]["id"]}]
    answers.write_text("".join(json.dumps(row) + "\n" for row in given))
    parser = argparse.ArgumentParser()
    golden.add_arguments(parser)
    arguments = parser.parse_args([str(tmp_path / feedback.FILE), "--answers", str(answers), "--json"])
    assert golden.run(arguments) == 0
    out = capsys.readouterr()
    assert json.loads(out.out)["right_overall"] == 1.0
    assert "1 of 3 lines are not judged" in out.err


def test_missing_is_written_with_what_was_cited(client: TestClient, answer: Answer, tmp_path: Path) -> None:
    client.post("/feedback", json={"answer": answer.id, "kind": "missing", "words": "the date"})
    (row,) = lines(tmp_path)
    assert (row["kind"], row["judged"], row["evidence"], row["words"]) == ("missing", False, [], "the date")
    assert len(row["cited"]) == len(answer.citations)


@pytest.mark.parametrize(
    ("change", "status"),
    [({"answer": "0" * 32}, 404), ({"quote": 99}, 400), ({"words": "x" * 1_001}, 400), ({"kind": "good"}, 400)],
)
def test_feedback_that_makes_no_sense_is_refused(
    client: TestClient, answer: Answer, tmp_path: Path, change: dict[str, Any], status: int
) -> None:
    said = {"answer": answer.id, "kind": "wrong_quote", "quote": 1} | change
    assert client.post("/feedback", json=said).status_code == status
    assert not (tmp_path / feedback.FILE).exists()


def test_one_answer_is_not_judged_without_end(client: TestClient, answer: Answer, tmp_path: Path) -> None:
    said = {"answer": answer.id, "kind": "right"}
    codes = [client.post("/feedback", json=said).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert len(lines(tmp_path)) == 3


def test_the_file_is_bounded_in_rate_and_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    written = feedback.FeedbackFile(tmp_path, clock=lambda: now[0])
    for number in range(feedback.MOST_A_MINUTE):
        written.write(str(number), {"n": number})
    with pytest.raises(feedback.FeedbackRefusedError, match="minute"):
        written.write("x", {})
    now[0] = 61.0
    written.write("x", {})
    monkeypatch.setattr(feedback, "MOST_BYTES", (tmp_path / feedback.FILE).stat().st_size + 3)
    with pytest.raises(feedback.FeedbackRefusedError, match="full"):
        written.write("y", {"n": 1})
    assert len(lines(tmp_path)) == feedback.MOST_A_MINUTE + 1


def test_a_link_is_not_followed_and_a_disk_that_refuses_is_said(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("")
    (tmp_path / feedback.FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(feedback.FeedbackRefusedError, match="cannot be written"):
        feedback.FeedbackFile(tmp_path).write("x", {})
    assert (tmp_path / "elsewhere").read_text() == ""


def test_feedback_is_off_in_a_space_unless_it_is_set(
    store: AnswerStore, answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert feedback.is_on(Settings(), {}) and not feedback.is_on(Settings(), {"SPACE_ID": "a/b"})
    assert feedback.is_on(Settings(feedback="on"), {"SPACE_ID": "a/b"}) and not feedback.is_on(Settings(feedback="off"))
    with pytest.raises(UsageError, match="SIDENOTE_FEEDBACK"):
        feedback.is_on(Settings(feedback="perhaps"))
    monkeypatch.setenv("SPACE_ID", "a/b")
    with client_of(store, tmp_path) as client:
        found = client.post("/feedback", json={"answer": answer.id, "kind": "right"})
    assert (found.status_code, found.json()["detail"]) == (404, "Feedback is off here.")
    assert not (tmp_path / feedback.FILE).exists()


def test_a_document_that_is_gone_is_said(client: TestClient) -> None:
    found = client.post("/export", json={"format": "ris", "quotes": [PLACE | {"document": ESSAY + "x"}]})
    assert found.json()["detail"] == "Quote 1 is from a document that is no longer here."
