"""The read side: what was stored comes back, from memory and from the disk alike, and reading changes nothing."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import index.fill
import index.snapshot
from documents.reading import read_file
from index import manifest as manifests
from index.build import build
from index.reader import Index, open_index
from models.embedding import HashEmbedding
from schema import Alignment, Passage, Span
from settings import Settings
from text.words import terms

MODEL = HashEmbedding()
TEXTS = {
    "a.md": "# On boats\n\nBoats float. A boat needs a sail.\n\n## On sails\n\nSails are white. They catch the wind.\n",
    "b.txt": "Cats sleep all day long. At night a cat hunts mice.\n\nNobody has ever seen it happen.\n",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    settings = Settings(corpus=folder / "corpus", data=folder / "data", embedding="hash")
    settings.corpus.mkdir()
    for name, text in TEXTS.items():
        (settings.corpus / name).write_text(text)
    alignment = Alignment("a.md", Span(12, 24), "b.txt", Span(0, 24), "copy")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index.fill, "read_all", lambda files, given: (read_file(file, given) for file in files))
        patch.setattr("index.alignment.align", lambda *_: [alignment])
        build(settings, MODEL)
    return settings.data


@pytest.fixture(params=["memory", "disk"])
def opened(request: pytest.FixtureRequest, data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """Open the same index as a small one and as one that is too large to be held in memory."""
    if request.param == "disk":
        monkeypatch.setattr(index.snapshot, "IN_MEMORY", 0)
    with open_index(data, MODEL) as found:
        yield found


def everything(opened: Index) -> list[Passage]:
    return opened.passages(range(opened.passage_count))


def test_documents_come_back_as_they_were_read(opened: Index) -> None:
    assert {document.id: document.text for document in opened.documents()} == TEXTS
    assert "heading" in {block.role for block in opened.document("a.md").blocks}
    with pytest.raises(KeyError):
        opened.document("c.txt")


def test_passages_come_in_the_order_asked_for(opened: Index) -> None:
    assert [passage.id for passage in opened.passages([2, 0, 1])] == [2, 0, 1]
    for absent in (-1, opened.passage_count):
        with pytest.raises(KeyError):
            opened.passages([absent])


def test_passages_are_found_by_document_heading_and_neighbourhood(opened: Index) -> None:
    passages = everything(opened)
    of_a = opened.passages_of("a.md")
    assert of_a == [passage for passage in passages if passage.document_id == "a.md"]
    sails = next(
        passage for passage in of_a if opened.document("a.md").text[passage.start : passage.end].endswith("sails")
    )
    under = opened.under_heading(sails.id)
    assert [opened.document("a.md").text[passage.start :][:5] for passage in under] == ["Sails"]
    last = of_a[-1]
    assert opened.neighbours(last.id, 1, 5) == of_a[-2:]
    assert opened.neighbours(of_a[0].id, 5, 1) == of_a[:2]


def test_counts_say_what_is_there(opened: Index) -> None:
    passages = everything(opened)
    assert opened.sentence_count == sum(len(passage.sentences) for passage in passages)
    assert sum(opened.languages().values()) == len(passages)
    assert opened.speakers() == {}
    assert opened.manifest.counts["documents"] == 2


def test_vectors_belong_to_their_passages_and_sentences(opened: Index) -> None:
    ids = [passage.id for passage in everything(opened)][::-1]
    vectors = opened.passage_vectors(ids)
    assert vectors.shape == (len(ids), MODEL.dimensions)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    for number, vector, sentences in zip(ids, vectors, opened.sentence_vectors(ids), strict=True):
        (passage,) = opened.passages([number])
        assert len(sentences) == len(passage.sentences)
        assert dict(opened.dense_passages(vector, 3))[number] == pytest.approx(1.0, abs=1e-4)
        for at, sentence in enumerate(sentences):
            near = {(found, place): cosine for found, place, cosine in opened.dense_sentences(sentence, 5)}
            assert near[number, at] == pytest.approx(1.0, abs=1e-4)
    assert opened.passage_vectors([]).shape[0] == 0
    assert opened.sentence_vectors([]) == []


def test_dense_scores_are_the_cosines(opened: Index) -> None:
    question = MODEL.question("what does a boat need")
    ids = list(range(opened.passage_count))
    exact = opened.passage_vectors(ids) @ question
    found = opened.dense_passages(question, 100)
    assert len(found) == len(ids)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    for number, score in found:
        assert score == pytest.approx(float(exact[number]), abs=1e-4)


def test_vectors_that_are_none_find_nothing(opened: Index) -> None:
    assert opened.dense_passages(np.full(MODEL.dimensions, np.nan, np.float32), 5) == []
    assert opened.dense_passages(MODEL.question("boat"), 0) == []


def test_words_find_passages_and_are_counted(opened: Index) -> None:
    asked = [(term, 1.0) for term in terms("sails catching wind", "en")]
    best, score = opened.lexical(asked, 5)[0]
    assert score > 0
    assert "catch the wind" in opened.document("a.md").text[opened.passages([best])[0].start :]
    assert opened.document_frequency("cat") >= 1
    assert opened.document_frequency("unicorn") == 0
    assert opened.lexical([], 5) == []
    assert opened.lexical([("sail", 0.0)], 5) == []


@pytest.mark.parametrize(
    "hostile", ['"', "+-body:x", "(", "a b", "", "\0", "漢字", "\ud800", "x" * 100_000, "body:boat AND NOT"]
)
def test_a_hostile_term_is_only_a_term(opened: Index, hostile: str) -> None:
    assert opened.lexical([(hostile, 1.0), ("boat", 1.0)], 5)
    assert opened.document_frequency(hostile) == 0


def test_a_sentence_index_is_left_out_of_large_corpora(opened: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.snapshot, "SENTENCES_IN_DENSE", 1)
    assert opened.dense_sentences(MODEL.question("boat"), 5) == []


def test_alignments_are_found_from_both_sides(opened: Index) -> None:
    assert len(opened.alignments("a.md", 20, 21)) == 1
    assert opened.alignments("a.md", 20, 21) == opened.alignments("b.txt", 0, 1)
    assert opened.alignments("a.md", 24, 30) == []


def test_many_threads_get_the_same_answers(opened: Index) -> None:
    question = MODEL.question("cats at night")
    expected = (opened.dense_passages(question, 3), opened.lexical([("cat", 1.0)], 3), everything(opened))
    found: list[object] = []

    def ask() -> None:
        found.append((opened.dense_passages(question, 3), opened.lexical([("cat", 1.0)], 3), everything(opened)))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


def test_reading_changes_no_file_and_leaves_none(data: Path) -> None:
    with open_index(data) as first, open_index(data) as second:
        assert first.dense_passages(MODEL.question("boat"), 1) == second.dense_passages(MODEL.question("boat"), 1)
    manifest = manifests.read(data / first.generation)
    manifests.check(data / first.generation, manifest)
    assert manifests.contents(data / first.generation) == manifest.contents
    assert not list(data.glob("open-*"))


def test_an_index_can_be_moved(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "elsewhere")
    with open_index(tmp_path / "elsewhere", MODEL) as opened:
        assert opened.notice is None
        assert len(opened.documents()) == 2
