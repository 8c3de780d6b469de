"""A visitor's question is bounded and cleaned, its conversation is ours, and nothing of it reaches the log."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from answering.composing import Stopped
from errors import ModelError, SidenoteError, UsageError
from schema import EVERYTHING, Answer, Filters
from server.asking import TURNS, Asking
from server.source import AnswererSource
from server.store import AnswerStore
from settings import Settings
from tests.browser.fake_answerer import Composing, FakeAnswerer
from tests.browser.harness import attack_file
from ui.context import Context


class Setup:
    def __init__(self, answerer: Any = None) -> None:
        self.answerer: Any = answerer or FakeAnswerer()
        source: Any = AnswererSource(lambda to: to.replace(self.answerer))
        source.start().join(10)
        self.store = AnswerStore()
        self.asking = Asking(source, self.store, Settings(question_characters=100))


def test_answer_is_kept_under_its_id() -> None:
    setup = Setup()
    answer = setup.asking.ask("Fresnel?")
    assert setup.asking.kept(answer.id) == answer


def test_turns_come_from_our_store_and_are_bounded() -> None:
    setup = Setup()
    ids = [setup.asking.ask(f"Fresnel {n}").id for n in range(TURNS + 3)]
    setup.asking.ask("careless", ["forged", *ids])
    turns = setup.answerer.asked[-1][1]
    assert [turn.question for turn in turns] == [f"Fresnel {n}" for n in range(3, TURNS + 3)]
    assert all(turn.citations for turn in turns)


@pytest.mark.parametrize("question", ["", " \n\t", "\x00\x07"])
def test_nothing_is_asked_with_nothing(question: str) -> None:
    with pytest.raises(UsageError, match="type a question"):
        Setup().asking.ask(question)


def test_too_long_a_question_is_refused_with_both_numbers() -> None:
    setup = Setup()
    setup.asking.ask("x" * 100)
    with pytest.raises(UsageError, match="101 characters; at most 100"):
        setup.asking.ask("x" * 101)


def test_what_cannot_be_stored_is_replaced() -> None:
    setup = Setup()
    assert setup.asking.ask("a\ud800b\x00c\r\nd").question == "a\ufffdb c\nd"


@pytest.mark.attack
def test_naughty_strings_are_answered_and_can_be_sent() -> None:
    setup = Setup()
    for text in json.loads(attack_file("naughty-strings.json").read_text("utf-8")):
        if text.strip() and len(text) <= 100:
            json.dumps(setup.asking.ask(text).to_json()).encode("ascii")


class Failing(FakeAnswerer):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def answer(self, question: str, turns: Any = (), filters: Filters = EVERYTHING, **more: Any) -> Answer:
        raise self._error


def test_unknown_error_becomes_a_sentence_and_its_words_stay_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(SidenoteError, match="Something went wrong"):
        Setup(Failing(ValueError("my secret question"))).asking.ask("my secret question")
    assert "ValueError at" in caplog.text
    assert "secret" not in caplog.text


def test_our_own_error_is_said_as_it_is() -> None:
    with pytest.raises(ModelError, match="the model does not answer"):
        Setup(Failing(ModelError("the model does not answer"))).asking.ask("x")


def test_what_a_reader_wants_and_who_listens_are_handed_on() -> None:
    handed: list[dict[str, Any]] = []

    class Noting(FakeAnswerer):
        def answer(self, question: str, turns: Any = (), filters: Filters = EVERYTHING, **more: Any) -> Answer:
            handed.append(more)
            more["tell"]("finding")
            return super().answer(question, turns, filters)

    heard: list[str] = []
    asking = Setup(Noting()).asking
    asking.ask("Fresnel?", (), Context(quotes=2), heard.append)
    asking.ask("Fresnel?")
    assert [more["most"] for more in handed] == [2, None]
    assert heard == ["finding"]


def test_question_that_comes_before_the_documents_hears_that_they_are_being_opened() -> None:
    heard: list[str] = []
    answerer: Any = FakeAnswerer()
    source: Any = AnswererSource(lambda to: None)
    asking = Asking(source, AnswerStore(), Settings())

    def tell(stage: str) -> None:
        heard.append(stage)
        source.replace(answerer)

    asking.ask("Fresnel?", (), Context(), tell)
    assert heard[0] == "opening"


def test_who_asks_in_which_mode_is_handed_on() -> None:
    setup = Setup(Composing())
    setup.asking.ask("Fresnel?", (), Context(mode="composed"), visitor="someone")
    setup.asking.ask("Fresnel?")
    assert [(one["mode"], one["visitor"]) for one in setup.answerer.options] == [("composed", "someone"), (None, "")]


def test_every_state_of_an_answer_can_be_looked_at_and_the_same_one_is_kept_once() -> None:
    setup = Setup(Composing(("A lamp is weak.", "supported", 0), ("It is red.", "not", 0)))
    shown: list[Answer] = []

    def show(answer: Answer) -> None:
        found = setup.asking.kept(answer.id)
        assert found == answer
        shown.append(answer)

    whole = setup.asking.ask("Fresnel?", (), Context(), show=show)
    assert [(one.mode, len(one.sentences)) for one in shown] == [("extractive", 0), ("composed", 1), ("composed", 2)]
    assert len({one.id for one in (*shown, whole)}) == 4
    assert whole.mode == "composed" and setup.asking.kept(whole.id) == whole


def test_who_no_longer_wants_an_answer_ends_it_without_a_word_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    setup = Setup(Composing(("A lamp is weak.", "supported", 0)))

    def stop(answer: Answer) -> None:
        raise Stopped

    with caplog.at_level(logging.DEBUG), pytest.raises(Stopped):
        setup.asking.ask("Fresnel?", (), Context(), show=stop)
    assert not caplog.records and len(setup.store) == 0
