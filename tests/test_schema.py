"""What travels between the rooms survives the way through JSON, and its format is what other programs read."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import schema
from schema import ROLES, Also, Answer, Citation, Span, Time

texts = st.text(max_size=20)
numbers = st.integers(0, 10**6)
spans = st.builds(Span, numbers, numbers)
times = st.builds(Time, st.floats(0, 1e5), st.floats(0, 1e5), numbers, numbers)
citations = st.builds(
    Citation,
    number=numbers,
    document=texts,
    title=texts,
    quote=texts,
    start=numbers,
    end=numbers,
    passage=spans,
    section=st.lists(texts, max_size=3).map(tuple),
    speaker=st.none() | texts,
    speaker_inferred=st.booleans(),
    quoted_by=st.none() | texts,
    date=st.none() | texts,
    link=st.none() | texts,
    page=st.none() | numbers,
    language=texts,
    role=st.sampled_from(ROLES),
    origin=texts,
    time=st.none() | times,
    also=st.lists(st.builds(Also, texts, numbers, numbers, st.just("reading")), max_size=2).map(tuple),
)
answers = st.builds(
    Answer,
    id=texts,
    question=texts,
    query=texts,
    text=texts,
    abstained=st.booleans(),
    language=texts,
    citations=st.lists(citations, max_size=2).map(tuple),
    nearest=st.lists(citations, max_size=1).map(tuple),
    sources=numbers,
    notice=st.none() | texts,
    generation=texts,
    seconds=st.floats(0, 100),
)


@given(answers)
def test_an_answer_survives_json(answer: Answer) -> None:
    assert Answer.from_json(json.loads(json.dumps(answer.to_json()))) == answer


def test_the_format_is_what_other_programs_read() -> None:
    time = Time(31.4, 44.7, 5, 9)
    also = (Also("b.txt", 1, 2, "translation"),)
    citation = Citation(
        1,
        "a.txt",
        "A",
        "q",
        0,
        1,
        Span(0, 4),
        ("S",),
        None,
        False,
        None,
        None,
        None,
        None,
        "en",
        "body",
        "a.txt",
        time,
        also,
    )
    row = Answer("i", "q?", "q", "A [1]", False, "en", (citation,)).to_json()
    assert list(row) == [
        *("format", "id", "question", "query", "answer", "abstained", "outcome", "missing"),
        *("mode", "sentences", "fell_back", "understood", "filters", "language", "citations", "nearest"),
        *("sources", "notice", "generation", "seconds"),
    ]
    assert row["format"] == schema.ANSWER_FORMAT == 1
    assert row["citations"][0] == {
        "number": 1,
        "document": "a.txt",
        "title": "A",
        "quote": "q",
        "start": 0,
        "end": 1,
        "passage": {"start": 0, "end": 4},
        "section": ["S"],
        "speaker": None,
        "speaker_inferred": False,
        "quoted_by": None,
        "date": None,
        "link": None,
        "page": None,
        "language": "en",
        "role": "body",
        "origin": "a.txt",
        "time": {"start": 31.4, "end": 44.7, "from": 5, "to": 9},
        "also": [{"document": "b.txt", "start": 1, "end": 2, "relation": "translation"}],
    }


def test_another_format_is_refused() -> None:
    row = Answer("i", "q?", "q", "A", True, "en").to_json() | {"format": 2}
    with pytest.raises(TypeError, match="format 2"):
        Answer.from_json(row)


@pytest.mark.parametrize("name", [name for name, value in vars(schema).items() if dataclasses.is_dataclass(value)])
def test_the_vocabulary_is_frozen_and_slotted(name: str) -> None:
    kind = getattr(schema, name)
    assert kind.__dataclass_params__.frozen and hasattr(kind, "__slots__")
