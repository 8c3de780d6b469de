"""The library tells what there is and how it was understood, and changes documents where that is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from server import library
from server.guard import Guard
from server.loading import load
from server.source import AnswererSource
from settings import Settings

WICK = "On light\n\nThe lighthouse keeper trimmed the wick at midnight.\n"


def settings_for(folder: Path, **more: Any) -> Settings:
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "light.txt").write_text(WICK, "utf-8")
    (corpus / "fog.txt").write_text("Fog\n\nThe horn sounded all night long, and nobody slept.\n", "utf-8")
    (corpus / "image.png").write_bytes(b"\x89PNG")
    return Settings(corpus=corpus, data=folder / "data", embedding="hash", workers=1, **more)


def opened(settings: Settings) -> tuple[TestClient, AnswererSource]:
    source = AnswererSource(partial(load, settings))
    source.start().join(60)
    app = FastAPI()
    app.include_router(library.build(source, settings))
    app.add_middleware(Guard, hosts=["localhost"], upload_bytes=settings.file_bytes)
    return TestClient(app, base_url="http://localhost"), source


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    client, source = opened(settings)
    assert source.opened is not None
    yield client
    settle(client)


def settle(client: TestClient) -> dict[str, Any]:
    """Wait until the index is up to date."""
    for _ in range(3000):
        state: dict[str, Any] = client.get("/library/state").json()
        if state["work"]["state"] != "building":
            return state
    raise AssertionError(state)


def titles(client: TestClient, **values: Any) -> list[str]:
    return [row["title"] for row in client.get("/library", params=values).json()["documents"]]


def test_every_document_is_listed_with_what_is_known_of_it(client: TestClient) -> None:
    rows = {row["id"]: row for row in client.get("/library").json()["documents"]}
    assert list(rows) == ["fog.txt", "light.txt"]
    assert rows["light.txt"]["characters"] == len(WICK)
    assert rows["light.txt"]["passages"] >= 1
    assert rows["light.txt"]["kind"] == "text"
    assert rows["light.txt"]["minutes"] is None


def test_what_was_left_out_is_listed_with_the_reason(client: TestClient) -> None:
    assert client.get("/library/skipped").json() == {
        "total": 1,
        "skipped": [{"path": "image.png", "reason": "no reader for .png"}],
    }


def test_list_is_sorted_and_filtered(client: TestClient) -> None:
    assert titles(client, sort="title", descending=True) == ["On light", "Fog"]
    assert titles(client, text="LIGHT on") == ["On light"]
    assert titles(client, text="nothing") == []
    assert client.get("/library", params={"sort": "size"}).status_code == 422


def test_blocks_are_shown_as_understood(client: TestClient) -> None:
    found = client.get("/library/document/light.txt").json()
    assert [block["role"] for block in found["blocks"]] == ["metadata", "body"]
    assert "trimmed the wick" in found["blocks"][1]["words"]
    assert client.get("/library/document/light.txt", params={"after": 1}).json()["blocks"] == found["blocks"][1:]
    assert client.get("/library/document/../../etc/passwd").status_code == 404


def test_upload_is_indexed_while_the_old_generation_answers(client: TestClient) -> None:
    before = client.get("/library/state").json()["generation"]
    sent = client.post("/library/upload", params={"name": "new/sea.md"}, content=b"# Sea\n\nThe sea is deep.\n")
    assert sent.status_code == 200, sent.text
    assert titles(client), "the page goes on answering"
    assert settle(client)["generation"] != before
    assert titles(client) == ["Fog", "On light", "Sea"]


def test_replacing_needs_to_be_meant_and_can_be_undone(client: TestClient, settings: Settings) -> None:
    new = b"On light\n\nThe wick was never trimmed.\n"
    assert client.post("/library/upload", params={"name": "light.txt"}, content=new).status_code == 409
    sent = client.post("/library/upload", params={"name": "light.txt", "replace": True}, content=new)
    assert (settings.corpus / "light.txt").read_bytes() == new
    assert client.post("/library/undo", json={"undo": sent.json()["undo"]}).status_code == 200
    assert (settings.corpus / "light.txt").read_text("utf-8") == WICK
    assert client.post("/library/undo", json={"undo": sent.json()["undo"]}).status_code == 410


def test_removing_takes_the_sidecar_along_and_undoing_brings_both_back(client: TestClient, settings: Settings) -> None:
    sidecar = settings.corpus / "fog.txt.meta.toml"
    sidecar.write_text('title = "Horn"\n', "utf-8")
    undo = client.post("/library/remove", json={"document": "fog.txt"}).json()["undo"]
    assert not (settings.corpus / "fog.txt").exists() and not sidecar.exists()
    settle(client)
    assert titles(client) == ["On light"]
    assert client.post("/library/undo", json={"undo": undo}).status_code == 200
    settle(client)
    assert titles(client) == ["Horn", "On light"]


def test_correction_reaches_the_index_and_keeps_what_else_the_sidecar_says(
    client: TestClient, settings: Settings
) -> None:
    sidecar = settings.corpus / "light.txt.meta.toml"
    sidecar.write_text('# by hand\ntitle = "Old" # why\nlink = "https://example.org/"\n', "utf-8")
    body = {"document": "light.txt", "changes": {"title": 'A "new" one', "authors": ["Ada Keeper"], "date": "2026-02"}}
    undo = client.post("/library/correct", json=body).json()["undo"]
    assert sidecar.read_text("utf-8") == (
        '# by hand\ndate = "2026-02"\nauthors = ["Ada Keeper"]\ntitle = "A \\"new\\" one" # why\n'
        'link = "https://example.org/"\n'
    )
    settle(client)
    assert 'A "new" one' in titles(client)
    client.post("/library/undo", json={"undo": undo})
    assert sidecar.read_text("utf-8").startswith('# by hand\ntitle = "Old"')


@pytest.mark.parametrize(
    "changes", [{"date": "soon"}, {"kind": "novel"}, {"link": "x"}, {"title": "a\nb"}, {"authors": "Ada"}, {"title": 1}]
)
def test_wrong_corrections_are_refused_and_change_nothing(
    client: TestClient, settings: Settings, changes: dict[str, Any]
) -> None:
    response = client.post("/library/correct", json={"document": "light.txt", "changes": changes})
    assert response.status_code == 400
    assert sorted(path.name for path in settings.corpus.iterdir()) == ["fog.txt", "image.png", "light.txt"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"document": 1}', b'{"document": "../x"}', b'{"undo": "../.."}']
)
@pytest.mark.parametrize("route", ["remove", "correct", "undo", "check"])
def test_bad_bodies_are_refused(client: TestClient, route: str, body: bytes) -> None:
    response = client.post(f"/library/{route}", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= response.status_code < 500


def test_removing_everything_leaves_the_old_index_and_says_why(client: TestClient) -> None:
    for name in ("fog.txt", "light.txt"):
        assert client.post("/library/remove", json={"document": name}).status_code in (200, 404)
    state = settle(client)
    assert state["work"]["state"] == "failed"
    assert state["work"]["message"]
    assert state["generation"]


@pytest.mark.parametrize("value", ["off", "default"])
def test_where_uploads_are_off_nothing_can_be_changed(
    tmp_path: Path, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPACE_ID", "me/sidenote")
    settings = settings_for(tmp_path, uploads=value)
    client, _ = opened(settings)
    assert client.get("/library/state").json()["change"] is False
    response = client.post("/library/upload", params={"name": "a.txt"}, content=b"a")
    assert response.status_code == 404, "there is no such route"
    assert not (settings.corpus / "a.txt").exists()
