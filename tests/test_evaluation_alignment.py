"""Spans are compared with judged pairs of lines, without what counts for neither."""

import json
from pathlib import Path

import pytest

from errors import UsageError
from evaluation.alignment import by_lines, compare, judged
from schema import Alignment, Document, Span

ONE = Document("one-long-name.txt", "first\nsecond\n\nthird", "", "", "text", ())
TWO = Document("two.txt", "premier\ndeuxième", "", "", "text", ())


def pair(a: int, b: int) -> frozenset[tuple[str, int]]:
    return frozenset({(ONE.id, a), (TWO.id, b)})


def test_a_span_over_several_lines_stands_for_each_that_is_not_blank() -> None:
    found = by_lines([ONE, TWO], [Alignment(ONE.id, Span(6, 19), TWO.id, Span(0, 7), "translation")])
    assert found == {"translation": {pair(2, 1), pair(4, 1)}}


def test_a_span_ends_before_its_end() -> None:
    found = by_lines([ONE, TWO], [Alignment(ONE.id, Span(0, 6), TWO.id, Span(8, 16), "translation")])
    assert found == {"translation": {pair(1, 2)}}


def test_loose_pairs_count_for_neither_side(tmp_path: Path) -> None:
    def row(relation: str, a: int, b: int) -> str:
        return json.dumps(
            {"relation": relation, "a": {"document": "one", "line": a}, "b": {"document": "two", "line": b}}
        )

    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join([row("translation", 1, 1), row("similar", 2, 2)]))
    wanted = judged(path, [ONE.id, TWO.id])
    compared = compare({"translation": {pair(1, 1), pair(2, 2), pair(4, 2)}}, wanted)
    assert compared == {"translation": ({pair(1, 1), pair(4, 2)}, {pair(1, 1)})}


def test_a_document_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    place = {"document": "three", "line": 1}
    path.write_text(json.dumps({"relation": "copy", "a": place, "b": place}))
    with pytest.raises(UsageError, match="'three' is the beginning of 0 documents"):
        judged(path, [ONE.id])
