"""However an endpoint fails, it fails by name, in time, after one request, and tells nobody what it was asked."""

import io
import logging
import time
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from errors import WriterError
from models import breaker
from models.endpoint import Endpoint
from models.language import Writer, load
from schema import FellBack
from settings import Settings
from tests.fake_endpoint import Behaviour, FakeEndpoint, in_turn, nobody, saying
from tests.fake_faults import FAULTS

SECONDS = 0.6  # that each call may take
LATE = 0.5  # seconds after that: a machine may be busy
KEY, SYSTEM, USER, PATH = "key-CANARY-1", "system CANARY-2", "user CANARY-3", "CANARY-4"
SCHEMA = {"type": "object", "properties": {"claims": {"type": "array"}}}


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def writer_at(url: str, clock: Clock | None = None) -> Writer:
    endpoint = Endpoint(url, f"/{PATH}/stub", KEY, shown="stub", window=8_192, seconds=60)
    return Writer(endpoint, "stub", 8_192, clock=clock or Clock())


def write(writer: Writer, schema: dict[str, Any] | None = SCHEMA, seconds: float = SECONDS) -> str:
    return "".join(writer.write(SYSTEM, USER, schema=schema, tokens=100, seconds=seconds))


def failure(writer: Writer) -> WriterError:
    with pytest.raises(WriterError) as caught:
        write(writer)
    return caught.value


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Collect all that any library logs, however little it matters."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(("behaviour", "fault"), FAULTS.values(), ids=list(FAULTS))
def test_a_fault_is_named_in_time_after_one_request(
    behaviour: Behaviour, fault: FellBack, logged: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    with FakeEndpoint(behaviour) as endpoint:
        writer = writer_at(f"{endpoint.url}/{PATH}")
        started = time.monotonic()
        error = failure(writer)
        assert time.monotonic() - started < SECONDS + LATE
        assert error.fault == fault
        assert len(endpoint.calls) == 1, "never repeated"
        assert len(endpoint.paths) == 1, "nothing else is asked, and no redirect is followed"
        if fault == "slow":
            assert endpoint.left.wait(1), "the connection is closed"
    shown = traceback.format_exception(error)
    told = "".join([*shown, repr(error), str(error), repr(writer), str(writer), logged.getvalue(), *capfd.readouterr()])
    assert "CANARY" not in told
    assert endpoint.url not in told
    assert error.__context__ is None, "nothing hangs on it that holds the request"


def test_nobody_there_is_named(logged: io.StringIO) -> None:
    address = nobody()
    started = time.monotonic()
    assert failure(writer_at(address)).fault == "unreachable"
    assert time.monotonic() - started < LATE
    assert address not in logged.getvalue()


def test_a_name_that_leads_nowhere_is_unreachable() -> None:
    assert failure(writer_at("http://nowhere.invalid/v1")).fault in ("unreachable", "slow")


@pytest.mark.parametrize("name", ["hang", "slow drip", "stall", "slow head"])
def test_after_one_long_wait_the_next_question_does_not_wait(name: str) -> None:
    with FakeEndpoint(FAULTS[name][0]) as endpoint:
        writer = writer_at(endpoint.url)
        assert failure(writer).fault == "slow"
        started = time.monotonic()
        assert failure(writer).fault == "paused"
        assert time.monotonic() - started < 0.05
        assert len(endpoint.calls) == 1


@pytest.mark.parametrize("name", ["500", "429", "garbage", "html login page", "null content", "cut stream"])
def test_after_failures_in_a_row_nobody_is_asked(name: str) -> None:
    behaviour, fault = FAULTS[name]
    with FakeEndpoint(behaviour) as endpoint:
        writer = writer_at(endpoint.url)
        assert [failure(writer).fault for _ in range(5)] == [fault] * breaker.ENOUGH + ["paused"] * 3
        assert len(endpoint.calls) == breaker.ENOUGH


def test_one_call_finds_out_whether_it_is_over() -> None:
    clock = Clock()
    with FakeEndpoint(in_turn(*[FAULTS["500"][0]] * 3, saying("Well again."))) as endpoint:
        writer = writer_at(endpoint.url, clock)
        for _ in range(breaker.ENOUGH):
            failure(writer)
        clock.now += breaker.PAUSE_SECONDS + 1
        assert failure(writer).fault == "failed", "the trial"
        assert failure(writer).fault == "paused", "it failed"
        clock.now += breaker.PAUSE_SECONDS + 1
        assert write(writer) == "Well again."
        assert write(writer) == "Well again.", "and all is as before"


def test_while_one_finds_out_the_others_do_not_wait() -> None:
    clock = Clock()
    with FakeEndpoint(in_turn(*[FAULTS["500"][0]] * 2, FAULTS["stall"][0], saying("Well again."))) as endpoint:
        writer = writer_at(endpoint.url, clock)
        for _ in range(breaker.ENOUGH):
            failure(writer)
        clock.now += breaker.PAUSE_SECONDS + 1
        trial = writer.write(SYSTEM, USER, schema=None, tokens=100, seconds=5)
        assert next(text for text in trial if text)
        assert failure(writer).fault == "paused"
        trial.close()
        assert write(writer) == "Well again.", "a trial that somebody stopped says nothing, and the next is one"


@pytest.mark.parametrize("name", ["401", "400", "context overflow", "stopped by length"])
def test_what_was_asked_wrongly_pauses_nothing(name: str) -> None:
    behaviour, fault = FAULTS[name]
    with FakeEndpoint(behaviour) as endpoint:
        writer = writer_at(endpoint.url)
        assert {failure(writer).fault for _ in range(6)} == {fault}


def test_an_answer_between_failures_ends_the_row() -> None:
    fail = FAULTS["500"][0]
    with FakeEndpoint(in_turn(fail, saying("one"), fail, saying("two"))) as endpoint:
        writer = writer_at(endpoint.url)
        for wanted in ("failed", "one", "failed", "two"):
            assert (failure(writer).fault if wanted == "failed" else write(writer)) == wanted


def test_collections_learn_from_one_another() -> None:
    with FakeEndpoint(FAULTS["hang"][0]) as endpoint:
        settings = Settings(model="stub", model_url=endpoint.url, corpus=Settings().corpus)
        first, second = load(settings), load(settings)
        assert first is not None and first is second
