"""Example questions come from the documents: short, different, and in turn from each."""

from __future__ import annotations

from schema import Block, Document
from ui.examples import MOST, questions


def document(name: str, *headings: str, language: str = "en", section: str = "") -> Document:
    text, blocks = "", []
    for heading in headings:
        blocks.append(Block(len(text), len(text) + len(heading), "heading", (section,), language=language))
        text += heading + "\n"
        blocks.append(Block(len(text), len(text) + 6, "body", (section,), language=language))
        text += "Words.\n"
    return Document(name, text, "", name, "text", tuple(blocks))


def texts(*documents: Document) -> list[str]:
    return [example["text"] for example in questions(documents)]


def test_only_short_questions_are_taken() -> None:
    assert texts(document("a", "A statement", "Why?", "Why is the sky so blue?", "What " * 40 + "?")) == [
        "Why is the sky so blue?"
    ]


def test_documents_and_languages_take_turns() -> None:
    first = document("a", *(f"What is number {n} good for?" for n in range(9)))
    second = document("b", "これは何についての話ですか？", language="ja")
    taken = questions([first, second])
    assert len(taken) == MOST
    assert taken[1] == {"text": "これは何についての話ですか？", "language": "ja"}


def test_chapters_count_and_lose_their_numbers() -> None:
    source = document("a", "Chapter 2: What are the goals?", section="What are the goals?")
    assert texts(source) == ["What are the goals?"]


def test_a_question_needs_an_answer_below_it() -> None:
    text = "What do bees eat?\nWhy do these die?\nPollen.\n"
    blocks = (Block(0, 17, "heading"), Block(18, 35, "heading"), Block(36, 43, "body"))
    assert texts(Document("a", text, "", "a", "text", blocks)) == ["Why do these die?"]


def test_a_question_that_points_back_comes_last() -> None:
    assert texts(document("a", "What do these bees eat?", "What do queens eat?"))[0] == "What do queens eat?"


def test_a_corpus_without_questions_gives_none() -> None:
    assert questions([document("a", "Nothing here")]) == []
