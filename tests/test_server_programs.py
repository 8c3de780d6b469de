"""Other programs ask, search and read: through Gradio's own client, and as MCP tools where the setting is on."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp import Client as McpClient

from errors import UsageError
from schema import Document
from server.application import create_app
from server.guard import BODY_BYTES
from server.loading import load
from server.source import AnswererSource
from settings import Settings
from tests.browser.fake_answerer import ESSAY, TALK, Composing, FakeAnswerer, library
from tests.browser.harness import serving

TEXTS = {document.id: document.text for document in library()}
BROKEN = "broken.txt"  # holds half a character, which no JSON can carry


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    documents = [*library(), Document(BROKEN, "before \ud800 after", "", "Broken \ud800", "text", ())]
    answerer: Any = FakeAnswerer(documents)
    with serving(lambda source: source.replace(answerer), Settings(mcp="on")) as url:
        yield url


@pytest.fixture(scope="module")
def client(address: str) -> Client:
    return Client(address, verbose=False, analytics_enabled=False)


def test_a_question_alone_is_enough(client: Client) -> None:
    answer = client.predict("Fresnel?", api_name="/ask")
    cited = answer["citations"][0]
    assert TEXTS[cited["document"]][cited["start"] : cited["end"]] == cited["quote"]


def test_a_phrase_is_found_with_and_without_what_is_optional(client: Client) -> None:
    found = client.predict("lighthouse burned", api_name="/search")
    assert found["total"] == 119 and found["next"] == "50"
    further = client.predict("lighthouse burned", document=ESSAY, after="100", api_name="/search")
    assert len(further["documents"][0]["hits"]) == 19 and further["next"] is None
    hit = further["documents"][0]["hits"][0]
    assert TEXTS[ESSAY][hit["start"] : hit["end"]] == hit["hit"]


def test_a_program_may_name_a_collection(address: str, client: Client) -> None:
    with pytest.raises(AppError, match="no such collection"):
        client.predict("Fresnel?", collection="Elsewhere", api_name="/ask")
    assert client.predict("Fresnel?", collection="", api_name="/ask")["citations"]
    for name, given in (("ask", {"question": "x"}), ("search", {"text": "xy"}), ("document", {"document": TALK})):
        result = tool(address, name, collection="Elsewhere", **given)
        assert result.is_error and "no such collection" in result.content[0].text
    assert tool(address, "document", document=TALK, collection="").structured_content["text"] == TEXTS[TALK]


def test_a_document_is_read_whole_piece_by_piece(client: Client) -> None:
    text, at = "", 0
    while at is not None:
        piece = client.predict(ESSAY, start=at, end=min(at + 3_000, len(TEXTS[ESSAY])), api_name="/document")
        assert all(block["start"] < piece["end"] and at < block["end"] for block in piece["blocks"])
        text, at = text + piece["text"], piece["next"]
    assert text == TEXTS[ESSAY]


def test_a_document_alone_is_enough(client: Client) -> None:
    whole = client.predict(TALK, api_name="/document")
    assert (whole["text"], whole["length"], whole["next"]) == (TEXTS[TALK], len(TEXTS[TALK]), None)
    assert whole["blocks"][1]["speaker"] == "Ada Keeper"


def test_half_characters_arrive_as_one_sign_each(client: Client) -> None:
    assert client.predict(BROKEN, api_name="/document")["text"] == "before \ufffd after"


@pytest.mark.parametrize(
    ("name", "values", "says"),
    [
        ("/ask", ("",), "question"), ("/ask", ("Fresnel?", "aloud"), "extractive or composed"),
        ("/ask", ("x" * 3_000,), "2,000"), ("/search", ("x",), "at least"),
        ("/search", ("x" * 201,), "at most"), ("/search", ("light", True, "none"), "no such document"),
        ("/search", ("light", True, "", "1e3"), "go on"), ("/search", ("x" * 3_000, False), "2,000"),
        ("/search", ("light", False, "../x"), "no such document"),
        ("/document", ("../../etc/passwd",), "no such document"),
        ("/document", (TALK, -1), "no such range"), ("/document", (TALK, 5, 4), "no such range"),
        ("/document", (TALK, 10**30), "no such range"), ("/document", (TALK, 0.5), "whole"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(client: Client, name: str, values: tuple[Any, ...], says: str) -> None:
    with pytest.raises(AppError, match=f"(?i){says}"):
        client.predict(*values, api_name=name)


def posted(address: str, name: str, *values: Any) -> Any:
    """Call an API name as curl would; return what comes back in the event."""
    place = f"{address}/gradio_api/call/{name}"
    event = httpx.post(place, json={"data": list(values)}).json()["event_id"]
    lines = httpx.get(f"{place}/{event}").text.splitlines()
    return next(json.loads(line.removeprefix("data:")) for line in lines if line.startswith("data:"))


def test_without_a_client_all_values_are_given_in_order(address: str) -> None:
    assert posted(address, "ask", "Fresnel?")[0]["citations"]
    assert posted(address, "search", "Fresnel", True, "", "")[0]["total"] == 1
    assert posted(address, "document", TALK, 0, 10)[0]["text"] == TEXTS[TALK][:10]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """Serve a small corpus with the real retriever; give its address and the words of its documents."""
    folder = tmp_path_factory.mktemp("programs")
    corpus = folder / "corpus"
    corpus.mkdir()
    texts = {
        "keeper.txt": "The keeper\n\nThe lighthouse keeper trims the wick at midnight and at dawn.\n",
        "ships.txt": "".join(
            f"Ship {n} carried herring to port {n}. {f'It took salt back on day {n}. ' * 8}\n\n" for n in range(30)
        ),
        "鴎.txt": "鴎\n\n鴎は岩の上で眠る。\n",
    }
    for name, text in texts.items():
        (corpus / name).write_text(text, "utf-8")
    settings = Settings(corpus=corpus, data=folder / "data", embedding="hash", mcp="on", workers=1)
    with serving(lambda source: load(settings, source), settings) as url:
        while httpx.get(f"{url}/status").json()["state"] != "ready":
            time.sleep(0.1)
        yield url, texts


def test_passages_are_found_for_a_question_best_first(real: tuple[str, dict[str, str]]) -> None:
    address, texts = real
    client = Client(address, verbose=False, analytics_enabled=False)
    found = client.predict("When does the keeper trim the wick?", exact=False, api_name="/search")
    first = found["passages"][0]
    assert found["question"] == "When does the keeper trim the wick?" and found["generation"]
    assert first["document"] == "keeper.txt" and "at midnight and at dawn" in first["quote"]
    assert [one["number"] for one in found["passages"]] == list(range(1, len(found["passages"]) + 1))
    scores = [one["score"] for one in found["passages"]]
    assert scores == sorted(scores, reverse=True) and scores[0] > scores[-1]
    assert all(texts[one["document"]][one["start"] : one["end"]] == one["quote"] for one in found["passages"])
    herring = client.predict("herring", False, "ships.txt", api_name="/search")["passages"]
    assert len(herring) == 10 and {one["document"] for one in herring} == {"ships.txt"}
    assert (
        client.predict("鴎はどこで眠りますか", exact=False, api_name="/search")["passages"][0]["document"] == "鴎.txt"
    )
    mine = tool(address, "search", text="When does the keeper trim the wick?", exact=False).structured_content
    assert mine["passages"] == found["passages"]


Call = Callable[[McpClient], Any]


def through_mcp(address: str, call: Call) -> Any:
    """Open a session with the real client, call, and return what came of it."""

    async def session() -> Any:
        async with McpClient(f"{address}/mcp") as opened:
            return await call(opened)

    return anyio.run(session)


def tool(address: str, name: str, **arguments: Any) -> Any:
    return through_mcp(address, lambda session: session.call_tool(name, arguments))


def test_the_tools_tell_what_they_take(address: str) -> None:
    listed = through_mcp(address, lambda session: session.list_tools()).tools
    assert {one.name: one.input_schema.get("required") for one in listed} == {
        "ask": ["question"], "search": ["text"], "document": ["document"],
    }  # fmt: skip
    assert all(one.description and one.annotations and one.annotations.read_only_hint for one in listed)


def test_the_tools_answer_what_the_api_answers(address: str, client: Client) -> None:
    asked = tool(address, "ask", question="Fresnel?")
    assert asked.structured_content["citations"] == client.predict("Fresnel?", api_name="/ask")["citations"]
    assert json.loads(asked.content[0].text)["answer"], "for clients that read the text alone"
    found = tool(address, "search", text="lighthouse burned", after="50").structured_content
    assert found == client.predict("lighthouse burned", after="50", api_name="/search")
    assert tool(address, "document", document=TALK).structured_content == client.predict(TALK, api_name="/document")
    assert tool(address, "document", document=BROKEN).structured_content["text"] == "before \ufffd after"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ask", {}), ("ask", {"question": ""}), ("ask", {"question": "x" * 3_000}), ("ask", {"question": ["x"]}),
        ("search", {"text": "x" * 500}), ("search", {"text": "light", "document": "\x00"}),
        ("search", {"text": "light", "after": "'; --"}), ("document", {"document": "../../etc/passwd"}),
        ("document", {"document": TALK, "start": -5}), ("document", {"document": TALK, "start": 10**40}),
        ("document", {"document": {"$ref": "/etc/passwd"}}), ("__init__", {}),
        ("document", {"document": TALK, "end": "x"}),
    ],
)  # fmt: skip
def test_hostile_calls_are_refused_with_a_sentence(address: str, name: str, arguments: dict[str, Any]) -> None:
    result = tool(address, name, **arguments)
    said = result.content[0].text
    assert result.is_error and 0 < len(said) < 5_000
    assert "Traceback" not in said and "/site-packages/" not in said


def test_many_at_once_are_all_answered(address: str) -> None:
    async def many(session: McpClient) -> list[Any]:
        found: list[Any] = []

        async def one() -> None:
            found.append(await session.call_tool("ask", {"question": "Fresnel?"}))

        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(one)
        return found

    assert all(not result.is_error for result in through_mcp(address, many))


HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, 200), ({"Origin": "https://evil.test"}, 403), ({"Origin": "null"}, 403), ({"Host": "evil.test"}, 421),
        ({"Content-Type": "text/plain"}, 400),
    ],
)  # fmt: skip
def test_the_guard_stands_before_the_tools(address: str, more: dict[str, str], status: int) -> None:
    response = httpx.post(f"{address}/mcp", content=json.dumps(LIST), headers=HEADERS | more)
    assert response.status_code == status
    assert "content-security-policy" in response.headers
    assert not [name for name in response.headers if name.startswith("access-control")]


def test_long_bodies_other_methods_and_other_paths_are_refused(address: str) -> None:
    body = json.dumps(LIST | {"params": {"x": "x" * BODY_BYTES}})
    assert httpx.post(f"{address}/mcp", content=body, headers=HEADERS).status_code == 413
    for method in ("GET", "HEAD", "DELETE", "PUT", "OPTIONS"):
        assert httpx.request(method, f"{address}/mcp", headers=HEADERS).status_code == 405
    for path in ("/mcp/", "/mcp/sse", "/mcp/../config", "/.well-known/oauth-protected-resource"):
        assert httpx.post(address + path, content=json.dumps(LIST), headers=HEADERS).status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"[" * 30_000, b'{"jsonrpc": "2.0"}', b"\xff\xfe", b'{"id": 1e999}']
)
def test_bad_bodies_are_no_server_error(address: str, body: bytes) -> None:
    assert 400 <= httpx.post(f"{address}/mcp", content=body, headers=HEADERS).status_code < 500


def test_it_is_closed_unless_asked_for() -> None:
    answerer: Any = FakeAnswerer()
    with serving(lambda source: source.replace(answerer), Settings()) as url:
        assert httpx.post(f"{url}/mcp", content=json.dumps(LIST), headers=HEADERS).status_code == 404
    with pytest.raises(UsageError, match="SIDENOTE_MCP"):
        create_app(Settings(mcp="yes"), AnswererSource(lambda to: None))


def test_programs_choose_the_mode_and_get_each_sentence_with_its_verdict() -> None:
    written: Any = Composing(("A lamp is weak.", "supported", 0), ("It is red.", "partly", 0), ("It sings.", "not", 0))
    with serving(lambda source: source.replace(written), Settings(mcp="on")) as url:
        client = Client(url, verbose=False, analytics_enabled=False)
        answer = client.predict("Fresnel?", "composed", api_name="/ask")
        assert [one["support"] for one in answer["sentences"]] == ["supported", "partly", "not"]
        assert answer["answer"] == "A lamp is weak. [1] It is red. [1]"
        assert client.predict("Fresnel?", mode="extractive", api_name="/ask")["mode"] == "extractive"
        assert tool(url, "ask", question="Fresnel?", mode="composed").structured_content["mode"] == "composed"
        assert tool(url, "ask", question="Fresnel?", mode="aloud").is_error
        assert posted(url, "ask", "Fresnel?")[0]["mode"] == "composed", "left to the settings"
    visitors = {one["visitor"] for one in written.options}
    assert len(visitors) == 1 and all(len(visitor) == 32 for visitor in visitors)
