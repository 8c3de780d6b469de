"""What the page is told of the places that a quote also stands in."""

from __future__ import annotations

from typing import Any

import pytest

from schema import Also, Answer
from server.evidence import evidence
from server.source import Opened
from tests.browser.fake_answerer import DREAM, TALK, FakeAnswerer, cite


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
    assert shown["places"] == [[{"language": "ja", "original": False}], [{"language": "en", "original": True}]]
    assert shown["titles"] == {DREAM: "灯台の夢", TALK: "A talk on lighthouses"}


def test_places_of_documents_that_are_gone_are_left_out(opened: Opened) -> None:
    talk = opened.answerer.index.document(TALK)
    quote = cite(talk, 0, 5, also=(Also("gone.txt", 0, 5, "copy"),))
    assert evidence(opened, answered(quote))["places"] == [[]]
    assert evidence(None, answered(quote))["places"] == [[]]
    assert evidence(None, answered(quote))["titles"] == {}
