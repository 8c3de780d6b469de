from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from llama_index.core.schema import TextNode

from answering.answerer import Answerer, load
from index.build import build
from integrations.llamaindex import SidenoteEmbedding, SidenoteQueryEngine, SidenoteRetriever
from models import embedding as embeddings
from settings import Settings

TEXT = "The tide comes in twice a day at this harbour.\n\nA baker folds the dough four times before it rests.\n"


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    folder: Path = tmp_path_factory.mktemp("llamaindex")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "notes.txt").write_text(TEXT, "utf-8")
    settings = Settings(corpus=folder / "corpus", data=folder / "data", embedding="hash")
    build(settings, embeddings.load("hash"))
    loaded = load(settings)
    yield loaded
    loaded.index.close()


def test_nodes_are_slices_of_the_stored_text(answerer: Answerer) -> None:
    nodes = SidenoteRetriever(answerer.retriever, similarity_top_k=1).retrieve(
        "How often does the baker fold the dough?"
    )
    assert len(nodes) == 1 and "four times" in nodes[0].text
    node = nodes[0].node
    assert isinstance(node, TextNode) and TEXT[node.start_char_idx : node.end_char_idx] == node.text


def test_the_query_engine_answers_with_quotes_as_sources(answerer: Answerer) -> None:
    response = SidenoteQueryEngine(answerer=answerer).query("How often does the tide come in at this harbour each day?")
    assert "twice a day [1]" in str(response).replace(".” ", " ") or "twice a day at this harbour" in str(response)
    assert all(node.text in TEXT for node in response.source_nodes)


def test_the_embedding_gives_the_same_vectors_through_llamaindex() -> None:
    model = embeddings.load("hash")
    wrapped = SidenoteEmbedding(model)
    assert np.allclose(wrapped.get_query_embedding("tide"), model.question("tide"))
    assert np.allclose(wrapped.get_text_embedding_batch(["a tide", "b"]), model.passages(["a tide", "b"]))
