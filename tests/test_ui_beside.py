"""What says the same elsewhere stands beside its place, as stored, in either direction."""

from __future__ import annotations

from collections.abc import Sequence

from schema import Alignment, Block, Document, Relation, Span
from ui.beside import LONGEST, has_any
from ui.window import around

ENGLISH = Document(
    "en",
    "One. Two.\n\nThree.",
    "",
    "E",
    "text",
    (Block(0, 9, "body", language="en"), Block(11, 17, "body", language="en")),
)
JAPANESE = Document("ja", "一。 二。\n三。", "", "J", "text", (Block(0, 8, "body", language="ja"),))


class Corpus:
    def __init__(self, *found: Alignment) -> None:
        self.found = found

    def alignments(self, document_id: str, start: int, end: int) -> Sequence[Alignment]:
        del start, end
        return [one for one in self.found if document_id in (one.a_document, one.b_document)]

    def document(self, document_id: str) -> Document:
        return {"en": ENGLISH, "ja": JAPANESE, "long": LONG}[document_id]


LONG = Document("long", "y" * 9_000, "", "L", "text", (Block(0, 9_000, "body"),))


def pair(a: tuple[int, int], b: tuple[int, int], relation: Relation = "translation") -> Alignment:
    return Alignment("en", Span(*a), "ja", Span(*b), relation)


ALL = Corpus(pair((0, 4), (0, 2)), pair((5, 9), (3, 5)), pair((11, 17), (6, 8)))


def test_each_sentence_has_its_counterpart_at_its_block() -> None:
    window = around(ENGLISH, Span(0, 4), corpus=ALL)
    told = [(one["text"], one["block"], one["gap"], one["original"], one["translated"]) for one in window["pairs"]]
    assert told == [("一。", 0, None, False, True), ("二。", 0, " ", False, True), ("三。", 1, None, False, True)]
    same = {run["text"]: run["pairs"] for run in window["runs"] if run["pairs"]}
    assert same == {"One.": (0,), "Two.": (1,), "Three.": (2,)}
    assert "".join(run["text"] for run in window["runs"]) == ENGLISH.text


def test_a_translation_leads_to_its_original() -> None:
    window = around(JAPANESE, Span(0, 2), corpus=ALL)
    assert [(one["text"], one["original"]) for one in window["pairs"]] == [
        ("One.", True), ("Two.", True), ("Three.", True),
    ]  # fmt: skip


def test_without_a_corpus_or_a_counterpart_there_is_none() -> None:
    assert around(ENGLISH, Span(0, 4))["pairs"] == []
    assert around(ENGLISH, Span(0, 4), corpus=Corpus())["pairs"] == []
    assert has_any(ALL, ENGLISH)
    assert not has_any(Corpus(), ENGLISH)


def test_a_very_long_counterpart_is_cut_and_says_so() -> None:
    corpus = Corpus(Alignment("en", Span(0, 4), "long", Span(0, 9_000), "copy"))
    (told,) = around(ENGLISH, Span(0, 4), corpus=corpus)["pairs"]
    assert (len(told["text"]), told["cut"], told["end"]) == (LONGEST, True, 9_000)
