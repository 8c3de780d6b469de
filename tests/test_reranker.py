"""The reranker: the same scores wherever and beside whatever it is asked, and what it does to a ranking."""

import ast
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from errors import ModelError, UsageError
from index.build import build
from index.reader import Index, open_index
from models import embedding as embeddings
from models import reranker as rerankers
from models.embedding import Vectors
from models.reranker import BundledReranker, Reranker, Window
from retrieval.reranking import READ
from retrieval.retriever import Retriever
from settings import Settings

ROOT = Path(__file__).resolve().parent.parent
ANSWER = "The keeper sleeps at night, so the lock stays shut."
WINDOW = Window(("Harbour", "Ada Moor"), ("Nobody was hurt.", ANSWER, "The tide is high in March."))
QUESTION = "Why is the lock closed after dark?"


@pytest.fixture(scope="module")
def bundled() -> Reranker:
    loaded = rerankers.load("bundled")
    assert loaded is not None
    return loaded


@pytest.mark.model
def test_the_sentence_that_answers_gets_the_highest_score(bundled: Reranker) -> None:
    scores = bundled.scores(QUESTION, WINDOW)
    assert scores.shape == (3,) and int(scores.argmax()) == 1


@pytest.mark.model
def test_a_question_in_another_language_is_read_too(bundled: Reranker) -> None:
    assert int(bundled.scores("水門が夜に閉まっているのはなぜですか?", WINDOW).argmax()) == 1


@pytest.mark.model
def test_what_answers_nothing_scores_below_what_answers(bundled: Reranker) -> None:
    near_miss = bundled.scores("Who painted the lock in 1920?", WINDOW).max()
    assert near_miss + 2 < bundled.scores(QUESTION, WINDOW).max()


@pytest.mark.model
def test_scores_are_the_same_each_time(bundled: Reranker) -> None:
    first = bundled.scores(QUESTION, WINDOW)
    bundled.scores("something else", Window((), ("Other words.",)))
    assert np.array_equal(first, bundled.scores(QUESTION, WINDOW))


@pytest.mark.model
def test_scores_are_those_that_were_written_down(bundled: Reranker) -> None:
    """Whole numbers are summed, so that another processor may differ in the last digits only."""
    assert bundled.scores(QUESTION, WINDOW) == pytest.approx(WRITTEN_DOWN, abs=0.05)


WRITTEN_DOWN = [-2.0634, 2.7234, -1.3030]


@pytest.mark.model
@pytest.mark.parametrize("text", ["", " ", "\x00", "a" * 5_000, "語" * 5_000, "\ud800"])
def test_any_text_is_read(bundled: Reranker, text: str) -> None:
    scores = bundled.scores(text, Window((text,), (text, "Words.")))
    assert scores.shape == (2,) and math.isfinite(scores[1])


@pytest.mark.model
def test_sentences_are_read_round_the_best_while_they_fit(bundled: Reranker) -> None:
    short, long = "Nobody was hurt.", "Nobody was hurt. " * 40
    assert list(bundled.around([short] * 3, 1)) == [0, 1, 2]
    assert list(bundled.around([long, long, long], 1)) == [1]
    assert list(bundled.around([long, short, short], 2)) == [1, 2]


def test_a_reranker_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match="bundled, off"):
        rerankers.load("cohere")


def test_weights_that_cannot_be_read_are_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "reranker.onnx").write_bytes(b"\x00 not a model")
    with pytest.raises(ModelError, match="SIDENOTE_RERANKER=off"):
        BundledReranker(tmp_path / "reranker.onnx")


def test_training_and_asking_cut_alike() -> None:
    """Hold the constants of training/reranker/windows.py, which needs what is not installed here, to ours."""
    constants: dict[str, object] = {}
    for node in ast.parse((ROOT / "training/reranker/windows.py").read_text("utf-8")).body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                names = [e.id for e in target.elts if isinstance(e, ast.Name)] if isinstance(target, ast.Tuple) else []
                names += [target.id] if isinstance(target, ast.Name) else []
                values = ast.literal_eval(node.value) if isinstance(node.value, ast.Constant | ast.Tuple) else None
                constants |= dict(zip(names, values if len(names) > 1 and values else [values], strict=True))
    assert constants["QUESTION_PIECES"] == rerankers.QUESTION_PIECES
    assert constants["CONTEXT_PIECES"] == rerankers.CONTEXT_PIECES
    assert constants["LONGEST_SENTENCE"] == rerankers.SENTENCE_PIECES
    widths = constants["WIDTHS"]
    assert isinstance(widths, tuple) and widths[1] == rerankers.WINDOW_PIECES


class Keyword:
    """A reranker for tests: one word says everything."""

    name = fingerprint = "keyword"

    def __init__(self, word: str) -> None:
        self.word, self.read = word, 0

    def around(self, sentences: Sequence[str], best: int) -> range:
        return range(best, best + 1)

    def scores(self, question: str, window: Window) -> Vectors:
        self.read += 1
        return np.array([5.0 if self.word in sentence else -5.0 for sentence in window.sentences], np.float32)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("reranking")
    corpus = folder / "corpus"
    corpus.mkdir()
    for number in range(READ + 6):
        (corpus / f"{number:02}.txt").write_text(
            f"The harbour lock number{number} closes at night. It is old.\n", "utf-8"
        )
    settings = Settings(corpus=corpus, data=folder / "data", embedding="hash")
    build(settings, embeddings.load("hash"))
    with open_index(settings.data) as opened:
        yield opened


def test_what_the_reranker_says_moves_a_passage_up(index: Index) -> None:
    plain = Retriever(index, embeddings.load("hash")).retrieve("harbour lock night")
    last_read = index.document(plain[READ - 1].passage.document_id).text.split()[3]
    ranked = Retriever(index, embeddings.load("hash"), Keyword(last_read)).retrieve("harbour lock night")
    assert ranked[0].passage == plain[READ - 1].passage and ranked[0].odds == 5.0
    assert ranked[0].parts["rerank"] > 0


def test_passages_out_of_reach_keep_their_order_behind_those_read(index: Index) -> None:
    plain = Retriever(index, embeddings.load("hash")).retrieve("harbour lock night")
    ranked = Retriever(index, embeddings.load("hash"), Keyword("nothing")).retrieve("harbour lock night")
    assert [found.passage for found in ranked[READ:]] == [found.passage for found in plain[READ:]]
    assert all(found.odds is None for found in ranked[READ:])


def test_without_time_the_first_order_stands(index: Index) -> None:
    keyword = Keyword("old")
    plain = Retriever(index, embeddings.load("hash")).retrieve("harbour lock night")
    ranked = Retriever(index, embeddings.load("hash"), keyword, rerank_seconds=-1).retrieve("harbour lock night")
    assert ranked == plain and keyword.read == 0


def test_the_reranker_is_a_step_that_can_be_off(index: Index) -> None:
    keyword = Keyword("old")
    Retriever(index, embeddings.load("hash"), keyword, off=frozenset({"reranker"})).retrieve("harbour lock night")
    assert keyword.read == 0
