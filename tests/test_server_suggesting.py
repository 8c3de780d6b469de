"""The routes /filters and /suggestions, and the background work behind them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.embedding import Vectors
from schema import Answer, Filters, Passage, Span, Turn
from server import suggesting
from server.source import AnswererSource
from server.store import AnswerStore
from server.suggesting import Suggesting, build
from settings import Settings
from tests.browser.fake_answerer import ESSAY, TALK, FakeAnswerer, FakeIndex, cite, document

LAMPS = """How do the lamps of a lighthouse work?

A lamp alone is a weak thing, and a lens gathers all of its light and throws it far to the sea.

Why do the keepers sleep by day?

The keepers watch the lamp at night, so that they sleep by day like owls in their tower.

What do the gulls want from the tower?

Nobody knows what the birds are after."""


class Library(FakeIndex):
    """One document with a passage for each paragraph."""

    def passages_of(self, document_id: str) -> list[Passage]:
        blocks = self.document(document_id).blocks
        return [
            Passage(n, document_id, n, block.start, block.end, (Span(block.start, block.end),), block.role)
            for n, block in enumerate(blocks)
        ]

    def passage_vectors(self, ids: Sequence[int]) -> Vectors:
        return np.eye(20, dtype=np.float32)[list(ids)]


class Answering(FakeAnswerer):
    """Answer a heading with what stands under it; it does not know what the gulls want."""

    def __init__(self, generation: str = "gen-test") -> None:
        super().__init__([document(TALK, LAMPS, "Lamps")])
        self.index = Library(self.index.documents())
        self.index.generation = generation
        self.busy = 0
        self.threads: set[str] = set()

    def answer_with_confidence(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        filters: Filters = Filters(),  # noqa: B008
    ) -> tuple[Answer, float]:
        assert not self.busy, "a visitor is being answered"
        self.asked.append((question, tuple(turns)))
        self.threads.add(threading.current_thread().name)
        (source,) = self.index.documents()
        at = next(n for n, block in enumerate(source.blocks) if source.text[block.start : block.end] == question)
        below = source.blocks[at + 1]
        cited = cite(source, below.start, below.end)
        common: dict[str, Any] = {"id": "", "question": question, "query": question, "language": "en", "text": ""}
        return Answer(abstained=False, citations=(cited,), **common), -3.0 if "gulls" in question else 2.0


Found = tuple[Answering, AnswererSource, Suggesting]


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(suggesting, "IDLE_SECONDS", 0.01)


def source_of(answerer: FakeAnswerer) -> AnswererSource:
    source = AnswererSource(lambda own: None)
    source.replace(answerer)  # type: ignore[arg-type]
    return source


def client(source: AnswererSource, store: AnswerStore, finder: Suggesting | None = None) -> TestClient:
    app = FastAPI()
    app.include_router(build(source, store, finder))
    return TestClient(app)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def kept(data: Path, generation: str = "gen-test") -> Path:
    return data / f"suggestions-{generation}.json"


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Found]:
    """Everything that the background work finds out about the library."""
    answerer = Answering()
    source, finder = source_of(answerer), Suggesting()
    thread = finder.start(source, Settings(data=tmp_path))
    until(kept(tmp_path).is_file)
    yield answerer, source, finder
    finder.end()
    thread.join(5)
    assert not thread.is_alive()


def test_only_what_is_answered_well_is_ready(found: Found, tmp_path: Path) -> None:
    answerer, _, finder = found
    assert sorted(one.text for one in finder.ready("gen-test")) == [
        "How do the lamps of a lighthouse work?",
        "Why do the keepers sleep by day?",
    ]
    assert len(answerer.asked) == 3 and answerer.threads == {"sidenote-suggest"}
    assert set(json.loads(kept(tmp_path).read_text())["asked"]) == {question for question, _ in answerer.asked}


def test_of_another_generation_nothing_is_ready(found: Found) -> None:
    assert found[2].ready("gen-other") == []


def test_what_was_found_out_is_not_asked_again(found: Found, tmp_path: Path) -> None:
    again, later = Answering(), Suggesting()
    thread = later.start(source_of(again), Settings(data=tmp_path))
    until(lambda: len(later.ready("gen-test")) == 2)
    later.end()
    thread.join(5)
    assert again.asked == []
    del found


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"format": 1, "asked": {"Q?": 3}}', '{"format": 9, "asked": {}}'])
def test_what_cannot_be_read_is_found_out_anew(damage: str, tmp_path: Path) -> None:
    kept(tmp_path).write_text(damage)
    finder = Suggesting()
    thread = finder.start(source_of(Answering()), Settings(data=tmp_path))
    until(lambda: len(finder.ready("gen-test")) == 2)
    finder.end()
    thread.join(5)


def test_nothing_is_asked_while_a_visitor_is_answered(tmp_path: Path) -> None:
    answerer = Answering()
    answerer.busy = 1
    finder = Suggesting()
    thread = finder.start(source_of(answerer), Settings(data=tmp_path))
    time.sleep(0.2)
    assert answerer.asked == [] and thread.is_alive()
    answerer.busy = 0
    until(lambda: len(answerer.asked) == 3)
    finder.end()
    thread.join(5)


def test_a_new_index_is_asked_anew_and_what_is_kept_of_old_ones_goes(tmp_path: Path) -> None:
    (tmp_path / "gen-before").mkdir()
    for name in ("gen-gone", "gen-before"):
        kept(tmp_path, name).write_text("{}")
    source, finder = source_of(Answering("gen-one")), Suggesting()
    thread = finder.start(source, Settings(data=tmp_path))
    until(lambda: len(finder.ready("gen-one")) == 2)
    source.replace(Answering("gen-two"))  # type: ignore[arg-type]
    until(lambda: len(finder.ready("gen-two")) == 2)
    finder.end()
    thread.join(5)
    assert {path.name for path in tmp_path.glob("suggestions-*")} == {
        "suggestions-gen-before.json",
        "suggestions-gen-two.json",
    }


def test_a_folder_that_takes_nothing_loses_nothing_but_the_file(tmp_path: Path) -> None:
    finder = Suggesting()
    thread = finder.start(source_of(Answering()), Settings(data=tmp_path / "missing"))
    until(lambda: len(finder.ready("gen-test")) == 2)
    finder.end()
    thread.join(5)


def test_an_index_that_cannot_be_asked_does_not_end_the_work(tmp_path: Path) -> None:
    source, finder = source_of(FakeAnswerer()), Suggesting()
    thread = finder.start(source, Settings(data=tmp_path))
    time.sleep(0.2)
    source.replace(Answering())  # type: ignore[arg-type]
    until(lambda: len(finder.ready("gen-test")) == 2)
    finder.end()
    thread.join(5)


def test_questions_to_begin_with(found: Found) -> None:
    _, source, finder = found
    questions = client(source, AnswerStore(), finder).get("/suggestions").json()["questions"]
    assert {row["text"] for row in questions} == {one.text for one in finder.ready("gen-test")}
    assert all(row["language"] == "en" for row in questions)


def test_what_follows_an_answer_was_not_asked_before(found: Found) -> None:
    answerer, source, finder = found
    store = AnswerStore()
    lamps, _ = answerer.answer_with_confidence("How do the lamps of a lighthouse work?")
    keepers, _ = answerer.answer_with_confidence("Why do the keepers sleep by day?")
    first, second = store.put(lamps), store.put(keepers)
    page = client(source, store, finder)

    def texts(path: str) -> list[str]:
        return [row["text"] for row in page.get(path).json()["questions"]]

    assert texts(f"/suggestions?answer={first.id}") == ["Why do the keepers sleep by day?"]
    assert texts(f"/suggestions?answer={second.id}&asked={first.id}") == []


def test_before_any_is_ready_there_are_the_examples() -> None:
    answerer = FakeAnswerer()
    source, store = source_of(answerer), AnswerStore()
    page = client(source, store)
    assert page.get("/suggestions").json()["questions"] == [
        {"text": "How do lighthouses work?", "language": "en"},
        {"text": "灯台とは何ですか？", "language": "ja"},
    ]
    given = store.put(answerer.answer("How do lighthouses work?"))
    assert page.get(f"/suggestions?answer={given.id}").json()["questions"] == [
        {"text": "灯台とは何ですか？", "language": "ja"}
    ]


def test_without_an_index_there_is_nothing_to_choose() -> None:
    page = client(AnswererSource(lambda own: None), AnswerStore())
    assert page.get("/suggestions").json() == {"questions": []}
    assert page.get("/filters").status_code == 503


def test_unknown_answers_and_long_parts_are_refused() -> None:
    page = client(source_of(FakeAnswerer()), AnswerStore())
    assert page.get("/suggestions?answer=0123").status_code == 404
    assert page.get(f"/suggestions?answer={'a' * 101}").status_code == 422
    assert page.get("/suggestions?" + "&".join(["asked=1"] * 31)).status_code == 422
    assert page.get(f"/filters?part={'a' * 201}").status_code == 422


def test_choices_are_bounded_and_say_how_many_more_there_are() -> None:
    page = client(source_of(FakeAnswerer()), AnswerStore())
    response = page.get("/filters")
    row = response.json()
    assert response.headers["cache-control"] == "no-store"
    assert len(row["speakers"]) == 50 and row["more"] == {"documents": 0, "speakers": 11}
    assert row["speakers"][0] == {"name": "Ada Keeper", "count": 900}
    assert row["kinds"] == [{"name": "text", "count": 5}, {"name": "transcript", "count": 3}]
    assert {"id": ESSAY, "title": "On keeping a light"} in row["documents"]


@pytest.mark.parametrize(("part", "documents", "speakers"), [("KEEP", 1, 1), ("夢", 1, 0), ("%", 1, 0), ("zzz", 0, 0)])
def test_choices_are_looked_up_by_a_part(part: str, documents: int, speakers: int) -> None:
    row = client(source_of(FakeAnswerer()), AnswerStore()).get("/filters", params={"part": part}).json()
    assert (len(row["documents"]), len(row["speakers"])) == (documents, speakers)
