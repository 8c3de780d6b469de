"""Filters: what is cited passes, the best of what passes is found, and nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest

from answering.__main__ import _parser
from answering.answerer import Answerer
from answering.filtering import typed
from errors import UsageError
from index.build import build
from index.reader import Index, open_index
from models.embedding import load
from retrieval import part
from retrieval.part import Choices, Part
from retrieval.retriever import Retriever
from schema import MOST_FILTERED, Answer, Filters, Turn
from settings import Settings

POST = """The harbour lock stays closed at night because the keeper sleeps and nobody else may turn the wheel.

The council wants to replace the wheel with an electric motor, which would cost two hundred thousand crowns.
"""
RECORDING = """1
00:00:04,000 --> 00:00:11,500
KEEPER: The harbour lock stays closed at night because the keeper sleeps and nobody else may turn the wheel.

2
00:01:12,000 --> 00:01:20,250
MAYOR: The council has no money for a motor, and the wheel of the lock will do for another year.
"""
JAPANESE = "港の水門の車輪を電動モーターに替えると二十万クローネかかる。議会はそれを望んでいる。\n"
LOCK = "Why is the harbour lock closed at night?"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("filters")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "post.txt").write_text(POST, "utf-8")
    (corpus / "recording.srt").write_text(RECORDING, "utf-8")
    (corpus / "japanese.txt").write_text(JAPANESE, "utf-8")
    for number in range(100):  # what else a corpus holds, all of it about the lock
        text = "".join(f"Lock number {n} of harbour {number} is closed at night.\n\n" for n in range(3))
        (corpus / f"other-{number}.txt").write_text(text, "utf-8")
    made = Settings(corpus=corpus, data=folder / "data", embedding="hash", reranker="off")
    build(made, load("hash"))
    return made


@pytest.fixture(scope="module")
def index(settings: Settings) -> Iterator[Index]:
    with open_index(settings.data, load("hash")) as opened:
        yield opened


@pytest.fixture(scope="module")
def answerer(index: Index, settings: Settings) -> Answerer:
    return Answerer(index, load("hash"), settings)


def cited(answer: Answer) -> set[str]:
    return {citation.document for citation in (*answer.citations, *answer.nearest)}


def test_without_filters_nothing_is_another(answerer: Answerer) -> None:
    assert answerer.retriever.within(Filters()) is answerer.retriever
    assert answerer.answer(LOCK).text == answerer.answer(LOCK, filters=Filters()).text


@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        (Filters(documents=("post.txt",)), {"post.txt"}),
        (Filters(kinds=("transcript",)), {"recording.srt"}),
        (Filters(languages=("ja",)), {"japanese.txt"}),
        (Filters(speakers=("MAYOR",)), {"recording.srt"}),
        (Filters(documents=("post.txt", "recording.srt"), speakers=("KEEPER", "MAYOR")), {"recording.srt"}),
    ],
)
def test_only_what_passes_is_cited_or_near(answerer: Answerer, filters: Filters, documents: set[str]) -> None:
    for question in (LOCK, "What does the council want?", "Give me an overview.", "turn the wheel", "Who is Zorblax?"):
        answer = answerer.answer(question, filters=filters)
        assert cited(answer) == documents, question
        assert answer.filters == filters
        if filters.speakers:
            assert {one.speaker for one in (*answer.citations, *answer.nearest)} <= set(filters.speakers)


def test_what_passes_may_still_name_other_places(answerer: Answerer) -> None:
    answer = answerer.answer(LOCK, filters=Filters(documents=("post.txt",)))
    assert [place.document for place in answer.citations[0].also] == ["recording.srt"]


def test_a_follow_up_stays_within_the_filters(answerer: Answerer) -> None:
    before = answerer.answer(LOCK)
    answer = answerer.answer(
        "And what does it cost?", [Turn(LOCK, before.citations)], Filters(documents=("japanese.txt",))
    )
    assert cited(answer) == {"japanese.txt"}


def test_one_passage_of_many_is_found(index: Index) -> None:
    assert index.passage_count > 100
    found = Retriever(index, load("hash")).retrieve("motor council", filters=Filters(speakers=("MAYOR",)))
    assert [one.passage.speaker for one in found] == ["MAYOR"]


@pytest.mark.parametrize("exact", [0, part.EXACT])
def test_the_best_that_pass_are_those_of_the_whole_in_order(
    index: Index, exact: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part, "EXACT", exact)
    narrowed = Part(index, Filters(documents=("other-3.txt", "post.txt")))
    vector = index.passage_vectors([7])[0]
    terms = [("lock", 1.0), ("night", 1.0)]
    everything, sentences = index.passage_count, index.sentence_count

    def passing(rows: list) -> list:  # type: ignore[type-arg]
        return [row for row in rows if row[0] in narrowed][:4]

    np.testing.assert_allclose(
        [row[1] for row in narrowed.dense_passages(vector, 4)],
        [row[1] for row in passing(index.dense_passages(vector, everything))],
        atol=1e-5,
    )
    np.testing.assert_allclose(
        [row[2] for row in narrowed.dense_sentences(vector, 4)],
        [row[2] for row in passing(index.dense_sentences(vector, sentences))],
        atol=1e-5,
    )
    assert narrowed.lexical(terms, 4) == passing(index.lexical(terms, everything))
    assert all(number in narrowed for number, *_ in narrowed.dense_sentences(vector, 9))


def test_a_sentence_that_is_near_is_named_by_its_number(index: Index) -> None:
    narrowed = Part(index, Filters(documents=("post.txt", "recording.srt"), languages=("en",)))
    assert len(narrowed) >= 3
    for passage in (*narrowed.passages_of("recording.srt"), *narrowed.passages_of("post.txt")):
        for number, vector in enumerate(index.sentence_vectors([passage.id])[0]):
            near = [row[:2] for row in narrowed.dense_sentences(vector, 2) if row[2] > 0.999]  # one is read aloud
            assert (passage.id, number) in near


@pytest.mark.parametrize("question", [LOCK, "Give me an overview.", "港の水門の車輪は?"])
def test_filters_that_leave_nothing_are_said(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question, filters=Filters(documents=("gone.txt",)))
    assert answer.abstained and not answer.citations and not answer.nearest
    said = {"en": "Nothing in the corpus passes these filters.", "ja": "この絞り込みに当てはまる資料はありません。"}
    assert answer.text == said[answer.language]


def test_an_abstention_says_that_only_a_part_was_asked(answerer: Answerer) -> None:
    answer = answerer.answer("Who is Zorblax?", filters=Filters(documents=("post.txt",)))
    assert answer.abstained and answer.text.startswith("What the filters let through does not say.")


def test_closing_a_part_leaves_the_index_open(index: Index) -> None:
    Part(index, Filters(languages=("ja",))).close()
    assert index.passages_of("post.txt")


def test_choices_count_passages_most_first(answerer: Answerer) -> None:
    choices = answerer.choices
    assert choices.kinds["transcript"] == 2 and choices.speakers == {"KEEPER": 1, "MAYOR": 1}
    assert sum(choices.documents.values()) == sum(choices.languages.values()) == answerer.index.passage_count
    for counts in (choices.documents, choices.kinds, choices.languages):
        assert list(counts.values()) == sorted(counts.values(), reverse=True)


def test_filters_survive_json() -> None:
    filters = Filters(("a.txt",), ("article",), ("ja",), ('Ada "the clerk" Moor',))
    assert Filters.from_json(json.loads(json.dumps(filters.to_json()))) == filters
    assert Filters.from_json({}) == Filters() and not Filters.from_json({"kinds": []})
    row = Answer("i", "q?", "q", "A", True, "en", filters=filters).to_json()
    assert Answer.from_json(row).filters == filters
    del row["filters"]
    assert Answer.from_json(row).filters == Filters()


@pytest.mark.parametrize(
    "row",
    [
        None,
        [],
        "kinds",
        {"kind": ["text"]},
        {"kinds": "text"},
        {"kinds": ["poem"]},
        {"documents": [1]},
        {"documents": [["a"]]},
        {"documents": [""]},
        {"documents": ["a" * 1_001]},
        {"documents": ["a"] * (MOST_FILTERED + 1)},
        {"speakers": ["\ud800"]},
        {"speakers": None},
        {"x" * 10_000: []},
    ],
)
def test_what_is_no_filter_is_refused_in_a_short_sentence(row: object) -> None:
    with pytest.raises(UsageError) as refused:
        Filters.from_json(row)
    assert len(str(refused.value)) < 200


def test_hostile_names_are_only_names(answerer: Answerer) -> None:
    for name in ("'; DROP TABLE passages; --", "%", "*", "\x00", "a" * 1_000):
        assert answerer.answer(LOCK, filters=Filters(speakers=(name,), documents=(name,))).abstained


CHOICES = Choices({"talks/ada.txt": 3, "talks/bob.txt": 2}, {"text": 5}, {"en": 4, "ja": 1}, {"Ada Moor": 3})


def test_typed_names_may_be_a_part_that_no_other_has() -> None:
    assert typed(CHOICES, ["bob"], ["text"], ["ja"], ["moor"]) == Filters(
        ("talks/bob.txt",), ("text",), ("ja",), ("Ada Moor",)
    )


@pytest.mark.parametrize(
    ("documents", "speakers", "message"),
    [
        (["talks"], [], "is part of several: name one of 'talks/ada.txt', 'talks/bob.txt'"),
        ([], ["Zed"], "--speaker 'Zed' is none in this corpus: name one of 'Ada Moor'"),
    ],
)
def test_a_name_that_is_none_is_refused_with_what_there_is(
    documents: list[str], speakers: list[str], message: str
) -> None:
    with pytest.raises(UsageError, match=message.replace("(", r"\(")):
        typed(CHOICES, documents, [], [], speakers)


def test_the_command_takes_each_filter_more_than_once() -> None:
    arguments = _parser().parse_args(["q", "--document", "a", "--document", "b", "--speaker", "c"])
    assert (arguments.document, arguments.speaker, arguments.kind) == (["a", "b"], ["c"], [])
