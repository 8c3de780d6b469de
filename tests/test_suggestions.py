"""Suggested questions: out of the documents' words, only those that are answered well, nearest to what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from models.embedding import Vectors
from schema import Answer, Block, Citation, Document, Role, Span
from ui.candidates import Candidate, candidates
from ui.examples import asks
from ui.suggestions import SURE, SURE_ANYWHERE, SURE_OURS, Ready, following, holds, starting


def document(name: str, *rows: tuple[Role, str], language: str = "en", speaker: str | None = None) -> Document:
    text, blocks = "", []
    for role, words in rows:
        blocks.append(Block(len(text), len(text) + len(words), role, language=language, speaker=speaker))
        text += words + "\n"
    return Document(name, text, "", name, "text", tuple(blocks))


def texts(*documents: Document) -> list[str]:
    return [candidate.text for candidate in candidates(documents)]


def cite(
    name: str,
    start: int,
    end: int,
    quote: str = "It is as it is because it was made so long ago.",
    section: tuple[str, ...] = (),
) -> Citation:
    unknown: dict[str, None] = dict.fromkeys(("speaker", "quoted_by", "date", "link", "page"))
    place = {"document": name, "title": name, "origin": name, "quote": quote, "start": start, "end": end}
    row = {"number": 1, "passage": Span(start, end), "section": section, "speaker_inferred": False, "language": "en"}
    return Citation(**{**unknown, **place, **row, "role": "body"})  # type: ignore[arg-type]


def answer(*citations: Citation, abstained: bool = False, question: str = "Q?") -> Answer:
    shown = {"nearest": citations} if abstained else {"citations": citations}
    return Answer("i", question, question, "", abstained, "en", **shown)  # type: ignore[arg-type]


def ready(text: str, name: str, start: int, passage: int, section: tuple[str, ...] = (), language: str = "en") -> Ready:
    return Ready(text, language, name, start, start + 10, section, None, passage, "heading")


def test_each_question_of_a_heading_is_one_and_its_answer_stands_below() -> None:
    source = document(
        "a",
        ("heading", "3. What do the bees eat in winter? Why is the hive so warm?"),
        ("body", "Honey."),
        ("body", "They shiver."),
        ("heading", "Wax"),
        ("body", "Wax is made."),
    )
    found = candidates([source])
    assert {one.text for one in found} == {"What do the bees eat in winter?", "Why is the hive so warm?"}
    assert source.text[found[0].start : found[0].end].split() == ["Honey.", "They", "shiver."]


def test_a_question_in_the_midst_of_a_text_is_taken_with_what_follows() -> None:
    source = document(
        "a", ("body", "So be it. What do the bees eat in winter? They eat honey."), ("body", "And pollen.")
    )
    (found,) = candidates([source])
    assert found.text == "What do the bees eat in winter?"
    assert source.text[found.start : found.end].split() == ["They", "eat", "honey.", "And", "pollen."]


@pytest.mark.parametrize(
    "text",
    [
        "Why do these die in winter?",
        "And what do the bees eat?",
        "Why not?",
        "What is it that they want from the keeper?",
        "What " + "of the bees " * 20 + "?",
    ],
)
def test_what_leans_on_something_or_is_no_comfortable_length_is_none(text: str) -> None:
    assert texts(document("a", ("heading", text), ("body", "Words."))) == []


def test_sections_are_asked_about_in_their_language() -> None:
    english = document("a", ("heading", "The keeping of bees"), ("body", "Words."), speaker="Ada Moor")
    japanese = document("b", ("heading", "蜂の飼い方"), ("body", "言葉。"), language="ja")
    assert set(texts(english, japanese)) == {
        "What is said about “The keeping of bees”?",
        "What does Ada Moor say about “The keeping of bees”?",
        "「蜂の飼い方」について何と書かれていますか？",
    }


@pytest.mark.parametrize(
    "name", ["Bees", "Bees, bees", "蜂と蜂", "I am sorry for the bees", "The bees are gone.", "The bees and " * 9]
)
def test_sections_whose_names_say_no_matter_are_not_asked_about(name: str) -> None:
    assert texts(document("a", ("heading", name), ("body", "Words."))) == []


def test_a_language_that_the_page_has_no_words_for_has_no_sections_asked_about() -> None:
    assert texts(document("a", ("heading", "Die Haltung der Bienen"), ("body", "Worte."), language="de")) == []


def test_candidates_are_few_and_different_and_from_all_documents() -> None:
    rows = [row for n in range(300) for row in (("heading", f"What is bee {n} good for?"), ("body", "Words."))]
    many = document("a", *rows)  # type: ignore[arg-type]
    other = document("b", ("heading", "What is the hive good for?"), ("body", "Words."))
    same = document("c", ("heading", "What is the HIVE good for?"), ("body", "Words."))
    found = texts(many, other, same)
    assert len(found) == 200 and len([text for text in found if "hive" in text.lower()]) == 1
    assert "hive" in found[1].lower()


HEADING = Candidate("What do bees eat?", "en", "a", 100, 200, "heading")


def test_a_question_holds_where_its_answer_is_quoted_first() -> None:
    assert holds(HEADING, answer(cite("a", 110, 160)), SURE)
    assert not holds(HEADING, answer(cite("a", 110, 160)), SURE - 0.1)
    assert not holds(HEADING, answer(cite("b", 110, 160)), SURE)
    assert not holds(HEADING, answer(cite("a", 300, 350)), SURE)
    assert not holds(HEADING, answer(cite("a", 110, 160), abstained=True), 5.0)


def test_what_another_place_answers_surely_holds_for_headings_alone() -> None:
    elsewhere = answer(cite("b", 0, 50))
    assert holds(HEADING, elsewhere, SURE_ANYWHERE)
    assert not holds(Candidate("What is said about “Bees”?", "en", "a", 100, 200, "section"), elsewhere, 5.0)


def test_a_question_does_not_answer_a_question() -> None:
    assert not holds(HEADING, answer(cite("a", 110, 160, "And what do all of the wasps in the garden eat?")), 5.0)


def test_a_quote_that_says_nothing_by_itself_is_no_answer() -> None:
    assert not holds(HEADING, answer(cite("a", 110, 160, "I discuss that above.")), 5.0)


def test_a_question_about_a_speaker_is_answered_by_that_speaker() -> None:
    about = Candidate("What does Ada Moor say about “Bees”?", "en", "a", 100, 200, "speaker", "Ada Moor")
    assert not holds(about, answer(cite("a", 110, 160)), 5.0)


def test_to_begin_with_documents_and_languages_take_turns() -> None:
    rows = [ready(f"What is {n}?", "a", n, n) for n in range(5)] + [ready("何ですか？", "a", 90, 9, language="ja")]
    assert [one.text for one in starting(rows)] == ["What is 0?", "何ですか？", "What is 1?", "What is 2?"]


def vectors(numbers: Sequence[int]) -> Vectors:
    angles = np.array(numbers, np.float32) / 10
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_what_follows_is_near_new_and_answered_elsewhere() -> None:
    rows = [
        ready("Far away?", "b", 900, 15),
        ready("Same quote?", "a", 5, 0),
        ready("Asked already?", "a", 500, 1),
        ready("The question itself?", "a", 520, 1),
        ready("Near?", "b", 30, 2),
        ready("Nearer?", "b", 60, 1),
        ready("The same place as that?", "b", 62, 1),
        ready("Same section?", "a", 90, 4, ("S",)),
    ]
    given = answer(cite("a", 0, 12, section=("S",)), question="the question itself")
    found = following(rows, given, ["asked already"], vectors, [0])
    assert [one.text for one in found] == ["Same section?", "Nearer?", "Near?"]


def test_what_follows_is_in_the_readers_language_where_it_can_be() -> None:
    rows = [ready("Near?", "b", 30, 1), ready("近いですか？", "b", 60, 2, language="ja")]
    given = Answer("i", "質問", "", "", False, "ja", (cite("a", 0, 12),))
    assert following(rows, given, [], vectors, [0])[0].text == "近いですか？"


def test_an_abstention_leads_to_what_is_nearest() -> None:
    rows = [ready("Near?", "b", 30, 1)]
    assert following(rows, answer(cite("a", 0, 12), abstained=True), [], vectors, [0]) == rows
    assert following(rows, answer(abstained=True), [], vectors, []) == []


def test_what_is_ready_survives_json() -> None:
    one = ready("Near?", "b", 30, 1, ("S", "T"))
    assert Ready.from_json(one.to_json()) == one
    with pytest.raises(TypeError):
        Ready.from_json({**one.to_json(), "more": 1})


def test_a_question_of_our_making_is_offered_only_where_it_is_answered_very_surely() -> None:
    given = answer(cite("a", 0, 60))
    ours = Candidate("What is said about “The old harbour”?", "en", "a", 0, 60, "section")
    theirs = Candidate("Why is the old harbour closed?", "en", "a", 0, 60, "heading")
    assert holds(theirs, given, SURE) and not holds(ours, given, SURE)
    assert holds(ours, given, SURE_OURS)


def test_one_begins_with_questions_of_persons_before_those_of_our_making() -> None:
    ours = replace(ready("What is said about “Wax”?", "a", 0, 0), source="section")
    theirs = ready("Why is the hive so warm?", "b", 0, 1)
    assert [one.text for one in starting([ours, theirs])] == [theirs.text, ours.text]


def test_a_heading_with_a_verdict_behind_a_colon_is_not_asked_about() -> None:
    assert texts(document("a", ("heading", "The old harbour: a mixed result"), ("body", "It was closed."))) == []


def test_an_interview_is_asked_in_the_words_without_the_name_in_front() -> None:
    source = document(
        "a", ("turn", "**Jo Habe:** Why is the hive so warm?"), ("turn", "They shiver."), speaker="Jo Habe"
    )
    assert texts(source) == ["Why is the hive so warm?"]


def test_what_somebody_in_a_text_is_asked_is_none() -> None:
    assert not texts(document("a", ("body", "Ms Lind, would you come to the first one? Thank you, I will.")))


def test_what_was_put_to_somebody_is_no_question_to_begin_with() -> None:
    rows = [ready("Would you come first, Ms Lind?", "a", 0, 0), ready("What do the bees eat in winter?", "a", 40, 1)]
    assert [one.text for one in starting(rows)] == ["What do the bees eat in winter?"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("補助金はいくらもらえますか。", True), ("集じん装置とは何ですか", True), ("夜はとても静か。", False),
        ("予算と件数を教えてください。", False), ("これは何？", True), ("Why?", True), ("Because.", False),
    ],
)  # fmt: skip
def test_a_polite_question_needs_no_mark(text: str, asked: bool) -> None:
    assert asks(text) == asked


def test_the_name_of_a_section_has_no_number_in_front() -> None:
    found = texts(document("a", ("heading", "Article 14. Evidence and appeal"), ("body", "Anybody may appeal.")))
    assert found == ["What is said about “Evidence and appeal”?"]
