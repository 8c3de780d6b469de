"""What a browser sends beside a question is bounded, and whatever does not fit is left out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import UsageError
from schema import Filters
from ui import context, wording

ID = "0123456789abcdef" * 2


def test_everything_that_fits_is_read() -> None:
    row = {
        "language": "ja",
        "filters": {"languages": ["en"]},
        "instead": ID,
        "restore": [ID],
        "quotes": 2,
        "mode": "composed",
    }
    assert context.read(json.dumps(row)) == context.Context(
        "ja", Filters(languages=("en",)), ID, (ID,), quotes=2, mode="composed"
    )


@pytest.mark.parametrize(
    "sent",
    ["", "null", "[]", "{", None, 7, "9" * 20_000, '{"language": "../en", "instead": 3, "restore": ["x", 1, {}]}'],
)
def test_what_does_not_fit_is_left_out(sent: object) -> None:
    assert context.read(sent) == context.PLAIN


@pytest.mark.parametrize("quotes", [0, 6, -1, 2.0, True, "3", None, [1], 10**30])
def test_number_of_quotes_that_cannot_be_is_left_to_the_server(quotes: object) -> None:
    assert context.read(json.dumps({"quotes": quotes})).quotes is None


@pytest.mark.parametrize("mode", ["auto", "", "COMPOSED", True, ["composed"], {"composed": 1}, 0])
def test_mode_that_there_is_not_is_left_to_the_server(mode: object) -> None:
    assert context.read(json.dumps({"mode": mode})).mode is None


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_nothing_that_is_sent_is_an_error_but_filters(row: object) -> None:
    context.read(json.dumps(row))


def test_filters_that_are_none_are_refused_for_the_answer_would_be_to_another_question() -> None:
    with pytest.raises(UsageError):
        context.read('{"filters": {"languages": "en"}}')


def test_conversation_is_cut_in_front_of_the_answer_that_is_asked_anew() -> None:
    assert context.before(["a", "b", "c"], "b") == ["a"]
    assert context.before(["a", "b"], "x") == ["a", "b"]
    assert context.before(["a"], None) == ["a"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ja", "ja"),
        ("ja-JP,en;q=0.5", "ja"),
        ("fr, ja;q=0.2, en;q=0.9", "en"),
        ("ja;q=0", "en"),
        ("ja;q=x", "en"),
    ],
)
def test_language_of_the_page_is_what_the_browser_likes_best(header: str, language: str) -> None:
    assert wording.choose(header) == language


def test_languages_say_the_same_things_with_the_same_gaps() -> None:
    english = wording.load("en")
    for other in map(wording.load, wording.LANGUAGES):
        assert list(other) == list(english)
