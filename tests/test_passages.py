"""Passages: true offsets, nothing lost, blocks cut and joined where they should be."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.passages import JOINED, LONGEST, LONGEST_CONTEXT, embedded_passage, embedded_sentences, segment
from schema import ROLES, Block, Document, Passage
from text.sentences import MAX_SENTENCE

WRITING = st.text(alphabet=st.one_of(st.characters(), st.sampled_from(list(" .!?。」\n\n\nAbcあ漢[1]"))), max_size=3000)
SPEAKERS = st.sampled_from([None, "Ann", "Bo"])
SECTIONS = st.sampled_from([(), ("One",), ("One", "Two")])


def document(text: str, blocks: list[Block], title: str = "Title") -> Document:
    return Document("a.txt", text, "", title, "text", tuple(blocks))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(WRITING)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    blocks = [
        Block(start, end, draw(st.sampled_from(ROLES)), draw(SECTIONS), speaker=draw(SPEAKERS))
        for start, end in pairwise([0, *cuts, len(text)])
        if start < end
    ]
    return document(text, blocks)


def block_says(found: Document, block: Block) -> bool:
    """Tell whether a block holds more than a list mark may."""
    return len(found.text[block.start : block.end].strip()) > 5


def words(found: Document, passage: Passage) -> str:
    return found.text[passage.start : passage.end]


@given(documents(), st.integers(0, 1000))
def test_spans_are_in_order_and_slice_back(found: Document, first_id: int) -> None:
    passages = segment(found, first_id)
    assert [passage.id for passage in passages] == list(range(first_id, first_id + len(passages)))
    assert [passage.position for passage in passages] == list(range(len(passages)))
    for passage in passages:
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end
    spans = [span for passage in passages for span in passage.sentences]
    assert all(0 <= span.start < span.end <= len(found.text) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(found.text[span.start : span.end].strip() for span in spans)


@given(documents())
def test_every_character_that_is_not_blank_or_noise_is_in_a_sentence(found: Document) -> None:
    covered = {at for passage in segment(found, 0) for span in passage.sentences for at in range(span.start, span.end)}
    for block in found.blocks:
        letters = {at for at in range(block.start, block.end) if not found.text[at].isspace()}
        assert not letters & covered if block.role == "noise" else letters <= covered


@given(documents())
def test_passages_are_bounded_and_never_span_noise_but_the_marks_of_a_list(found: Document) -> None:
    noise = [
        range(block.start, block.end) for block in found.blocks if block.role == "noise" and block_says(found, block)
    ]
    for passage in segment(found, 0):
        assert passage.end - passage.start <= max(LONGEST, MAX_SENTENCE)
        assert not any(span.start < passage.end and passage.start < span.stop for span in noise)


def lines(text: str) -> list[Block]:
    blocks, at = [], 0
    for line in text.split("\n"):
        if line:
            blocks.append(Block(at, at + len(line), "body"))
        at += len(line) + 1
    return blocks


def test_a_long_block_is_cut_between_sentences_into_balanced_runs() -> None:
    sentence = "This sentence has about fifty characters in all. "
    text = (sentence * 21).strip()  # 1,028 characters: two runs, not one of 900 and one of 128
    first, second = segment(document(text, lines(text)), 0)
    assert {len(first.sentences), len(second.sentences)} == {10, 11}


def test_short_neighbours_of_one_kind_are_joined() -> None:
    text = "\n".join(f"- item number {number} of a list" for number in range(5))
    (passage,) = segment(document(text, lines(text)), 0)
    assert len(passage.sentences) == 5
    assert passage.end - passage.start <= JOINED


def test_entries_of_a_list_are_joined_across_their_marks() -> None:
    text = "- one\n- two\n0\nthree"
    blocks = [
        Block(0, 1, "noise"),
        Block(2, 5, "body"),
        Block(6, 7, "noise"),
        Block(8, 11, "body"),
        Block(12, 13, "noise"),
        Block(14, 19, "body"),
    ]
    found = document(text, blocks)
    assert [words(found, passage) for passage in segment(found, 0)] == ["one\n- two", "three"]


def test_short_neighbours_of_two_speakers_stay_apart() -> None:
    text = "Yes.\nNo."
    yes, no = lines(text)
    blocks = [yes, Block(no.start, no.end, "body", speaker="Ann")]
    assert [passage.speaker for passage in segment(document(text, blocks), 0)] == [None, "Ann"]


def test_a_body_finds_the_latest_heading_of_its_section() -> None:
    text = "Why not?\nBecause.\nWhy not?\nStill because."
    one, two, three, four = lines(text)
    blocks = [
        Block(one.start, one.end, "heading"),
        Block(two.start, two.end, "body", ("Why  Not?",)),
        Block(three.start, three.end, "heading"),
        Block(four.start, four.end, "body", ("Why not?",)),
    ]
    passages = segment(document(text, blocks), 7)
    assert [passage.heading for passage in passages] == [None, 7, None, 9]
    assert passages[1].context == "Why Not?"


def test_a_heading_that_counts_itself_in_stands_under_the_one_above() -> None:
    text = "Top\nUnder\nWords."
    top, under, body = lines(text)
    blocks = [
        Block(top.start, top.end, "heading", ("Top",)),
        Block(under.start, under.end, "heading", ("Top", "Under")),
        Block(body.start, body.end, "body", ("Top", "Under")),
    ]
    passages = segment(document(text, blocks), 0)
    assert [passage.heading for passage in passages] == [None, 0, 1]
    assert [passage.context for passage in passages] == ["Title", "Top", "Under"]


def test_a_comment_without_a_heading_has_none() -> None:
    text = "Heading\nA comment."
    heading, comment = lines(text)
    blocks = [
        Block(heading.start, heading.end, "heading", ("Heading",)),
        Block(comment.start, comment.end, "comment", comment=1),
    ]
    assert [passage.heading for passage in segment(document(text, blocks), 0)] == [None, None]


def test_what_is_embedded_carries_a_bounded_context_and_single_blanks() -> None:
    text = "First\nline. Second sentence."
    found = document(text, [Block(0, len(text), "body", ("Very long heading " * 20,))])
    (passage,) = segment(found, 0)
    assert len(passage.context) <= LONGEST_CONTEXT
    assert embedded_passage(passage, text) == f"{passage.context} First line. Second sentence."
    assert embedded_sentences(passage, text)[0].endswith(": First line.")
    assert "\n" not in "".join(embedded_sentences(passage, text))


def test_one_sentence_is_embedded_once_for_passage_and_sentence() -> None:
    text = "Only one."
    found = document(text, lines(text))
    (passage,) = segment(found, 0)
    assert [embedded_passage(passage, text)] == embedded_sentences(passage, text)
