"""The page comes to an answerer by itself: opens the index, builds it where it is missing, renews it."""

from __future__ import annotations

import threading
import time
from functools import partial
from pathlib import Path

import pytest

from index import generations
from index.build import build
from models import embedding
from server.loading import _Reporting, load, renew
from server.source import AnswererSource, Status, Work
from server.updating import Updating
from settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "light.txt").write_text("On light\n\nThe lighthouse keeper trimmed the wick at midnight.\n", "utf-8")
    return Settings(corpus=corpus, data=tmp_path / "data", embedding="hash", workers=1)


def loaded(settings: Settings) -> AnswererSource:
    source = AnswererSource(partial(load, settings))
    source.start().join(60)
    return source


def ids(source: AnswererSource) -> list[str]:
    assert source.opened is not None, source.status
    return list(source.opened.titles)


def test_missing_index_is_built(settings: Settings) -> None:
    source = loaded(settings)
    assert source.status == Status("ready")
    assert ids(source) == ["light.txt"]
    answerer = source.wait(0)
    assert answerer is not None
    assert "wick" in answerer.answer("When did the keeper trim the wick?").text


def test_stored_index_answers_first_and_is_brought_up_to_date(settings: Settings) -> None:
    build(settings, embedding.load("hash"))
    (settings.corpus / "more.txt").write_text("More\n\nThe fog horn sounded all night.\n", "utf-8")
    source = AnswererSource(partial(load, settings))
    seen: list[list[str]] = []
    replace = source.replace
    source.replace = lambda answerer: (replace(answerer), seen.append(ids(source)))[0]  # type: ignore[method-assign,func-returns-value]
    source.start().join(60)
    assert seen == [["light.txt"], ["light.txt", "more.txt"]]


def test_index_that_cannot_be_renewed_goes_on_answering(settings: Settings) -> None:
    build(settings, embedding.load("hash"))
    (settings.corpus / "light.txt").unlink()
    assert ids(loaded(settings)) == ["light.txt"]


def test_empty_corpus_is_said_to_be_empty(settings: Settings) -> None:
    (settings.corpus / "light.txt").unlink()
    source = loaded(settings)
    assert source.status.state == "empty"
    assert str(settings.corpus) in source.status.message


def test_waits_for_another_process_that_builds(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.loading.BUSY_SECONDS", 0.05)
    source = AnswererSource(partial(load, settings))
    with generations.writer(settings.data):
        thread = source.start()
        for _ in range(400):
            if source.status.state == "building":
                break
            time.sleep(0.05)
        assert source.status == Status("building")
    thread.join(60)
    assert ids(source) == ["light.txt"]


def test_a_change_during_a_build_causes_another_one(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    source = loaded(settings)
    updating = Updating(settings, source)
    begun, go_on, builds = threading.Event(), threading.Event(), []

    def slowly(*given: object) -> bool:
        builds.append(given)
        begun.set()
        return go_on.wait(20) and renew(settings, source)

    monkeypatch.setattr("server.updating.renew", slowly)
    updating.request()
    assert begun.wait(20)
    assert updating.work.state == "building"
    for name in ("fog.txt", "sea.txt"):
        (settings.corpus / name).write_text(f"{name}\n\nThe horn sounded all night long.\n", "utf-8")
        updating.request()
    assert ids(source) == ["light.txt"], "the old index answers meanwhile"
    go_on.set()
    assert updating.wait(60)
    assert len(builds) == 2, "two changes, one further build"
    assert ids(source) == ["fog.txt", "light.txt", "sea.txt"]
    assert updating.work == Work()


def test_a_build_tells_its_stage_and_the_time_left(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    source = AnswererSource(lambda _: None)
    now = 100.0
    monkeypatch.setattr("server.loading.time.monotonic", lambda: now)
    reporting = _Reporting(source)
    reporting.step("embedding", 0, 100)
    assert source.work == Work("building", "embedding", 0.0, None)
    now = 110.0
    reporting.step("embedding", 25, 100)
    assert source.work == Work("building", "embedding", 0.25, 30.0)


def test_a_failed_update_leaves_the_old_index_and_says_why(settings: Settings) -> None:
    source = loaded(settings)
    (settings.corpus / "light.txt").unlink()
    updating = Updating(settings, source)
    updating.request()
    assert updating.wait(60)
    assert ids(source) == ["light.txt"]
    assert source.status == Status("ready")
    assert updating.work.state == "failed"
    assert str(settings.corpus) in updating.work.message


def test_an_empty_corpus_comes_to_life_when_something_is_put_there(settings: Settings) -> None:
    text = (settings.corpus / "light.txt").read_text("utf-8")
    (settings.corpus / "light.txt").unlink()
    source = loaded(settings)
    (settings.corpus / "light.txt").write_text(text, "utf-8")
    updating = Updating(settings, source)
    updating.request()
    assert updating.wait(60)
    assert ids(source) == ["light.txt"]
