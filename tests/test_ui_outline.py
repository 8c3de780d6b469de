"""Contents of a document: what a reader would jump to."""

from __future__ import annotations

from schema import Block, Document, Time
from ui.outline import LONGEST, MOST, outline


def document(*blocks: tuple[str, dict[str, object]]) -> Document:
    text, made = "", []
    for words, values in blocks:
        made.append(Block(len(text), len(text) + len(words), **values))  # type: ignore[arg-type]
        text += words + "\n\n"
    return Document("d", text, "0", "D", "text", tuple(made))


def test_headings_comments_and_chapters_are_listed_with_their_places() -> None:
    time = Time(75.0, 80.0, 0, 1)
    made = document(
        ("Part one", {"role": "heading", "level": 1}),
        ("Text.", {"role": "body"}),
        ("I agree.", {"role": "comment", "comment": 1, "speaker": "Ada"}),
        ("And more.", {"role": "comment", "comment": 1, "speaker": "Ada"}),
        ("Hello.", {"role": "turn", "section": ("Opening",), "time": time}),
        ("Again.", {"role": "turn", "section": ("Opening",), "time": time}),
    )
    entries = outline(made)["entries"]
    assert [(one["text"], one["time"]) for one in entries] == [("Part one", None), ("1. Ada", None), ("Opening", 75.0)]
    assert made.text[entries[0]["start"] : entries[0]["end"]] == "Part one"


def test_long_lists_and_long_headings_are_cut() -> None:
    heading: dict[str, object] = {"role": "heading"}
    made = outline(document(*[("x" * 500, heading)] * (MOST + 3)))
    assert len(made["entries"]) == MOST
    assert made["more"] == 3
    assert len(made["entries"][0]["text"]) == LONGEST
