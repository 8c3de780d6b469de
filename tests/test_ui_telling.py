"""Stages and growing answers are heard in order and as they come, then the answer; who stops listening ends them."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from answering.composing import Stopped
from errors import UsageError
from retrieval.stages import Tell
from schema import Answer
from ui import telling
from ui.telling import Growing, Show, told

ANSWER = Answer(id="a", question="Q?", query="Q?", text="The corpus does not say.", abstained=True, language="en")
LATER = replace(ANSWER, id="b")


def test_a_stage_is_heard_while_the_answer_is_still_being_made() -> None:
    go_on = threading.Event()

    def ask(tell: Tell, show: Show) -> Answer:
        tell("understanding")
        assert go_on.wait(20)
        tell("finding")
        return ANSWER

    heard = told(ask)
    assert next(heard) == "understanding"
    go_on.set()
    assert [one for one in heard if one is not None] == ["finding", ANSWER]


def test_what_goes_wrong_is_raised_after_what_was_heard() -> None:
    def ask(tell: Tell, show: Show) -> Answer:
        tell("understanding")
        raise UsageError("no")

    heard = told(ask)
    assert next(heard) == "understanding"
    with pytest.raises(UsageError, match="no"):
        next(heard)


def test_a_growing_answer_is_heard_once_however_often_it_is_shown() -> None:
    def ask(tell: Tell, show: Show) -> Answer:
        for answer in (ANSWER, ANSWER, LATER, LATER):
            show(answer)
        return LATER

    assert [one for one in told(ask) if one is not None] == [Growing(ANSWER), Growing(LATER), LATER]


def test_whoever_listens_gets_a_turn_while_nothing_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "BEAT_SECONDS", 0.01)
    go_on = threading.Event()

    def ask(tell: Tell, show: Show) -> Answer:
        assert go_on.wait(20)
        return ANSWER

    heard = told(ask)
    assert [next(heard), next(heard)] == [None, None]
    go_on.set()
    assert list(heard)[-1] == ANSWER


@pytest.mark.parametrize("how", ["tell", "show"])
def test_who_stops_listening_ends_the_thread(how: str) -> None:
    ended: list[type[BaseException]] = []
    done = threading.Event()

    def ask(tell: Tell, show: Show) -> Answer:
        tell("understanding")
        try:
            while True:
                time.sleep(0.01)
                tell("finding") if how == "tell" else show(ANSWER)
        except BaseException as error:
            ended.append(type(error))
            raise
        finally:
            done.set()

    heard = told(ask)
    assert next(heard) == "understanding"
    heard.close()
    assert done.wait(20) and ended == [Stopped]
