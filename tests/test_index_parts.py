"""The parts below a build: rows that survive storing, keys that tell models apart, progress that a person can read."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.rows import block_from, block_row, document_from, document_row, outcome_from, outcome_row
from errors import StoredIndexError
from index import lexical, vectors
from index.catalogue import Catalogue, CatalogueWriter
from index.passages import segment
from index.progress import Terminal
from index.rows import passage_from, passage_row
from models.embedding import HashEmbedding
from schema import ROLES, Block, Box, Document, Passage, Span, Time

WORDS = st.text(st.characters(), max_size=20)  # surrogates too: a hostile text may hold them
MAYBE = st.none() | WORDS
TIMES = st.none() | st.builds(Time, st.floats(0, 9e4), st.floats(0, 9e4), st.integers(0, 99), st.integers(0, 99))
PLACES = st.fixed_dictionaries(
    {
        "role": st.sampled_from(ROLES),
        "section": st.lists(WORDS, max_size=3).map(tuple),
        "speaker": MAYBE,
        "speaker_inferred": st.booleans(),
        "quoted_by": MAYBE,
        "reports": st.lists(WORDS, max_size=2).map(tuple),
        "comment": st.none() | st.integers(0, 9),
        "time": TIMES,
        "page": st.none() | st.integers(1, 9),
        "language": st.sampled_from(["en", "ja", "und"]),
    }
)
BOXES = st.lists(st.builds(Box, st.integers(1, 9), *[st.floats(0, 900)] * 4), max_size=2).map(tuple)


@given(st.integers(0, 9), PLACES, BOXES)
def test_a_block_comes_back_as_it_was(start: int, place: dict[str, object], boxes: tuple[Box, ...]) -> None:
    block = Block(start=start, end=start + 1, boxes=boxes, level=None, **place)  # type: ignore[arg-type]
    assert block_from(block_row(block)) == block


@given(st.integers(0, 9), PLACES, WORDS, st.none() | st.integers(0, 9))
def test_a_passage_comes_back_as_it_was(
    start: int, place: dict[str, object], context: str, heading: int | None
) -> None:
    spans = (Span(start, start + 2), Span(start + 3, start + 4))
    values = {"position": 0, "start": start, "end": start + 4, "context": context, "heading": heading, **place}
    passage = Passage(id=0, document_id="a", sentences=spans, **values)  # type: ignore[arg-type]
    assert passage_from(0, "a", spans, passage_row(passage)) == passage


@given(WORDS, WORDS, BOXES, st.booleans())
def test_what_a_reading_process_answers_comes_back_as_it_was(
    text: str, reason: str, boxes: tuple[Box, ...], goes_on: bool
) -> None:
    document = Document("a", text, "", "a", "text", (Block(0, 1, "body", boxes=boxes),))
    assert outcome_from(outcome_row(document, goes_on)) == (document, goes_on)
    assert outcome_from(outcome_row(reason, goes_on)) == (reason, goes_on)


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\x80\x04.", b'{"goes_on": true, "text": 1}'])
def test_a_senseless_answer_of_a_reading_process_is_noticed(data: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        outcome_from(data)


@given(WORDS, WORDS, st.lists(WORDS, max_size=2).map(tuple), MAYBE)
def test_a_document_comes_back_as_it_was(text: str, title: str, authors: tuple[str, ...], link: str | None) -> None:
    document = Document("a.txt", text, "00", title, "text", (Block(0, 1, "body"),), authors=authors, link=link)
    assert document_from("a.txt", text, document_row(document), document.blocks) == document


def test_hostile_text_survives_the_catalogue(tmp_path: Path) -> None:
    text = "Nul \0 and a lone \ud800 surrogate.\r\n\u202eBackwards.\n"
    document = Document("a.txt", text, "", "T\ud800", "text", (Block(0, len(text), "body", speaker="A\ud800"),))
    writer = CatalogueWriter(tmp_path / "catalogue")
    writer.add_document(document)
    (passage,) = segment(document, 0)
    names = [f"{number}".encode() for number in range(len(passage.sentences))]
    writer.add_passage(passage, b"whole", names)
    assert writer.missing_keys() == {b"whole", *names}
    writer.add_vectors([b"whole"], HashEmbedding().passages(["x"]))
    assert writer.missing_keys() == set(names)
    writer.finish()
    writer.close()
    stored = Catalogue(tmp_path / "catalogue")
    assert stored.document("a.txt") == document
    assert stored.passages() == [passage]
    stored.close()


def test_many_passages_are_found_by_id(tmp_path: Path) -> None:
    writer = CatalogueWriter(tmp_path / "catalogue")
    text = "Word. " * 2_000
    blocks = tuple(Block(at, at + 5, "body", speaker=str(at)) for at in range(0, len(text), 6))
    document = Document("a.txt", text, "", "T", "text", blocks)
    writer.add_document(document)
    passages = segment(document, 0)
    for passage in passages:
        writer.add_passage(passage, b"same", [b"same"] * len(passage.sentences))
    assert len(passages) == 2_000
    assert writer.passages_by_id(range(1, 1_999)) == {passage.id: passage for passage in passages[1:-1]}
    assert writer.passages() == passages
    writer.close()


def test_a_key_tells_models_and_texts_apart() -> None:
    keys = {vectors.key(model, text) for model in ("a", "b") for text in ("x", "y", "x\ud800")}
    assert len(keys) == 6


def test_a_lexical_index_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    def entries() -> object:
        raise OSError(28, "No space left on device")
        yield

    with pytest.raises(StoredIndexError, match="No space left"):
        lexical.write(tmp_path / "lexical", entries())  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["body", "heading", "speaker"])
def test_a_term_is_found_and_counted_in_every_field(tmp_path: Path, field: str) -> None:
    empty = lexical.Entry(0, (), (), ())
    entries = [replace(empty, passage_id=7, **{field: ("boat",)}), replace(empty, passage_id=8, body=("cat",))]
    assert lexical.write(tmp_path / "lexical", entries) == 2
    index = lexical.LexicalIndex(tmp_path / "lexical")
    assert [number for number, _ in index.search([("boat", 1.0)], 5)] == [7]
    assert index.document_frequency("boat") == 1
    assert index.count == 2


def test_a_heavier_term_ranks_higher(tmp_path: Path) -> None:
    entries = [lexical.Entry(number, (word,), (), ()) for number, word in enumerate(("boat", "cat", "boat", "cat"))]
    lexical.write(tmp_path / "lexical", entries)
    index = lexical.LexicalIndex(tmp_path / "lexical")
    assert {number for number, _ in index.search([("boat", 1.0), ("cat", 2.0)], 2)} == {1, 3}
    assert {number for number, _ in index.search([("boat", 2.0), ("cat", 1.0)], 2)} == {0, 2}


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_a_bar_with_the_stage_and_no_bar_stays() -> None:
    screen = Screen()
    progress = Terminal(screen)
    progress.say("3 files")
    for done in range(1, 4):
        progress.step("embedding", done, 3)
    progress.close()
    assert screen.getvalue().startswith("3 files\n")
    assert "embedding" in screen.getvalue()
    assert screen.getvalue().rpartition("\r")[2].strip() == ""


def test_a_log_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    clock = iter(range(0, 1000, 4))
    monkeypatch.setattr("time.monotonic", lambda: float(next(clock)))
    progress = Terminal(log)
    for done in range(1, 9):
        progress.step("embedding", done * 1000, 8000)
    lines = log.getvalue().splitlines()
    assert 1 <= len(lines) < 8
    assert lines[0].endswith(" of 8,000")
