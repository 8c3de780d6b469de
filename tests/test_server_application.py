"""The application as programs and the page's script meet it: the API and our own routes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from schema import EVERYTHING, Answer, Filters
from server.application import create_app
from server.source import AnswererSource, Status
from settings import Settings
from tests.browser.fake_answerer import ESSAY, TALK, FakeAnswerer, library
from tests.browser.harness import attack_file


def client_of(source: Any, **settings: Any) -> TestClient:
    return TestClient(create_app(Settings(**settings), source), base_url="http://localhost")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    source: Any = AnswererSource(lambda to: to.replace(FakeAnswerer()))  # type: ignore[arg-type]
    source.start().join(10)
    with client_of(source) as client:
        yield client


def events(client: TestClient, question: object) -> list[tuple[str, Any]]:
    """Ask by the API as its documentation says; return the events of the stream."""
    begun = client.post("/gradio_api/call/ask", json={"data": [question]})
    stream = client.get(f"/gradio_api/call/ask/{begun.json()['event_id']}").text
    pairs = [block.split("\n") for block in stream.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in pairs]


def test_ask_needs_only_the_question_and_returns_the_answer_format(client: TestClient) -> None:
    name, (row,) = events(client, "How does the Fresnel lens work?")[-1]
    answer = Answer.from_json(row)
    assert name == "complete"
    assert answer.question == "How does the Fresnel lens work?"
    assert answer.citations[0].document == TALK
    assert client.get(f"/answers/{answer.id}").json()["answer"] == row


def test_what_programs_may_call_is_documented_and_nothing_else(client: TestClient) -> None:
    described = client.get("/gradio_api/info").json()
    assert sorted(described["named_endpoints"]) == ["/ask", "/document", "/search"]
    assert described["unnamed_endpoints"] == {}
    parameters = described["named_endpoints"]["/ask"]["parameters"]
    assert [one["parameter_name"] for one in parameters] == ["question", "mode", "collection"]


def test_refusals_reach_the_program(client: TestClient) -> None:
    name, data = events(client, "x" * 3_000)[-1]
    assert name == "error"
    assert "at most 2,000 fit" in json.dumps(data)


@pytest.mark.attack
def test_naughty_strings_through_the_api_are_no_server_error(client: TestClient) -> None:
    strings = json.loads(attack_file("naughty-strings.json").read_text("utf-8"))
    for text in [*strings[::6], "\ud800", "\x00", "\u202e"]:
        body = json.dumps({"data": [text]}).encode("ascii")
        begun = client.post("/gradio_api/call/ask", content=body, headers={"Content-Type": "application/json"})
        assert begun.status_code == 200
        assert client.get(f"/gradio_api/call/ask/{begun.json()['event_id']}").status_code == 200


def test_answers_carry_the_titles_of_other_places(client: TestClient) -> None:
    _, (row,) = events(client, "Fresnel")[-1]
    found = client.get(f"/answers/{row['id']}")
    assert found.json()["titles"] == {"夢.txt": "灯台の夢"}
    (place,) = found.json()["places"][0]
    assert (place["language"], place["original"], place["section"]) == ("ja", False, "灯台の夢")
    assert found.headers["cache-control"] == "no-store"


def test_unknown_answer_is_not_found(client: TestClient) -> None:
    assert client.get("/answers/" + "0" * 32).status_code == 404


@pytest.mark.parametrize("document", library(), ids=lambda one: one.id)
def test_surroundings_of_any_document_whatever_its_name(client: TestClient, document: Any) -> None:
    text = document.text
    start, end = len(text) // 3, len(text) // 3 + 5
    response = client.get(
        f"/documents/{quote(document.id)}", params={"start": start, "end": end, "before": 0, "after": 3}
    )
    window = response.json()
    assert "".join(run["text"] for run in window["runs"] if run["marked"]) == text[start:end]
    assert (window["document"], window["title"], window["length"]) == (document.id, document.title, len(text))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/documents/{quote(ESSAY)}?start=5&end=2", 400), (f"/documents/{quote(ESSAY)}?start=0&end=999999", 400),
        (f"/documents/{quote(ESSAY)}?start=-3&end=2", 400),
        (f"/documents/{quote(ESSAY)}?start=0&end=9&before=99999", 400),
        (f"/documents/{quote(ESSAY)}?start=x&end=2", 422), (f"/documents/{quote(ESSAY)}", 422),
        ("/documents/nothing.txt?start=0&end=2", 404), ("/documents/../app.py?start=0&end=2", 404),
        ("/documents/%2e%2e/app.py?start=0&end=2", 404), ("/documents//etc/passwd?start=0&end=2", 404),
    ],
)  # fmt: skip
def test_bad_places_are_refused(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_state_while_there_is_no_answerer() -> None:
    source: Any = AnswererSource(lambda to: None)
    with client_of(source) as client:
        assert client.get("/status").json()["state"] == "loading"
        source.report(Status("building", stage="embedding", fraction=0.5))
        status = client.get("/status").json()
        assert (status["state"], status["stage"], status["fraction"]) == ("building", "embedding", 0.5)
        assert client.get("/documents/x?start=0&end=1").status_code == 404
        name, data = events(client, "Fresnel?")[-1]
        assert name == "error"
        assert "still being built" in json.dumps(data)


def test_a_full_queue_says_so() -> None:
    import threading

    go_on = threading.Event()

    class Slow(FakeAnswerer):
        def answer(self, question: str, turns: Any = (), filters: Filters = EVERYTHING, **more: Any) -> Answer:
            go_on.wait(20)
            return super().answer(question, turns, filters)

    source: Any = AnswererSource(lambda to: to.replace(Slow()))  # type: ignore[arg-type]
    source.start().join(10)
    with client_of(source, concurrency=1, queue=2) as client:
        codes = [client.post("/gradio_api/call/ask", json={"data": ["Fresnel?"]}).status_code for _ in range(6)]
        go_on.set()
    assert codes[0] == 200
    assert codes[-1] == 503
