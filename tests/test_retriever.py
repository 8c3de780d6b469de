from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import build
from index.reader import Index, open_index
from models.embedding import load
from models.reranker import Window
from retrieval import cues
from retrieval.lexicon import Lexicon
from retrieval.preferences import Preferences
from retrieval.retriever import Retriever, subject
from retrieval.steps import STEPS
from retrieval.titles import Titles
from retrieval.weights import DEFAULT_WEIGHTS
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


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("What happened in Port Aldan?", ["a"]),
        ("port aldan and the Alexandria of the south", ["a", "b"]),
        ("In the mist", []),  # a title of one short word calls nothing
        ("the yearly report", []),  # a title of many documents names none of them
        ("aldan port", []),
    ],
)
def test_documents_are_called_by_their_titles(text: str, documents: list[str]) -> None:
    reports = {f"r{number}": "Yearly report" for number in range(4)}
    titles = Titles({"a": "Port Aldan", "b": "Alexandria (Louisiana)", "c": "Mist", **reports})
    assert titles.named_in(text) == documents


def test_what_the_first_hits_call_by_title_is_looked_at_as_well(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "lilu.md").write_text("# Lilu\n\nLilu is a masculine word, akin to Alu Demon in old songs.\n", "utf-8")
    (corpus / "alu.md").write_text("# Alu Demon\n\nIt roams the streets like a stray dog and has no mouth.\n", "utf-8")
    for number in range(30):
        (corpus / f"x{number}.md").write_text(
            f"# Page {number}\n\nA masculine noun, number {number}, in a song.\n", "utf-8"
        )
    settings = Settings(corpus=corpus, data=tmp_path / "data", embedding="hash")
    build(settings, load("hash"))
    with open_index(settings.data, load("hash")) as opened:
        found = Retriever(opened, load("hash")).retrieve("Which masculine word is Lilu?", k=5)
        without = Retriever(opened, load("hash"), off=frozenset({"hop"})).retrieve("Which masculine word is Lilu?", k=5)
    assert "alu.md" in [row.passage.document_id for row in found]
    assert "alu.md" not in [row.passage.document_id for row in without]


def test_a_follow_up_leans_on_the_first_question_and_the_last() -> None:
    turns = [Turn(text) for text in ("How high is the tide?", "Who measured it?", "And when?")]
    assert subject(turns) == "How high is the tide? And when?"
    assert subject(turns[:1]) == "How high is the tide?" and subject(()) is None


@pytest.mark.parametrize("step", STEPS)
def test_every_step_can_be_done_without(index: Index, step: str) -> None:
    retriever = Retriever(index, load("hash"), off=frozenset({step}))
    turns = (Turn("How high was the spring tide?"),)
    assert retriever.retrieve("And who measured it in the harbour?", turns)


def test_a_step_that_is_off_adds_nothing(index: Index) -> None:
    found = Retriever(index, load("hash"), off=frozenset({"lexical", "heading"})).retrieve("When do spring tides come?")
    assert all(row.parts.get("lexical", 0) == row.parts.get("heading", 0) == 0 for row in found)


@pytest.mark.parametrize(
    ("question", "places", "quoted"),
    [
        ("What do commenters say?", {"comment"}, ()),
        ("要約には何と書かれていますか?", {"summary"}, ()),
        ('Who said "the lock must stay shut" in the audio?', {"recording"}, ("the lock must stay shut",)),
        ("誰が「水門は閉めておくべきだ」と言いましたか?", set(), ("水門は閉めておくべきだ",)),
        ('What is a "lock"?', set(), ()),
        ("When was it published?", {"metadata"}, ()),
    ],
)
def test_where_a_question_says_to_look_is_noticed(question: str, places: set[str], quoted: tuple[str, ...]) -> None:
    assert cues.named_places(question) == places and cues.quoted(question) == quoted


def test_speakers_are_called_by_name_part_or_role() -> None:
    preferences = Preferences(["Ada Moor", "blog author", "a member of staff"], DEFAULT_WEIGHTS)
    assert preferences.named("What does Moor think?") == {"Ada Moor"}
    assert preferences.named("Why does the blogger object?") == {"blog author"}
    assert preferences.named("Which staff members agree?") == {"a member of staff"}
    assert preferences.named("What does the author think?") == frozenset()


def test_a_source_in_the_language_of_the_question_is_preferred_unless_another_is_named(retriever: Retriever) -> None:
    preferred = {
        question: {found.passage.document_id for found in retriever.retrieve(question) if "own_language" in found.parts}
        for question in ("Warum bleibt die Schleuse nachts geschlossen?", "Why is the lock closed, in the German text?")
    }
    assert list(preferred.values()) == [{"hafen.md"}, set()]


def test_no_passage_is_found_twice(index: Index) -> None:
    class Even:
        name = fingerprint = "even"

        def around(self, sentences: Sequence[str], best: int) -> range:
            return range(len(sentences))

        def scores(self, question: str, window: Window) -> np.ndarray:
            return np.zeros(len(window.sentences), np.float32)

    retriever = Retriever(index, load("hash"), Even())
    for question in ("How does bread differ from the spring tides?", "Compare the harbour works and bread", "Bread"):
        ids = [found.passage.id for found in retriever.retrieve(question, k=100)]
        assert len(ids) == len(set(ids)) > 0


def test_in_a_comparison_both_sides_are_read(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(40):
        (corpus / f"a{number}.txt").write_text(
            f"The copper kettle boils water number {number} in the kitchen.\n", "utf-8"
        )
    (corpus / "b.txt").write_text("A samovar stands in the parlour.\n", "utf-8")
    settings = Settings(corpus=corpus, data=tmp_path / "data", embedding="hash")
    build(settings, load("hash"))
    seen: list[str] = []

    class Watching:
        name = fingerprint = "watching"

        def around(self, sentences: Sequence[str], best: int) -> range:
            return range(len(sentences))

        def scores(self, question: str, window: Window) -> np.ndarray:
            seen.extend(window.sentences)
            return np.zeros(len(window.sentences), np.float32)

    question = "How does the copper kettle in the kitchen that boils water differ from the samovar?"
    with open_index(settings.data, load("hash")) as opened:
        Retriever(opened, load("hash"), Watching(), off=frozenset({"sides"})).retrieve(question)
        assert not any("samovar" in sentence for sentence in seen)
        Retriever(opened, load("hash"), Watching()).retrieve(question)
    assert any("samovar" in sentence for sentence in seen)
