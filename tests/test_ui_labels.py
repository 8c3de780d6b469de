"""Labels tell whose words a block holds, once for as long as nothing changes."""

from __future__ import annotations

from typing import Any

from schema import Block, Document, Span, Time
from ui.labels import label
from ui.window import around


def document(*blocks: Block, languages: tuple[str, ...] = ("en",)) -> Document:
    return Document("d", "x" * 200, "", "D", "text", blocks, languages=languages)


def new(source: Document) -> list[list[str] | None]:
    told = [label(source, number, 0) for number in range(len(source.blocks))]
    return [one["new"] if one else None for one in told]


def block(number: int, **values: Any) -> Block:
    return Block(number * 10, number * 10 + 8, **({"role": "comment"} | values))


def test_what_stays_the_same_is_not_new() -> None:
    ada = {"comment": 1, "speaker": "Ada"}
    source = document(block(0, **ada), block(1, **ada), block(2, comment=2, speaker="Jo", speaker_inferred=True))
    assert new(source) == [["comment", "speaker"], [], ["comment", "speaker"]]
    told = label(source, 2, 0)
    assert told and told["begins"] and told["inferred"] and told["speaker"] == "Jo"


def test_a_comment_without_a_name_is_named_again_after_a_quotation() -> None:
    source = document(block(0, comment=4), block(1, comment=4, role="quotation", speaker="Ada"), block(2, comment=4))
    assert new(source) == [["comment"], ["speaker", "role", "comment"], ["speaker", "role", "comment"]]
    told = label(source, 2, 0)
    assert told and not told["begins"]


def test_every_turn_has_its_time_and_noise_between_turns_changes_nothing() -> None:
    turns = [block(at, role="turn", speaker="Ada", time=Time(at, at + 1.5, 0, 1)) for at in (0, 2)]
    source = document(turns[0], block(1, role="noise"), turns[1])
    assert new(source) == [["speaker", "time"], None, ["time"]]
    told = label(source, 2, 0)
    assert told and told["time"] == [2, 3.5]


def test_language_is_told_only_where_there_are_several() -> None:
    both = [block(0, role="body", language="en"), block(1, role="translation", language="ja")]
    assert new(document(*both)) == [None, ["role"]]
    assert new(document(*both, languages=("en", "ja"))) == [["language"], ["role", "language"]]


def test_nothing_is_new_in_the_rest_of_a_block_that_began_earlier() -> None:
    source = Document("d", "x" * 90_000, "", "D", "text", (Block(0, 90_000, "body", speaker="Ada"),))
    window = around(source, Span(50_000, 50_010))
    assert window["labels"][0]["new"] == []
    assert window["labels"][0]["speaker"] == "Ada"
