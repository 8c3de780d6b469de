"""What `/search` and `/strip` answer, and what they refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from schema import Block, Document, Time
from server import searching
from server.source import AnswererSource
from tests.browser.fake_answerer import DREAM, ESSAY, TALK, FakeAnswerer
from ui import strip as strips


@pytest.fixture
def answerer() -> Any:
    return FakeAnswerer()


@pytest.fixture
def source(answerer: Any) -> AnswererSource:
    source = AnswererSource(lambda to: to.replace(answerer))
    source.start().join()
    return source


@pytest.fixture
def client(source: AnswererSource) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(searching.build(source))
    with TestClient(app) as client:
        yield client


def search(client: TestClient, phrase: str, **more: str) -> dict[str, Any]:
    response = client.get("/search", params={"phrase": phrase, **more})
    assert response.status_code == 200, response.text
    row: dict[str, Any] = response.json()
    return row


def test_hits_are_grouped_by_document_and_are_the_stored_words(client: TestClient, answerer: Any) -> None:
    row = search(client, "LIGHTHOUSE")
    assert [(group["document"], group["title"]) for group in row["documents"]] == [
        (TALK, "A talk on lighthouses"),
        (ESSAY, "On keeping a light"),
    ]
    assert row["total"] == sum(group["count"] for group in row["documents"]) == 121
    for group in row["documents"]:
        text = answerer.index.document(group["document"]).text
        for hit in group["hits"]:
            assert text[hit["start"] : hit["end"]] == hit["hit"] == hit["hit"].lower() == "lighthouse"
            stretch = hit["before"] + hit["hit"] + hit["after"]
            assert text[hit["start"] - len(hit["before"]) :].startswith(stretch)


def test_hit_tells_whose_words_they_are_and_when(client: TestClient) -> None:
    (group,) = search(client, "lamp alone")["documents"]
    (hit,) = group["hits"]
    assert hit["speaker"] == "Ada Keeper"
    assert hit["section"] == ["Part one", "A talk on lighthouses"]
    assert hit["time"]["start"] >= 65 and hit["role"] == "body" and hit["language"] == "en"


def test_pages_follow_one_another_and_hold_every_hit_once(client: TestClient) -> None:
    seen: list[tuple[str, int]] = []
    after: str | None = "0"
    sizes = []
    while after is not None:
        row = search(client, "lighthouse", after=after)
        page = [(group["document"], hit["start"]) for group in row["documents"] for hit in group["hits"]]
        sizes.append(len(page))
        seen += page
        after = row["next"]
    assert sizes == [50, 50, 21]
    assert len(set(seen)) == len(seen) == row["total"]
    assert search(client, "lighthouse", after="999")["documents"] == []


def test_one_document_can_be_searched(client: TestClient) -> None:
    row = search(client, "夢", document=DREAM)
    assert (row["total"], row["in_documents"]) == (0, 0)
    assert search(client, "灯", document=DREAM)["total"] == 3


def test_search_without_time_says_that_it_is_not_complete_and_goes_on(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "SECONDS", 0.0)
    first = search(client, "wick")
    assert (first["total"], first["complete"], first["next"]) == (0, False, "0")
    rows = [search(client, "wick", after="0") for _ in range(2)]
    assert (rows[-1]["total"], rows[-1]["complete"], rows[-1]["next"]) == (1, True, None)


@pytest.mark.parametrize(
    ("values", "status", "sentence"),
    [
        ({}, 400, "at least 2"),
        ({"phrase": " a "}, 400, "at least 2"),
        ({"phrase": "\u00ad\u200b\u200b"}, 400, "at least 2"),
        ({"phrase": "a" * 201}, 400, "at most 200"),
        ({"phrase": "lamp", "document": "../settings.py"}, 404, "no such document"),
        ({"phrase": "lamp", "after": "-1"}, 400, "no such place"),
        ({"phrase": "lamp", "after": "x"}, 400, "no such place"),
        ({"phrase": "lamp", "after": "9" * 5000}, 400, "no such place"),
    ],
)
def test_what_cannot_be_searched_is_refused_in_a_sentence(
    client: TestClient, values: dict[str, str], status: int, sentence: str
) -> None:
    response = client.get("/search", params=values)
    assert response.status_code == status
    assert sentence in response.json()["detail"]


def test_longest_phrase_and_hostile_ones_are_only_words(client: TestClient) -> None:
    for phrase in (
        "a" * 200,
        "(.*)+$",
        "' OR 1=1 --",
        "<b>",
        "%00\x00",
        "\ud800".encode("utf-8", "replace").decode() * 3,
    ):
        assert search(client, phrase)["total"] == 0


def test_there_is_nothing_to_search_before_documents_are_open() -> None:
    app = FastAPI()
    app.include_router(searching.build(AnswererSource(lambda to: None)))
    with TestClient(app) as client:
        for path in ("/search?phrase=lamp", "/strip"):
            response = client.get(path)
            assert response.status_code == 503
            assert "not open yet" in response.json()["detail"]


def test_new_index_is_searched_once_it_is_open(client: TestClient, source: AnswererSource) -> None:
    assert search(client, "lamp alone")["total"] == 1
    newer: Any = FakeAnswerer(FakeAnswerer().index.documents()[1:])
    source.replace(newer)
    assert search(client, "lamp alone")["total"] == 0
    assert [row["document"] for row in client.get("/strip").json()["documents"]] == [ESSAY, DREAM]


def recording() -> Document:
    text = "Intro\nHello there.\nMenu\nChapter\nGoodbye."
    blocks = (
        Block(0, 5, "heading"),
        Block(6, 18, "turn", ("One",), time=Time(0.0, 30.0, 0, 5)),
        Block(19, 23, "noise", ("Menu",)),
        Block(24, 31, "heading", ("One",)),
        Block(32, 40, "turn", ("One", "Two"), time=Time(30.0, 90.0, 0, 5)),
    )
    return Document("r.txt", text, "0" * 64, "T" * 300, "transcript", blocks, date="2026-01-02")


def test_strip_tells_length_sections_and_times_as_shares() -> None:
    row = strips.document_row(recording())
    assert row["minutes"] == 1.5
    assert len(row["title"]) == 80 and row["title"].endswith("…")
    assert row["sections"] == [{"title": "One", "start": 6 / 40}, {"title": "Two", "start": 32 / 40}]
    assert row["points"] == [(6 / 40, 0.0), (32 / 40, 30.0)]


def test_sections_are_told_only_as_deep_as_they_are_few() -> None:
    def made(chapters: int, parts: int) -> Document:
        blocks = [Block(n, n + 1, "body", (f"Chapter {n // parts}", f"Part {n}")) for n in range(chapters * parts)]
        return Document("a", "x" * (chapters * parts), "", "A", "text", tuple(blocks))

    assert len(strips.sections(made(4, 5))) == 20
    assert [name for name, _ in strips.sections(made(4, 20))] == [f"Chapter {n}" for n in range(4)]
    assert strips.sections(made(60, 1)) == []


def test_strip_of_many_documents_tells_the_largest_the_named_and_how_many_more() -> None:
    documents = [Document(f"{n:03}", "x" * (n + 1), "", f"D{n}", "text", (), date=f"20{n % 90:02}") for n in range(200)]
    index: Any = FakeAnswerer(documents).index
    row = strips.Strip(index).row(["003"], 9)
    names = [one["document"] for one in row["documents"]]
    assert names == ["003", *(f"{n:03}" for n in range(140, 200))]
    assert (row["more"], row["complete"]) == (139, True)
    assert len(row["dated"]) == strips.MOST_DATED
    assert row["dated"] == sorted(row["dated"], key=lambda one: str(one["date"]))


def test_strip_that_has_no_time_goes_on_where_it_stopped() -> None:
    documents = [Document(f"{n}", "x", "", f"D{n}", "text", ()) for n in range(3)]
    index: Any = FakeAnswerer(documents).index
    drawn = strips.Strip(index)
    assert [drawn.row([], 0)["complete"] for _ in range(3)] == [False, False, True]


def test_strip_names_only_documents_that_are_open(client: TestClient) -> None:
    row = client.get("/strip", params={"document": ["../x", DREAM]}).json()
    assert [one["document"] for one in row["documents"]] == [TALK, ESSAY, DREAM]
    assert row["more"] == 0
    assert row["generation"] == "gen-test"


def test_phrase_is_found_only_where_the_filters_let_it(client: TestClient) -> None:
    assert search(client, "lighthouse", filters=f'{{"documents": ["{TALK}"]}}')["in_documents"] == 1
    assert search(client, "lighthouse", filters='{"languages": ["ja"]}')["total"] == 0
    spoken = search(client, "light", filters='{"speakers": ["Ada Keeper"]}')
    assert [group["document"] for group in spoken["documents"]] == [TALK]
    assert {hit["speaker"] for group in spoken["documents"] for hit in group["hits"]} == {"Ada Keeper"}
    assert spoken["total"] == spoken["documents"][0]["count"] == len(spoken["documents"][0]["hits"])
    assert search(client, "lamp", filters='{"documents": ["gone.txt"]}')["total"] == 0


@pytest.mark.parametrize("filters", ["{", "[]", '{"x": []}', '{"kinds": ["novel"]}', "[" * 5000])
def test_filters_that_are_none_are_refused(client: TestClient, filters: str) -> None:
    for path in ("/search", "/strip"):
        response = client.get(path, params={"phrase": "lamp", "filters": filters})
        assert response.status_code == 400


def test_search_tells_how_far_it_has_looked_and_may_count_without_showing(client: TestClient) -> None:
    first = search(client, "lighthouse", seconds="0")
    assert (first["looked"], first["of"], first["complete"], first["total"]) == (1, 3, False, 1)
    assert [hit["hit"] for group in first["documents"] for hit in group["hits"]] == ["lighthouse"]
    rest = [search(client, "lighthouse", seconds="0", after="1", most="0") for _ in range(2)]
    assert [row["looked"] for row in rest] == [2, 3]
    assert (rest[-1]["complete"], rest[-1]["total"], rest[-1]["documents"], rest[-1]["next"]) == (True, 121, [], "1")


def test_strip_tells_what_passes_the_filters_and_what_is_named_beside(client: TestClient) -> None:
    row = client.get("/strip", params={"document": [DREAM], "filters": '{"speakers": ["Ada Keeper"]}'}).json()
    assert [(one["document"], one["outside"]) for one in row["documents"]] == [(TALK, False), (DREAM, True)]
    assert (row["passing"], row["total"], row["more"]) == (1, 3, 0)
