"""The lines of `--show`: compact, true to the blocks, and harmless on a terminal."""

from documents.describe import describe, visible
from schema import Block, Document, Time
from text.times import clock

TEXT = "Title\nHello there, everyone.\nこんにちは。\n\x1b[2J\u202eevil"


def document(*blocks: Block) -> Document:
    return Document(
        "a\x07.txt", TEXT, "0", "T\x1b[0m", "transcript", blocks, languages=("en", "ja"), warnings=("cp1252",)
    )


def test_a_line_says_who_when_where_and_what() -> None:
    shown = describe(
        document(
            Block(0, 5, "heading", level=2),
            Block(
                6, 28, "turn", ("Title", "Part"), speaker="Ada", speaker_inferred=True, quoted_by="Jo", reports=("Mo",),
                comment=3, time=Time(75.9, 3725.0, 0, 5), page=4, language="en",
            ),
            Block(29, 35, "body", language="ja"),
        )
    ).splitlines()  # fmt: skip
    assert any(line.split() == ["1", "heading2", "|", "Title"] for line in shown)
    assert any("§ Title / Part" in line for line in shown)
    assert any("2  turn         #3 1:15-1:02:05 p.4 ~Ada <Jo @Mo | Hello there, everyone." in line for line in shown)
    assert any(line.endswith("| こんにちは。") and "[ja]" in line for line in shown)
    assert any("warnings: cp1252" in line for line in shown)


def test_a_block_over_several_lines_shows_both() -> None:
    assert any(line.strip().startswith("2-3 ") for line in describe(document(Block(6, 35, "body"))).splitlines())


def test_only_words_of_the_block_are_shown_and_not_too_many() -> None:
    shown = describe(document(Block(6, 11, "body")))
    assert "| Hello\n" in shown
    long = Document("a", "漢" * 500, "0", "t", "text", (Block(0, 500, "body"),))
    line = describe(long).splitlines()[-1]
    assert line.endswith("漢…") and line.count("漢") == 36


def test_control_and_direction_characters_are_escaped() -> None:
    shown = describe(document(Block(36, len(TEXT), "body")))
    assert "\x1b" not in shown and "\u202e" not in shown and "\x07" not in shown
    assert r"\x1b[2J\u202eevil" in shown
    assert visible("a\u200bb\ud800\u2066é漢") == r"a\u200bb\ud800\u2066é漢"


def test_clocks() -> None:
    assert [clock(seconds) for seconds in (0, 9.99, 75, 3600)] == ["0:00", "0:09", "1:15", "1:00:00"]
