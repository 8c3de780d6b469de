"""What holds for every text in every kind: blocks in order, none overlapping, nothing lost, nothing raised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.describe import describe
from documents.extract import Extract, Mark
from documents.sidecar import Sidecar
from documents.understand import PARSERS, understand
from schema import KINDS, ROLES, Kind, Role

LINES = [
    "Heading of a section", "## Typed heading", "=====", "-----", "* * *", "Ada Moor: I said so.", "> quoted before",
    "12.5 - 31.0 Ada", "[00:12] Jo", "0", "- an entry", "1. first", "ada · 3 hours ago", "3 comments", "Reply",
    "A whole paragraph of text that goes on for a while and ends in a stop.", "Is this a question?", "...", "… and on",
    "A whole paragraph of text that goes on for a while and ends in a stop.", "Note to self: nothing", "[1] A note. ↩︎",
    "日本語の段落です。もう一つの文。",
    "山田・花子: そう言いました。", "Das ist ein längerer deutscher Absatz über nichts.",
    "Chapter 2: What next?", "Summary", "Q&A", "(an open bracket", "“an open quotation",
    "As Ada Moor argues, it is so.",
    "Open doors. They let you out. Open doors are old.", "\u2028", "\x85x", "\x00\x1b[2J", "\u202eevil",
]  # fmt: skip
lines = st.tuples(st.sampled_from(LINES), st.sampled_from(["\n", "\n\n", "\r\n", "\r", " "])).map("".join)
texts = st.one_of(st.text(max_size=400), st.lists(lines, max_size=30).map("".join))


def check(text: str, kind: Kind, marks: tuple[Mark, ...] = ()) -> None:
    blocks = PARSERS[kind](Extract(text, "plain", marks=marks), Sidecar())
    covered = [False] * len(text)
    position = 0
    for block in blocks:
        assert position <= block.start < block.end <= len(text)
        assert text[block.start : block.end].strip() == text[block.start : block.end]
        covered[block.start : block.end] = [True] * (block.end - block.start)
        position = block.end
        if block.time:
            assert 0 <= block.time.source_start <= block.time.source_end <= len(text)
        assert block.speaker is not None or not block.speaker_inferred
    lost = [(i, char) for i, char in enumerate(text) if not covered[i] and not char.isspace()]
    assert not lost


@pytest.mark.parametrize("kind", KINDS)
@given(text=texts)
def test_no_visible_character_is_lost_and_blocks_are_in_order(kind: Kind, text: str) -> None:
    check(text, kind)


@given(
    text=texts,
    cuts=st.lists(st.integers(0, 400), max_size=8),
    kind=st.sampled_from(KINDS),
    role=st.sampled_from(ROLES),
)
def test_marks_of_a_format_keep_that_true(text: str, cuts: list[int], kind: Kind, role: Role) -> None:
    places = sorted({min(cut, len(text)) for cut in cuts})
    marks = tuple(Mark(start, end, role) for start, end in zip(places[::2], places[1::2], strict=False) if start < end)
    check(text, kind, marks)


@given(text=texts)
def test_any_text_is_understood_and_described_on_safe_lines(text: str) -> None:
    document = understand("a.txt", Extract(text, "plain"), "0", Sidecar())
    shown = describe(document)
    assert all(char.isprintable() or char in "\n\u200d\u3000\xa0" or char.isspace() for char in shown)
    assert "\x1b" not in shown and "\u202e" not in shown


@pytest.mark.parametrize("line", ["a", "a. ", "A A ", "Ab: ", "> q w e r t y", "(", "“x ", "彼は言った。", "x.y", "- "])
def test_one_huge_line_takes_a_moment_only(line: str) -> None:
    text = line * (300_000 // len(line))
    check(text, "article")
    assert understand("a.txt", Extract(text, "plain"), "0", Sidecar()).blocks[0].start == 0
