"""Several collections behind one page: each for itself, opened when it is used, a few at a time."""

from __future__ import annotations

import html
import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import HTTPException
from starlette.testclient import TestClient

from server import collections
from server.application import create_app
from server.collections import RefusedError
from server.loading import load
from server.source import AnswererSource
from settings import Settings
from ui import wording


def document(folder: Path, words: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "note.txt").write_text(f"Note\n\n{words}\n", "utf-8")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    document(tmp_path / "papers", "The lighthouse keeper trimmed the wick at midnight.")
    document(tmp_path / "more" / "Minutes", "The harbour board closed the old pier in March.")
    document(tmp_path / "more" / "議事録", "議長は灯台の修理を四月に決めた。")
    (tmp_path / "more" / "Empty").mkdir()
    (tmp_path / "more" / "Gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "more" / ".hidden").mkdir()
    (tmp_path / "more" / "file.txt").write_text("no folder")
    return Settings(
        corpus=tmp_path / "papers", collections=tmp_path / "more", data=tmp_path / "data", embedding="hash", workers=1
    )


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    source = AnswererSource(lambda to: load(settings, to))
    with TestClient(create_app(settings, source), base_url="http://localhost") as client:
        source.start().join(60)
        yield client


def settled(client: TestClient, name: str) -> dict[str, Any]:
    """Open a collection; return its state once it is ready or cannot be."""
    for _ in range(1200):
        status: dict[str, Any] = client.get(f"/in/{name}/status").json()
        work = client.get(f"/in/{name}/library/state").json()["work"]
        if status["state"] in ("ready", "empty", "failed") and work["state"] != "building":
            return status
        time.sleep(0.05)
    raise AssertionError(status)


def rows(client: TestClient) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in client.get("/collections").json()["collections"]}


def hits(client: TestClient, below: str, phrase: str) -> int:
    return int(client.get(f"{below}/search", params={"phrase": phrase}).json()["total"])


def ask(client: TestClient, question: str, collection: str) -> str:
    """Ask as the page does; return the id of the answer, or the sentence of the refusal."""
    functions = client.get("/config").json()["dependencies"]
    asking = next(one for one in functions if one["targets"] and one["targets"][0][1] == "submit")
    context = json.dumps({"language": "en", "collection": collection})
    body = {"data": [question, None, context], "fn_index": asking["id"], "session_hash": "s", "trigger_id": 1}
    assert client.post("/gradio_api/queue/join", json=body).status_code == 200
    events = client.get("/gradio_api/queue/data", params={"session_hash": "s"}).text
    found = re.findall(r"#q-([0-9a-f]{32})", events)
    return found[-1] if found else html.unescape(events)


def test_they_are_listed_without_being_opened(client: TestClient, settings: Settings) -> None:
    listed = rows(client)
    assert list(listed) == ["", "Empty", "Gone", "Minutes", "議事録"]
    assert (listed[""]["title"], listed[""]["state"], listed[""]["documents"]) == ("papers", "ready", 1)
    assert {row["state"] for name, row in listed.items() if name} == {"unbuilt"}
    assert not (settings.data / "collections").exists()


def test_each_answers_from_its_own_documents(client: TestClient, settings: Settings) -> None:
    assert settled(client, "Minutes")["documents"] == ["Note"]
    assert settled(client, "議事録")["state"] == "ready"
    assert (hits(client, "", "wick"), hits(client, "/in/Minutes", "wick")) == (1, 0)
    assert (hits(client, "", "pier"), hits(client, "/in/Minutes", "pier")) == (0, 1)
    assert hits(client, "/in/議事録", "灯台") == 1
    assert sorted(path.name for path in (settings.data / "collections").iterdir()) == ["Minutes", "議事録"]
    assert rows(client)["Minutes"] == {"name": "Minutes", "title": "Minutes", "state": "ready", "documents": 1}


def test_a_question_is_for_one_of_them_and_its_answer_is_known_there_alone(client: TestClient) -> None:
    settled(client, "Minutes")
    answer = ask(client, "When was the old pier closed?", "Minutes")
    found = client.get(f"/in/Minutes/answers/{answer}").json()
    assert "pier" in found["answer"]["answer"]
    assert found["states"] == ["verbatim"]
    assert client.get(f"/answers/{answer}").status_code == 404
    export = {"format": "markdown", "answers": [answer]}
    assert client.post("/in/Minutes/export", json=export).status_code == 200
    assert client.post("/export", json=export).status_code == 404
    elsewhere = client.get(f"/answers/{ask(client, 'When was the old pier closed?', '')}").json()["answer"]
    assert elsewhere["abstained"] and not elsewhere["citations"]


def test_a_question_for_none_of_them_is_refused_with_a_sentence(client: TestClient) -> None:
    assert wording.load()["refuse_collection"] in ask(client, "Who?", "Elsewhere")


@pytest.mark.parametrize(
    "name", ["nothing", "%2e%2e", "..%2f..%2fpapers", ".hidden", "file.txt", "%00", "Minutes%2f..", "x" * 5000]
)
def test_what_is_no_collection_is_not_found(client: TestClient, name: str) -> None:
    assert client.get(f"/in/{name}/status").status_code == 404


@pytest.mark.parametrize("path", ["gradio_api/info", "config", "in/Empty/status", "collections", "mcp", ""])
def test_below_a_collection_are_our_own_routes_alone(client: TestClient, path: str) -> None:
    assert client.get(f"/in/Minutes/{path}").status_code == 404


def test_what_cannot_be_opened_says_so_and_hurts_no_other(client: TestClient, settings: Settings) -> None:
    assert settled(client, "Gone")["state"] == "empty"
    assert "no corpus folder" in settled(client, "Gone")["message"]
    assert "nothing in" in settled(client, "Empty")["message"]
    assert settled(client, "Minutes")["state"] == "ready"
    assert hits(client, "", "wick") == 1


def test_a_damaged_index_is_built_again(client: TestClient, settings: Settings) -> None:
    data = settings.of_collection("Minutes").data
    settled(client, "Minutes")
    for name in ("Empty", "Gone", "議事録"):
        settled(client, name)
    (data / "CURRENT").write_text("gen-000009-broken")
    for file in data.glob("gen-*/catalogue*"):
        file.write_bytes(b"damaged")
    document(settings.collections / "One", "One.")
    settled(client, "One")  # one too many: Minutes is closed, and opened again
    assert client.get("/in/Minutes/library").status_code == 200
    assert settled(client, "Minutes")["state"] == "ready"
    assert hits(client, "/in/Minutes", "pier") == 1


def test_files_that_are_put_into_an_empty_one_are_found(client: TestClient, settings: Settings) -> None:
    assert settled(client, "Empty")["state"] == "empty"
    document(settings.collections / "Empty", "The gull sleeps.")
    client.get("/in/Empty/status")
    assert settled(client, "Empty")["state"] == "ready"
    assert hits(client, "/in/Empty", "gull") == 1


def test_only_some_stay_open_and_the_others_come_back(
    client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collections, "OPEN", 2)
    names = [f"c{number}" for number in range(4)]
    for name in names:
        document(settings.collections / name, f"The word of {name} is here.")
        before = settled(client, name)
    states = {name: row["state"] for name, row in rows(client).items() if name in names}
    assert states == {"c0": "closed", "c1": "closed", "c2": "ready", "c3": "ready"}
    assert rows(client)["c0"]["documents"] == 1, "what was known of it still is"
    assert client.get("/in/c0/status").json()["state"] == "ready"
    assert rows(client)["c0"]["state"] == "closed", "to look at its state is no reason to open it"
    assert hits(client, "/in/c0", "word of c0") == 1
    assert {name for name, row in rows(client).items() if row["state"] == "ready"} == {"", "c0", "c3"}
    assert before["generation"] == client.get("/in/c3/status").json()["generation"]


def test_one_that_is_in_use_is_not_closed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "OPEN", 1)
    sites = of(settings)
    with sites.using("Minutes") as site:
        site.source.begun.wait(60)
        with pytest.raises(RefusedError) as refused, sites.using("Empty"):
            pass
        assert refused.value.status == 503
    with sites.using("Empty") as other:
        assert other is not site
        other.source.begun.wait(60)


def of(settings: Settings) -> collections.Sites:
    from server.application import _further
    from server.asking import Asking
    from server.store import AnswerStore

    source, store = AnswererSource(lambda to: None), AnswerStore()
    first = collections.Site(settings, source, Asking(source, store, settings))
    return collections.Sites(settings, first, store, _further, suggest=False)


def test_documents_are_added_to_the_one_that_is_shown(client: TestClient, settings: Settings) -> None:
    settled(client, "Minutes")
    sent = client.post("/in/Minutes/library/upload?name=gull.txt", content=b"Gull\n\nThe gull sleeps on the mast.\n")
    assert sent.status_code == 200
    assert (settings.collections / "Minutes" / "gull.txt").is_file() and not (settings.corpus / "gull.txt").exists()
    settled(client, "Minutes")
    assert hits(client, "/in/Minutes", "mast") == 1
    assert hits(client, "", "mast") == 0
    assert client.post("/library/undo", json=sent.json()).status_code == 410, "it is undone where it was done"
    assert client.post("/in/Minutes/library/undo", json=sent.json()).status_code == 200
    assert not (settings.collections / "Minutes" / "gull.txt").exists()


def test_a_new_one_is_made_empty_and_filled(client: TestClient, settings: Settings) -> None:
    assert client.post("/library/collection", json={"name": "Gulls & #1"}).json() == {"name": "Gulls & #1"}
    assert (settings.collections / "Gulls & #1").is_dir()
    below = "/in/Gulls%20%26%20%231"
    assert settled(client, "Gulls%20%26%20%231")["state"] == "empty"
    client.post(f"{below}/library/upload?name=gull.txt", content=b"Gull\n\nThe gull sleeps.\n")
    settled(client, "Gulls%20%26%20%231")
    assert hits(client, below, "sleeps") == 1


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("", 400), ("..", 400), (".git", 400), ("a/b", 400), ("../a", 400), ("a\\b", 400), ("nul", 400), ("a.", 400),
        (" a", 400), ("a\x00", 400), ("a\nb", 400), ("\u202ea", 400), ("\ud800", 400), ("x" * 61, 400), ("c:", 400),
        ("minutes", 409), ("ＭＩＮＵＴＥＳ", 409), ("Gone", 409), ("file.txt", 409), (7, 400), (None, 400),
    ],
)  # fmt: skip
def test_names_that_are_none_or_taken_are_refused(
    client: TestClient, settings: Settings, name: Any, status: int
) -> None:
    before = sorted(settings.collections.iterdir())
    body, told = json.dumps({"name": name}), {"Content-Type": "application/json"}
    assert client.post("/library/collection", content=body, headers=told).status_code == status
    assert sorted(settings.collections.iterdir()) == before


def test_there_are_only_so_many(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "MOST_COLLECTIONS", 4)
    with pytest.raises(HTTPException, match="4 collections"):
        of(settings).create("Another", wording.load())


def test_a_refusal_is_in_the_language_of_the_reader(client: TestClient, settings: Settings) -> None:
    def refused(name: str, language: str) -> str:
        body = {"name": name, "language": language}
        return str(client.post("/library/collection", json=body).json()["detail"])

    for language in wording.LANGUAGES:
        words = wording.load(language)
        assert refused("a/b", language) == words["refuse_collection_name"]
        assert refused("minutes", language) == words["refuse_collection_there"]
        assert refused("file.txt", language) == words["refuse_collection_other"]
    settings.collections.chmod(0o500)
    try:
        if not os.access(settings.collections, os.W_OK):  # whoever is root may write all the same
            assert "何も変更していません" in refused("New", "ja")
    finally:
        settings.collections.chmod(0o700)


def tried(client: TestClient, name: str, *values: Any) -> Any:
    """Call an API name as other programs do; return what it gave, or the sentence of the refusal."""
    place = f"/gradio_api/call/{name}"
    event = client.post(place, json={"data": list(values)}).json()["event_id"]
    lines = [
        line.removeprefix("data: ") for line in client.get(f"{place}/{event}").text.splitlines() if "data: " in line
    ]
    found = json.loads(lines[-1])
    return found[0] if isinstance(found, list) else found["error"]


def test_programs_ask_search_and_read_in_a_collection_that_they_name(client: TestClient) -> None:
    for name in ("Minutes", "議事録"):
        settled(client, name)
    asked = tried(client, "ask", "When was the old pier closed?", "", "Minutes")
    assert "pier" in asked["answer"] and asked["citations"][0]["document"] == "note.txt"
    assert tried(client, "ask", "When was the old pier closed?")["abstained"], "without a name it is the first one"
    assert tried(client, "search", "old pier", True, "", "", "Minutes")["total"] == 1
    assert tried(client, "search", "old pier", True, "", "")["total"] == 0
    near = tried(client, "search", "When was the old pier closed?", False, "", "", "Minutes")["passages"]
    assert "pier" in near[0]["quote"]
    assert "灯台" in tried(client, "document", "note.txt", 0, 0, "議事録")["text"]
    for name, values in (("ask", ("Who?", "")), ("search", ("who", True, "", "")), ("document", ("note.txt", 0, 0))):
        refused = tried(client, name, *values, "../Elsewhere")
        assert "no such collection" in refused and "Minutes" in refused


def test_where_documents_are_fixed_none_can_be_made(settings: Settings) -> None:
    import dataclasses

    fixed = dataclasses.replace(settings, uploads="off")
    with TestClient(create_app(fixed, AnswererSource(lambda to: None)), base_url="http://localhost") as client:
        assert client.get("/collections").json()["create"] is False
        assert client.post("/library/collection", json={"name": "New"}).status_code == 403
        assert client.post("/in/Minutes/library/upload?name=a.txt", content=b"x").status_code == 403


def test_with_one_corpus_there_is_one(tmp_path: Path) -> None:
    settings = Settings(corpus=tmp_path / "corpus", collections=tmp_path / "none", data=tmp_path / "data")
    with TestClient(create_app(settings, AnswererSource(lambda to: None)), base_url="http://localhost") as client:
        listed = client.get("/collections").json()["collections"]
        assert listed == [{"name": "", "title": "", "state": "loading", "documents": None}]
