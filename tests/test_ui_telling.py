"""Stages are heard in order and as they come, then the answer; what goes wrong is raised where one listens."""

from __future__ import annotations

import threading

import pytest

from errors import UsageError
from retrieval.stages import Tell
from schema import Answer
from ui.telling import told

ANSWER = Answer(id="a", question="Q?", query="Q?", text="The corpus does not say.", abstained=True, language="en")


def test_a_stage_is_heard_while_the_answer_is_still_being_made() -> None:
    go_on = threading.Event()

    def ask(tell: Tell) -> Answer:
        tell("understanding")
        assert go_on.wait(20)
        tell("finding")
        return ANSWER

    heard = told(ask)
    assert next(heard) == "understanding"
    go_on.set()
    assert list(heard) == ["finding", ANSWER]


def test_what_goes_wrong_is_raised_after_what_was_heard() -> None:
    def ask(tell: Tell) -> Answer:
        tell("understanding")
        raise UsageError("no")

    heard = told(ask)
    assert next(heard) == "understanding"
    with pytest.raises(UsageError, match="no"):
        next(heard)
