"""Plain texts: how lines become paragraphs, and what headings look like."""

import textwrap

from documents.extract import Extract, Mark
from documents.kinds.paragraphs import cut, wrap_width
from documents.sidecar import Sidecar
from documents.understand import understand
from schema import Document

LOREM = (
    "In the winter of 1871 the town of Orra had forty-two gas lamps, and one man to light them. His name was "
    "Piet Haan, and he walked eleven kilometres every evening. He began at the harbour and ended at the church. "
    "Each lamp took him less than a minute, and in heavy rain the whole walk took him four hours."
)


def paragraphs(text: str, marks: tuple[Mark, ...] = ()) -> list[str]:
    return [text[p.start : p.end] for p in cut(Extract(text, "plain", marks=marks))]


def understood(text: str, marks: tuple[Mark, ...] = ()) -> Document:
    return understand("a.txt", Extract(text, "plain", marks=marks), "0", Sidecar(kind="text"))


def lines(document: Document) -> list[tuple[str, str]]:
    return [(b.role, document.text[b.start : b.end]) for b in document.blocks]


def test_each_line_is_a_paragraph_where_lines_are_not_wrapped() -> None:
    text = f"{LOREM}\nA short line.\n{LOREM}"
    assert wrap_width(text) == 0
    assert len(paragraphs(text)) == 3


def test_wrapped_lines_are_joined_up_to_a_blank_line() -> None:
    for end in ("\n", "\r\n"):
        text = (textwrap.fill(LOREM, 72) + "\n\n" + textwrap.fill(LOREM[20:], 72)).replace("\n", end)
        assert [p.replace(end, " ") for p in paragraphs(text)] == [LOREM, LOREM[20:].strip()]


def test_wrapped_japanese_is_joined_and_sentence_lines_are_not() -> None:
    sentence = "古い橋は町の人々に愛されていて毎日たくさんの子どもたちがその上を渡って学校へ通っていた"
    wrapped = "\n".join(sentence[i : i + 16] for i in range(0, len(sentence), 16))
    wrapped = "\n".join(textwrap.wrap(sentence * 3, 32, break_long_words=True))
    assert len(paragraphs(wrapped)) == 1
    assert (
        len(paragraphs("橋は古い。町の人々はその橋を愛していた。\n川は深く、流れも速かった。\n誰もが知っていた。")) == 3
    )


def test_entries_of_a_list_keep_their_further_lines() -> None:
    text = (
        textwrap.fill(LOREM, 60)
        + "\n\n- open the glass and hold the flame to it until it takes,\n  then wait a moment,\n- close the glass.\n"
    )
    assert paragraphs(text)[1:] == [
        "- open the glass and hold the flame to it until it takes,\n  then wait a moment,",
        "- close the glass.",
    ]


def test_a_text_without_a_last_newline_and_a_single_huge_line() -> None:
    assert paragraphs("one") == ["one"]
    assert paragraphs(" \n\t\n") == []
    assert paragraphs("x" * 1_000_000) == ["x" * 1_000_000]


def test_underlined_and_typed_headings_have_levels() -> None:
    document = understood(
        f"The lamps\n=========\n\n{LOREM}\n\nThe route\n---------\n\n{LOREM}\n\n### The church\n\n{LOREM}"
    )
    headings = [(b.level, document.text[b.start : b.end]) for b in document.blocks if b.role == "heading"]
    assert headings == [(1, "The lamps"), (2, "The route"), (3, "### The church")]
    assert document.blocks[-1].section == ("The lamps", "The route", "The church")
    assert document.title == "The lamps"
    assert [words for role, words in lines(document) if role == "noise"] == ["=========", "---------"]


def test_numbered_headings_rank_by_their_numbers() -> None:
    text = "\n".join(
        [f"{n} {name}\n{LOREM}" for n, name in (("1", "Lamps"), ("1.1", "Glass"), ("1.2", "Taps"), ("2", "Routes"))]
    )
    document = understood(text)
    assert [b.level for b in document.blocks if b.role == "heading"] == [1, 2, 2, 1]


def test_a_list_is_no_run_of_headings() -> None:
    document = understood(f"What to bring\n{LOREM}\n1. A lamp\n2. Matches\n3. A long coat\n{LOREM}")
    assert [b.role for b in document.blocks].count("heading") == 0


def test_lines_without_stops_everywhere_are_no_headings() -> None:
    verse = (
        "The lamps are lit along the quay\nAnd one man walks beneath the rain\n"
        "He does not sing, he does not stay\nHe lights them all and walks again"
    )
    assert {b.role for b in understood(f"A song\n{verse}").blocks[1:]} == {"body"}


def test_marked_headings_are_trusted_alone() -> None:
    text = f"The lamps\n{LOREM}\nA bare line\n{LOREM}"
    document = understood(text, (Mark(0, 9, "heading", level=2),))
    assert [(b.role, b.level) for b in document.blocks][:3] == [("heading", 2), ("body", None), ("body", None)]


def test_footnotes_follow_their_marks() -> None:
    document = understood(
        f"{LOREM[:-1]}.[1] He said nothing.²\n{LOREM}\n"
        "[1] His diary.\n² Nor did she.\n[7] No such mark here.\nBack to the text. ↩︎"
    )
    assert [role for role, _ in lines(document)] == ["body", "body", "footnote", "footnote", "body", "footnote"]
    assert document.blocks[-1].section == ()
