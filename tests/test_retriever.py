from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import build
from index.reader import Index, open_index
from models.embedding import load
from retrieval import cues
from retrieval.lexicon import Lexicon
from retrieval.retriever import Retriever
from schema import Turn
from settings import Settings

HARBOUR = """# How the harbour works

## Why is the lock closed at night?

The keeper sleeps, and nobody else may turn the wheel of the sluice.

## Tides

The tide comes in twice a day. Spring tides follow the full moon by two days.

Captain Ingrid Solberg measured 4.7 metres in March 2019.
"""
BREAD = """# Bread

A baker folds the dough four times before it rests overnight in the cellar.

Rye needs a sour starter, which Marta Kowalczyk keeps in a jar.
"""
HAFEN = """# Der Hafen

Die Schleuse bleibt nachts geschlossen, weil der Wärter schläft und niemand sonst das Rad drehen darf.
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("harbour")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in {"harbour.md": HARBOUR, "bread.md": BREAD, "hafen.md": HAFEN}.items():
        (corpus / name).write_text(text, "utf-8")
    settings = Settings(corpus=corpus, data=folder / "data", embedding="hash")
    build(settings, load("hash"))
    with open_index(settings.data, load("hash")) as opened:
        yield opened


@pytest.fixture(scope="module")
def retriever(index: Index) -> Retriever:
    return Retriever(index, load("hash"))


def words(index: Index, retriever: Retriever, question: str, turns: tuple[Turn, ...] = ()) -> list[str]:
    found = retriever.retrieve(question, turns)
    return [index.document(f.passage.document_id).text[f.passage.start : f.passage.end] for f in found]


def test_the_passage_with_the_words_of_the_question_comes_first(index: Index, retriever: Retriever) -> None:
    assert words(index, retriever, "How often does the baker fold the dough?")[0].startswith("A baker folds")


def test_a_heading_leads_to_what_stands_under_it_and_never_appears(index: Index, retriever: Retriever) -> None:
    found = words(index, retriever, "Why is the lock closed at night?")
    assert found[0].startswith("The keeper sleeps")
    assert not any(
        text.startswith(("Why is the lock", "How the harbour works", "Bread", "# ", "## ")) for text in found
    )


def test_a_misspelt_word_finds_what_was_meant_and_is_not_unknown(index: Index, retriever: Retriever) -> None:
    ranking = retriever.rank("who keeps the sour startr in a jar")
    assert "starter" in index.document("bread.md").text
    assert ranking.passages[0].passage.document_id == "bread.md"
    assert "startr" not in ranking.query.unknown.words


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What did Captain Haddock measure?", ("Haddock",)),
        ("What did captain Solberg measure?", ()),
        ("Who measured 9.3 metres?", ("9.3",)),
        ("Who measured 4.7 metres?", ()),
        ("What happened in 1883?", ("1883",)),
        ("Wer ist der Wärter?", ()),
        ("In the Japanese audio, when is the tide?", ()),
    ],
)
def test_names_and_numbers_that_occur_nowhere_are_noticed(
    retriever: Retriever, question: str, names: tuple[str, ...]
) -> None:
    assert retriever.rank(question).query.unknown.names == names


def test_a_follow_up_is_searched_near_what_answered_before(index: Index, retriever: Retriever) -> None:
    turns = (Turn("How high was the tide that Ingrid Solberg measured?"),)
    alone, together = retriever.rank("And when was that?"), retriever.rank("And when was that?", turns)
    assert together.query.earlier == turns[0].question and alone.query.earlier is None
    best = together.passages[0].passage
    assert "March 2019" in index.document(best.document_id).text[best.start : best.end]


def test_a_question_that_stands_alone_ignores_the_turns_before(retriever: Retriever) -> None:
    turns = (Turn("How high was the spring tide?"),)
    assert retriever.rank("Where does Marta Kowalczyk keep rye starter?", turns).query.earlier is None


def test_scores_fall_and_say_what_they_are_made_of(retriever: Retriever) -> None:
    found = retriever.retrieve("When do spring tides come?")
    scores = [row.score for row in found]
    assert scores == sorted(scores, reverse=True)
    assert all(row.score == pytest.approx(sum(row.parts.values())) for row in found)
    assert all(len(row.sentence_scores) == len(row.passage.sentences) for row in found)


@given(question=st.text(max_size=300))
def test_any_question_is_ranked_without_an_error(retriever: Retriever, question: str) -> None:
    assert all(row.passage.role != "heading" for row in retriever.retrieve(question, k=3))


def test_lexicon_corrects_only_what_is_near(index: Index) -> None:
    lexicon = Lexicon(index)
    assert lexicon.nearest("kowalcyzk") == "kowalczyk"
    assert lexicon.nearest("zebra") is None and lexicon.nearest("tid") is None and lexicon.nearest("満潮です") is None


@pytest.mark.parametrize("question", ["And why?", "What did he say?", "では、なぜですか?", "Und wann?", "¿Y cuándo?"])
def test_a_question_that_points_back_is_a_follow_up(question: str) -> None:
    assert cues.leans_on_earlier(question)


@pytest.mark.parametrize("question", ["Why is the lock closed?", "満潮はなぜ起きますか?", "Wann kommt die Flut?"])
def test_a_question_that_names_its_subject_is_none(question: str) -> None:
    assert not cues.leans_on_earlier(question)


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Give me the timestamp of the tide", True),
        ("When in the podcast do they mention salt?", True),
        ("ポッドキャストで塩の話は何分ですか?", True),
        ("When was the harbour built?", False),
        ("What does the podcast say about salt?", False),
    ],
)
def test_asking_when_in_a_recording_is_told_from_asking_when(question: str, asks: bool) -> None:
    assert cues.asks_when(question) is asks
