"""The window around a quote holds the stored text unaltered, with the quote marked to the character."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema import Block, Document, Span
from ui.window import MOST_AROUND, around


def document(text: str, *spans: tuple[int, int]) -> Document:
    blocks = tuple(Block(start, end, "body") for start, end in spans)
    return Document("d", text, "", "D", "text", blocks)


def joined(window: dict[str, Any], marked: bool | None = None) -> str:
    return "".join(run["text"] for run in window["runs"] if marked is None or run["marked"] == marked)


@st.composite
def documents(draw: st.DrawFn) -> tuple[Document, Span, int, int]:
    text = draw(st.text(min_size=1, max_size=200))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    return document(text, *spans), Span(start, end), draw(st.integers(0, 60)), draw(st.integers(0, 60))


@given(documents())
def test_runs_are_the_stored_text_and_the_marked_ones_the_quote(given_: tuple[Document, Span, int, int]) -> None:
    source, quote, before, after = given_
    window = around(source, quote, before, after)
    assert joined(window) == source.text[window["start"] : window["end"]]
    assert joined(window, marked=True) == source.text[quote.start : quote.end]
    assert quote.start - 2 * before <= window["start"] <= max(0, quote.start - before)
    assert min(len(source.text), quote.end + after) <= window["end"] <= quote.end + 2 * after
    assert all(run["text"] for run in window["runs"])


def test_window_ends_with_whole_blocks_where_they_are_near() -> None:
    text = "aaaaaaaaaa\nbbbbbbbbbb\ncccccccccc"
    window = around(document(text, (0, 10), (11, 21), (22, 32)), Span(13, 15), 8, 10)
    assert joined(window) == text
    assert [run["text"] for run in window["runs"]] == [
        "aaaaaaaaaa", "\n", "bb", "bb", "bbbbbb", "\n", "cccccccccc",
    ]  # fmt: skip
    assert [run["role"] for run in window["runs"]].count("gap") == 2


@pytest.mark.parametrize("span", [(-1, 2), (2, 2), (3, 2), (0, 100)])
def test_span_outside_the_document_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no span"):
        around(document("short"), Span(*span))


def test_window_is_bounded() -> None:
    with pytest.raises(ValueError, match="at most"):
        around(document("short"), Span(0, 1), before=MOST_AROUND + 1)
    with pytest.raises(ValueError, match="at most"):
        around(document("x" * 50_000), Span(0, 50_000))
