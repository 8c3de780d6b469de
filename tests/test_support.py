"""The model that checks sentences: what it reads, how long evidence is cut, and what a missing file says."""

import ast
import math
from pathlib import Path

import numpy as np
import pytest

from errors import ModelError
from models import reranker, support
from models.support import CLAIM_PIECES, EVIDENCE_PIECES, BundledSupport

ROOT = Path(__file__).resolve().parent.parent
SENTENCE = "The keeper sleeps at night, so the lock stays shut."
CLAIM = "The lock is closed at night because its keeper sleeps."
OTHER = "The tide is high in March."


class Pieces:
    """Reads as models.pairs.Pairs does, and says how long and how high: one piece a word, each worth its number."""

    fingerprint = "pieces"

    def __init__(self) -> None:
        self.read_: list[tuple[int, int]] = []

    def pieces(self, text: str) -> tuple[int, ...]:
        return tuple(int(word) for word in text.split())

    def read(self, first: tuple[int, ...], second: list[int]) -> tuple[np.ndarray, float]:
        self.read_.append((len(first), len(second)))
        return np.array(second, np.float32), 0.5


@pytest.fixture
def cut() -> tuple[BundledSupport, Pieces]:
    model, pieces = BundledSupport.__new__(BundledSupport), Pieces()
    model._model = pieces  # type: ignore[assignment]
    return model, pieces


def sentence(worth: int, size: int) -> str:
    return " ".join([str(worth)] * size)


def test_the_score_is_the_mean_of_all_pieces_of_the_evidence_and_the_windows(
    cut: tuple[BundledSupport, Pieces],
) -> None:
    model, pieces = cut
    assert model.score("1 2", [sentence(3, 10), sentence(6, 20)]) == pytest.approx(5.5)
    assert pieces.read_ == [(2, 30)]


def test_of_long_evidence_the_best_window_counts(cut: tuple[BundledSupport, Pieces]) -> None:
    model, pieces = cut
    assert model.score("1", [sentence(worth, 100) for worth in (1, 2, 3, 9, 9, 1)]) == pytest.approx(9.5)
    assert all(size <= EVIDENCE_PIECES for _, size in pieces.read_) and len(pieces.read_) == 5


def test_what_is_too_long_is_cut(cut: tuple[BundledSupport, Pieces]) -> None:
    model, pieces = cut
    model.score(sentence(1, 500), [sentence(1, 5_000)])
    assert pieces.read_ == [(CLAIM_PIECES, EVIDENCE_PIECES)]


def test_endless_evidence_is_not_read_to_its_end(cut: tuple[BundledSupport, Pieces]) -> None:
    model, pieces = cut
    model.score("1", [sentence(1, 200)] * 1_000)
    assert len(pieces.read_) <= 8


def test_no_evidence_supports_nothing(cut: tuple[BundledSupport, Pieces]) -> None:
    assert cut[0].score("1", []) == cut[0].score("1", [""]) == -math.inf


def test_weights_that_are_not_there_are_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"support\.onnx"):
        BundledSupport(tmp_path / "support.onnx")


def test_training_and_checking_cut_alike() -> None:
    """Hold the constants of training/support/train.py, which needs what is not installed here, to ours."""
    constants: dict[str, object] = {}
    for node in ast.parse((ROOT / "training/support/train.py").read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            constants |= {target.id: node.value.value for target in node.targets if isinstance(target, ast.Name)}
    assert constants["CLAIM_PIECES"] == CLAIM_PIECES and constants["EVIDENCE_PIECES"] == EVIDENCE_PIECES


@pytest.mark.model
@pytest.mark.parametrize("text", ["", " ", "\x00", "a" * 5_000, "語" * 5_000, "\ud800"])
def test_any_text_is_read_by_a_real_model(text: str) -> None:
    model = BundledSupport(reranker.WEIGHTS)
    assert math.isfinite(model.score(text, [text, SENTENCE]))
    assert model.score(CLAIM, [SENTENCE]) == model.score(CLAIM, [SENTENCE])


@pytest.mark.model
def test_what_follows_scores_above_what_does_not() -> None:
    model = support.load()
    assert model.score(CLAIM, [SENTENCE]) > model.score(CLAIM, [OTHER]) + 1
    assert model.score(CLAIM, [SENTENCE]) > model.score("The lock is open at night.", [SENTENCE])
    assert model.score("水門は夜に閉まっている。", [SENTENCE]) > model.score("水門は夜に閉まっている。", [OTHER]) + 1
