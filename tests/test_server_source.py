"""The source says how far the answerer is, and never leaves a question hanging."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from errors import CorpusError, IndexDamagedError
from server.source import AnswererSource, Status
from tests.browser.fake_answerer import FakeAnswerer


def source(load: Any) -> AnswererSource:
    return AnswererSource(load)


def test_waits_while_the_index_is_opened() -> None:
    go_on = threading.Event()
    answerer: Any = FakeAnswerer()

    def load(to: AnswererSource) -> None:
        go_on.wait(10)
        to.replace(answerer)

    opening = source(load)
    opening.start()
    assert opening.status == Status("loading")
    assert opening.wait(0.01) is None
    go_on.set()
    assert opening.wait(10) is answerer
    assert opening.status == Status("ready")
    assert opening.opened is not None
    assert list(opening.opened.titles.values()) == ["A talk on lighthouses", "On keeping a light", "灯台の夢"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (IndexDamagedError("damaged: do this"), Status("failed", "damaged: do this")),
        (CorpusError("nothing in X"), Status("empty", "nothing in X")),
        (ZeroDivisionError("secret"), Status("failed")),
    ],
)
def test_failure_is_a_state_and_not_the_end(error: Exception, status: Status) -> None:
    def load(to: AnswererSource) -> None:
        raise error

    failing = source(load)
    failing.start().join(10)
    assert failing.status == status
    assert failing.wait(10) is None


def test_progress_of_a_rebuild_does_not_hide_the_answerer_that_is_there() -> None:
    serving: Any = source(None)
    serving.report(Status("building", fraction=0.5))
    assert serving.wait(10) is None
    serving.replace(FakeAnswerer())
    serving.report(Status("building", fraction=0.5))
    assert serving.status == Status("ready")
    assert serving.wait(10)


def test_an_index_without_documents_is_empty() -> None:
    empty: Any = source(None)
    empty.replace(FakeAnswerer([]))
    assert empty.status == Status("empty")
    assert empty.opened is None
