"""Costs are measured beside what they cannot do without, on a made-up corpus of the size asked for."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from evaluation import costs
from models.embedding import load
from settings import Settings


def test_a_made_up_corpus_has_the_size_asked_for(tmp_path: Path) -> None:
    embedding = load("hash")
    settings = costs.large_corpus(Settings(data=tmp_path), 41)
    costs.bring_up_to_date(settings, costs.RandomVectors(embedding))
    passages, asking, embedded = costs.question(settings, embedding)
    assert passages == 41
    assert 0 < embedded < asking
    assert costs.large_corpus(Settings(data=tmp_path), 41) == settings, "made once, found again"


def test_random_vectors_are_one_direction_for_each_text() -> None:
    model = costs.RandomVectors(load("hash"))
    one, other = model.passages(["a", "b"])
    assert np.array_equal(one, model.passages(["a"])[0])
    assert abs(float(one @ other)) < 0.9
    assert np.isclose(np.linalg.norm([one, other], axis=1), 1).all()
    assert model.passages([]).shape == (0, model.dimensions)


def test_a_build_is_compared_with_the_embedding_of_its_own_texts(tmp_path: Path) -> None:
    settings = costs.large_corpus(Settings(data=tmp_path), 30)
    texts, cpu, wall = costs.build(replace(settings, data=tmp_path / "fresh"), load("hash"))
    assert texts == 90, "thirty passages and their two sentences each"
    assert cpu >= 1 and wall > 1, "embedding is a part of a build"
