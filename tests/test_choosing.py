"""What is quoted and how much: lists whole, both sides of a comparison, no lead-in alone, pasted words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answering.answerer import Answerer, load
from answering.pasted import pasted
from answering.quotes import without_label
from answering.siblings import _kind
from answering.wording import line, wording
from index.build import build
from models import embedding as embeddings
from models import kinds
from schema import Answer, Citation, Passage, ScoredPassage, Span, Understood
from settings import Settings

REPORT = """# The lighthouse at Cape Orla

## Why it was kept

The council gives these reasons for keeping the lighthouse:

Reason 1: it guides the fishing boats home when the fog comes in from the west.

Reason 2: it draws visitors, who leave about nine thousand crowns a year in the village.

Reason 3: it is the oldest building on the coast and is protected by law.

## Lamps

The old lamp burned paraffin and had to be filled twice a night by the keeper.

The new lamp is electric, needs no keeper and is seen eighteen miles out at sea.

## Letters

In her letter of May 1911 Berta Lindqvist wrote that the tower should be painted red and white.
"""
COPY = """A visitor's notes.

It guides the fishing boats home when the fog comes in from the west. I liked the view, and the stairs are steep.

The bakery in the harbour opens at six and sells cinnamon buns.
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder = tmp_path_factory.mktemp("choosing")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "report.md").write_text(REPORT, "utf-8")
    (corpus / "notes.txt").write_text(COPY, "utf-8")
    settings = Settings(corpus=corpus, data=folder / "data", rerank_milliseconds=60_000)
    build(settings, embeddings.load(settings.embedding))
    loaded = load(settings)
    yield loaded
    loaded.index.close()


pytestmark = pytest.mark.model


def quotes(answer: Answer) -> str:
    return "\n".join(citation.quote for citation in answer.citations)


def test_a_list_is_quoted_with_all_its_items(answerer: Answerer) -> None:
    answer = answerer.answer("What reasons are given for keeping the lighthouse?")
    assert all(f"Reason {number}" in quotes(answer) for number in (1, 2, 3)), quotes(answer)
    assert "list" in answer.understood.wants


def test_a_lead_in_is_not_quoted_alone(answerer: Answerer) -> None:
    answer = answerer.answer("What reasons are given for keeping the lighthouse?")
    assert not any(citation.quote.endswith("lighthouse:") for citation in answer.citations)


def test_a_comparison_shows_both_sides(answerer: Answerer) -> None:
    answer = answerer.answer("How does the new lamp differ from the old lamp?")
    assert "paraffin" in quotes(answer) and "electric" in quotes(answer)
    assert "comparison" in answer.understood.wants


def test_a_comparison_with_something_unknown_tells_of_the_rest(answerer: Answerer) -> None:
    answer = answerer.answer("Compare the electric lamp of the lighthouse with the Fresnel lamp.")
    assert answer.missing == ("Fresnel",) and answer.outcome == "partly" and "“Fresnel”" in answer.text
    assert "electric" in quotes(answer)


def test_pasted_words_are_found_at_all_their_places(answerer: Answerer) -> None:
    answer = answerer.answer("it guides the fishing boats home, when the fog comes in from the west")
    assert answer.understood.kind == "quotation" and "2 places" in answer.text
    places = {citation.document for citation in answer.citations}
    places |= {place.document for citation in answer.citations for place in citation.also}
    assert places == {"report.md", "notes.txt"}


def test_a_quotation_in_a_question_finds_who_said_it(answerer: Answerer) -> None:
    answer = answerer.answer('Who wrote that "the tower should be painted red and white"?')
    assert "Berta Lindqvist" in answer.citations[0].quote and answer.understood.kind == "question"


@pytest.mark.parametrize(
    "question", ["What is in here?", "summarise everything", "Worum geht es hier?", "全体の概要を教えてください"]
)
def test_an_overview_is_in_the_documents_words_and_order(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question)
    assert answer.understood.kind == "overview" and not answer.abstained
    order = [(citation.document, citation.start) for citation in answer.citations]
    assert order == sorted(order) and len(order) >= 3


def test_an_overview_keeps_to_the_document_that_is_called(answerer: Answerer) -> None:
    answer = answerer.answer("Give me a summary of the lighthouse at Cape Orla")
    assert {citation.document for citation in answer.citations} == {"report.md"}


@pytest.mark.parametrize("question", ["hello", "Thanks a lot!", "こんにちは", "Wer bist du?"])
def test_a_greeting_is_told_what_can_be_asked(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question)
    assert answer.understood.kind == "greeting" and answer.abstained and "Cape Orla" in answer.text


@pytest.mark.parametrize("question", ["What does the report say about the fog?", "Does the bakery sell buns?"])
def test_a_question_on_a_matter_is_no_overview_and_no_greeting(answerer: Answerer, question: str) -> None:
    assert answerer.answer(question).understood.kind == "question"


def test_bare_words_show_only_where_they_stand(answerer: Answerer) -> None:
    answer = answerer.answer("cinnamon buns")
    assert answer.understood.kind == "keyword" and not answer.abstained
    assert all("buns" in citation.quote for citation in answer.citations)


def test_a_misspelt_word_is_spoken_of(answerer: Answerer) -> None:
    assert ("parafin", "paraffin") in answerer.answer("which lamp burned parafin").understood.corrected


@pytest.mark.parametrize("language", ["en", "ja", "de", "es", "fr", "zh", "und"])
def test_what_we_say_ourselves_is_whole_in_every_language(language: str) -> None:
    words = wording(language)
    filled = [
        *(words.greeting.format(titles="T"), words.partly.format(words="W"), words.nowhere.format(words="W")),
        *(words.place.format(count=2), words.too_long.format(limit=9), words.quoted_by.format(speaker="S", quoter="Q")),
        *(words.overview, words.not_said, words.nearest, words.empty, words.commenter, words.open, words.close),
    ]
    assert all(text.strip() and "{" not in text for text in filled)


def test_a_refusal_is_in_the_language_of_the_question(answerer: Answerer) -> None:
    answer = answerer.answer("Was hat Kapitän Haddock 1883 über den Leuchtturm geschrieben?")
    assert answer.abstained and answer.language == "de" and answer.text.startswith("Das steht nicht in den Dokumenten.")


def test_how_it_was_read_survives_the_format() -> None:
    read = Understood("keyword", ("list",), "before?", ("Ada",), ("comment",), (("a", "b"),))
    citation = Citation(1, "d", "t", "q", 0, 1, Span(0, 1), (), None, False, None, None, None, None, "en", "body", "d")
    answer = Answer("i", "q", "q", "A [1]", False, "en", (citation,), missing=("x",), understood=read)
    assert Answer.from_json(answer.to_json()) == answer and answer.to_json()["outcome"] == "partly"


def test_an_embedding_without_kinds_asks_plainly() -> None:
    assert kinds.load("some-other-model").names == ()


class _Document:
    def __init__(self, text: str) -> None:
        self.text = text


class _Index:
    def __init__(self, text: str) -> None:
        self._text = text

    def document(self, _: str) -> _Document:
        return _Document(self._text)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Goal 1: faster", "Goal 2. Slower", True),
        ("1. Wash it", "2) Dry it", True),
        ("(a) by post", "(b) by hand", True),
        ("- bread", "• butter", True),
        ("First, wait", "Secondly, go", True),
        ("第一に安い", "第二に速い", True),
        ("Goal 1: faster", "Step 2: go", False),
        ("Nobody came.", "First, wait", False),
        ("2019 was wet", "2020 was dry", False),
    ],
)
def test_items_of_one_list_begin_alike(one: str, other: str, alike: bool) -> None:
    kind = [
        _kind(_Index(text), Passage(0, "d", 0, 0, len(text), (), "body"), Span(0, len(text)))  # type: ignore[arg-type]
        for text in (one, other)
    ]
    assert (kind[0] is not None and kind[0] == kind[1]) is alike


@given(
    sentences=st.lists(st.text("abcdefghij xyz", min_size=1, max_size=20), min_size=1, max_size=12),
    first=st.integers(0, 11),
    last=st.integers(0, 11),
)
def test_pasted_sentences_are_found_whole(sentences: list[str], first: int, last: int) -> None:
    first, last = sorted((first % len(sentences), last % len(sentences)))
    text, spans = "", []
    for sentence in sentences:
        spans.append(Span(len(text), len(text) + len(sentence)))
        text += sentence + "\n"
    typed = "  ".join(sentences[first : last + 1]).upper()
    found = ScoredPassage(Passage(0, "d", 0, 0, len(text), tuple(spans), "body"), 1.0, (0.0,) * len(spans), {})
    places = pasted(_Index(text), typed, [found])  # type: ignore[arg-type]
    if len("".join(typed.split())) >= 30:
        ((_, span),) = places
        assert "".join(typed.lower().split()) in "".join(text[span.start : span.end].split())
    else:
        assert places == []


@pytest.mark.parametrize(
    ("text", "speaker", "quoted"),
    [
        ("**Ada Moor:** I agree: it leaks.", "Ada Moor", "I agree: it leaks."),
        ("Ada Moor: It leaks.", "Ada Moor", "It leaks."),
        ("モア： 漏れます。", "モア", "漏れます。"),
        ("Ada Moor: It leaks.", "Ben Flint", "Ada Moor: It leaks."),
        ("Ada Moor: It leaks.", None, "Ada Moor: It leaks."),
        ("One thing: it leaks.", "Ada Moor", "One thing: it leaks."),
        ("Ada Moor:", "Ada Moor", "Ada Moor:"),
    ],
)
def test_the_speakers_name_in_front_is_not_quoted(text: str, speaker: str | None, quoted: str) -> None:
    span = without_label(f"Before. {text}", Span(8, 8 + len(text)), speaker)
    assert f"Before. {text}"[span.start : span.end] == quoted


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("It leaks.", "“It leaks.”"),
        ('"It leaks."', '"It leaks."'),
        ("“It leaks.”", "“It leaks.”"),
        ("「漏れます。」", "「漏れます。」"),
        ("“It leaks,” he said, “badly.”", "““It leaks,” he said, “badly.””"),
        ("They call it “a leak”", "“They call it “a leak””"),
    ],
)
def test_a_quote_that_stands_in_quotation_marks_gets_no_second_ones(quote: str, shown: str) -> None:
    whole = Span(0, len(quote))
    citation = Citation(
        1, "a.txt", "A", quote, 0, len(quote), whole, (), None, False, None, None, None, None, "en", "body", "a.txt"
    )  # fmt: skip
    assert line(citation, wording("en")) == f"{shown} [1]"


def test_an_overview_of_an_interview_quotes_no_speakers_names(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    said = ("The tide turns the wheel twice a day", "We grind rye in the mill by the tide", "The mill wheel is of oak")
    turns = [
        f"**{'Ada Moor' if n % 2 else 'Ben Flint'}:** {said[n % 3]}, which was so in year {n} as well."
        for n in range(8)
    ]
    (tmp_path / "corpus" / "mill.md").write_text("# The tide mill\n\n" + "\n\n".join(turns) + "\n", "utf-8")
    settings = Settings(corpus=tmp_path / "corpus", data=tmp_path / "data", rerank_milliseconds=60_000)
    build(settings, embeddings.load(settings.embedding))
    loaded = load(settings)
    answer = loaded.answer("What is in here?")
    loaded.index.close()
    assert answer.understood.kind == "overview" and {citation.speaker for citation in answer.citations} & {
        "Ada Moor",
        "Ben Flint",
    }
    assert not any(citation.quote.startswith("**") for citation in answer.citations)


def test_what_has_no_words_is_no_quote(tmp_path: Path) -> None:
    text = "# Letters\n\n> ...\n\nShe wrote again in May.\n\n> * * *\n\n> Nobody came.\n\n> …\n"
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "letters.md").write_text(text, "utf-8")
    settings = Settings(corpus=tmp_path / "corpus", data=tmp_path / "data", rerank_milliseconds=60_000)
    build(settings, embeddings.load(settings.embedding))
    loaded = load(settings)
    assert any(passage.role == "quotation" for passage in loaded.index.passages_of("letters.md"))
    for question in ("How tall is the Eiffel Tower?", "Who came?", "..."):
        answer = loaded.answer(question)
        assert answer.citations or answer.nearest
        for citation in (*answer.citations, *answer.nearest):
            assert any(map(str.isalnum, citation.quote)), question
    loaded.index.close()
