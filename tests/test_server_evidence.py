"""What the page is told of the places that a quote also stands in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models import support
from schema import Also, Answer
from server.evidence import evidence
from server.routes import status_of
from server.source import AnswererSource, Opened
from settings import Settings
from tests.browser.fake_answerer import DREAM, TALK, Composing, FakeAnswerer, cite, document


def answered(*citations: Any, abstained: bool = False) -> Answer:
    shown: dict[str, Any] = {"nearest" if abstained else "citations": citations}
    return Answer("x", "q", "q", "text", abstained, "en", **shown)


@pytest.fixture
def opened() -> Opened:
    answerer: Any = FakeAnswerer()
    return Opened(answerer, {name: answerer.index.document(name).title for name in answerer.index.document_ids()}, ())


@pytest.mark.parametrize("abstained", [False, True])
def test_place_is_told_as_original_from_the_translation_and_as_translation_from_the_original(
    opened: Opened, abstained: bool
) -> None:
    talk, dream = (opened.answerer.index.document(name) for name in (TALK, DREAM))
    quotes = (
        cite(talk, 0, 5, 1, also=(Also(DREAM, 10, 20, "translation"),)),
        cite(dream, 10, 20, 2, also=(Also(TALK, 0, 40, "translation"),)),
    )
    shown = evidence(opened, answered(*quotes, abstained=abstained))
    told = [[(place["language"], place["original"]) for place in places] for places in shown["places"]]
    assert told == [[("ja", False)], [("en", True)]]
    assert shown["titles"] == {DREAM: "灯台の夢", TALK: "A talk on lighthouses"}


def test_a_place_says_where_in_its_document_it_is(opened: Opened) -> None:
    talk = opened.answerer.index.document(TALK)
    at = talk.text.index("The Fresnel")
    (place,) = evidence(opened, answered(cite(talk, 0, 5, also=(Also(TALK, at, at + 9, "quotation"),))))["places"][0]
    block = talk.block_at(at)
    assert block is not None and block.time is not None
    assert (place["section"], place["speaker"], place["time"]) == (
        "A talk on lighthouses", "Ada Keeper", block.time.start_seconds
    )  # fmt: skip
    assert place["comment"] is None and place["page"] is None


WHOLE = "One sentence stands here. Ada Moor: another, long one, stands there! A third one follows it.\n\nA list:\n\n"
BROKEN = "the paragraph breaks off and\n\ngoes on over the page.\n\nA new one.\n\nb) an item\n\nc) another"


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("One sentence stands here.", (False, False)), ("sentence stands here.", (True, False)),
        ("One sentence stands", (False, True)), ("another, long one, stands there!", (False, False)),
        ("long one", (True, True)), ("stands there! A third", (True, True)), 
        ("A third one follows it.", (False, False)),
        ("the paragraph breaks off and", (False, True)), ("goes on over the page.", (False, False)),
        ("A list:", (False, False)), ("b) an item", (False, False)), ("here. Ada Moor: another", (True, True)),
    ],
)  # fmt: skip
def test_a_quote_says_where_its_sentence_was_cut(words: str, cut: tuple[bool, bool]) -> None:
    source = document("a.txt", WHOLE + BROKEN, "A")
    answerer: Any = FakeAnswerer([source])
    start = source.text.index(words)
    quote = cite(source, start, start + len(words))
    assert evidence(Opened(answerer, {"a.txt": "A"}, ()), answered(quote))["cut"] == [list(cut)]


def test_nothing_is_said_of_cuts_in_what_is_no_longer_there(opened: Opened) -> None:
    quote = cite(opened.answerer.index.document(TALK), 3, 9)
    assert evidence(None, answered(quote))["cut"] == [[False, False]]


def test_places_of_documents_that_are_gone_are_left_out(opened: Opened) -> None:
    talk = opened.answerer.index.document(TALK)
    quote = cite(talk, 0, 5, also=(Also("gone.txt", 0, 5, "copy"),))
    assert evidence(opened, answered(quote))["places"] == [[]]
    assert evidence(None, answered(quote))["places"] == [[]]
    assert evidence(None, answered(quote))["titles"] == {}


def test_who_wrote_is_told_of_a_composed_answer_alone(opened: Opened) -> None:
    composed = replace(answered(), mode="composed")
    assert evidence(opened, composed)["writer"] is None, "that is not known without a model"
    answerer: Any = Composing()
    written = replace(opened, answerer=answerer)
    assert (evidence(written, composed)["writer"], evidence(written, answered())["writer"]) == ("Lamp-7B", None)
    assert evidence(None, composed)["writer"] is None


@pytest.mark.parametrize(
    ("settings", "away", "mode"),
    [
        (Settings(model="m", model_url="http://127.0.0.1:9/v1"), True, "composed"),
        (Settings(model="m.gguf"), False, "composed"),
        (Settings(model="m.gguf", mode="extractive"), False, "extractive"),
    ],
)  # fmt: skip
def test_the_state_says_who_writes_where_and_how_often_the_check_is_wrong(
    settings: Settings, away: bool, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answerer: Any = Composing()
    source = AnswererSource(lambda to: to.replace(answerer))
    assert status_of(source, settings)["writer"] is None
    source.start().join(10)
    monkeypatch.delattr(support, "WRONG_OF_HUNDRED", raising=False)
    told = {"name": "Lamp-7B", "away": away, "mode": mode}
    assert status_of(source, settings)["writer"] == told | {"wrong": None}
    monkeypatch.setattr(support, "WRONG_OF_HUNDRED", 7, raising=False)
    assert status_of(source, settings)["writer"] == told | {"wrong": 7}
