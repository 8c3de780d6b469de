import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.sentences import MAX_SENTENCE, split

PIECES = st.sampled_from(
    ["Dr. Smith left.", " ", "\n", "\n\n", "3.5", "。", "「はい。」", "と言った", "[1]", "For", "...", "!?", "(", ")",
     "”", 
     "e.g.", "\r\n", "\u2028", "\ud800", "𝒳", "é", "- item", "1. one", "x" * 900, "؟", "।"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join))


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split(text)]


@given(TEXTS)
def test_spans_are_in_order_and_lose_no_character(text: str) -> None:
    spans = split(text)
    at = 0
    for span in spans:
        assert at <= span.start < span.end
        assert not text[at : span.start].strip(), "only blanks lie between sentences"
        assert not text[span.start].isspace() and not text[span.end - 1].isspace()
        assert span.end - span.start <= MAX_SENTENCE
        at = span.end
    assert not text[at:].strip()


@given(st.text(max_size=50), TEXTS, st.text(max_size=50))
def test_a_range_is_cut_with_offsets_of_the_whole(before: str, text: str, after: str) -> None:
    spans = split(before + text + after, len(before), len(before) + len(text))
    assert all(len(before) <= span.start < span.end <= len(before) + len(text) for span in spans)
    assert "".join("".join((before + text + after)[s.start : s.end].split()) for s in spans) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is 3.5. He ran.", ["It is 3.5.", "He ran."]),
        ("Dr. No met Mr. J. R. Smith. They spoke.", ["Dr. No met Mr. J. R. Smith.", "They spoke."]),
        ("Tools, e.g. saws, help. So do i.e. axes.", ["Tools, e.g. saws, help.", "So do i.e. axes."]),
        ("It fell short.[1]For example: it rained.", ["It fell short.[1]", "For example: it rained."]),
        ("She asked “Why?” and left. No one knew.", ["She asked “Why?” and left.", "No one knew."]),
        ("He said no. She agreed.", ["He said no.", "She agreed."]),
        ("See no. 3 and p. 7. Then stop.", ["See no. 3 and p. 7.", "Then stop."]),
        ("Bread etc. The rest is gone.", ["Bread etc.", "The rest is gone."]),
        ("Wait... and see. Then… Go.", ["Wait... and see.", "Then…", "Go."]),
        ("「はい。そうです。」と答えた。彼は去った。", ["「はい。そうです。」と答えた。", "彼は去った。"]),
        ("「いいえ。」彼女は笑った!本当か?そうだ。", ["「いいえ。」", "彼女は笑った!", "本当か?", "そうだ。"]),
        ("今天下雨。我们回家!", ["今天下雨。", "我们回家!"]),
        ("one\ntwo\n\nthree", ["one\ntwo", "three"]),
        ("First:\n- apples\n- pears", ["First:", "- apples", "- pears"]),
        ("1. Wash. 2. Dry.", ["1. Wash.", "2. Dry."]),
        ("no full stop", ["no full stop"]),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_would_say(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("unit", ["a", " ", ".", "a. ", "「", "。", "[1]", "\n", "(", "A. B. "])
def test_a_megabyte_of_anything_is_cut_without_stalling(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    assert sum(span.end - span.start for span in split(text)) <= len(text)
