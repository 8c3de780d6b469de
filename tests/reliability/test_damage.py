"""Damaged files of an index are noticed before anything is answered; an older index answers; a build repairs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

import index.changes
import index.fill
import index.opened
import index.reader
from documents.discover import FoundFile
from documents.reading import read_file
from errors import IndexDamagedError, IndexMissingError, SidenoteError
from index import generations
from index.build import build, is_current
from index.progress import Silent
from index.reader import open_index
from models.embedding import HashEmbedding, Vectors
from schema import Document
from settings import Settings

OLD = {"boats.txt": "Boats float on water.\n", "cats.txt": "Cats sleep all day.\n"}
NEW = {**OLD, "cats.txt": "Cats hunt at night.\n"}


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x40
    path.write_bytes(content)


def fill_with_rubbish(path: Path) -> None:
    path.write_bytes(b"\xa5" * path.stat().st_size)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "cut off": cut_off,
    "one bit": flip,
    "rubbish": fill_with_rubbish,
    "deleted": Path.unlink,
}


class Counting(HashEmbedding):
    def __init__(self) -> None:
        self.count = 0

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.count += len(texts)
        return super().passages(texts)


class Telling(Silent):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


def read_here(files: Sequence[FoundFile], settings: Settings) -> Iterator[Document]:
    return (read_file(file, settings) for file in files)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Two generations: the old texts, then the new ones."""
    folder = tmp_path_factory.mktemp("made")
    settings = Settings(corpus=folder / "corpus", data=folder / "data", embedding="hash")
    settings.corpus.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index.fill, "read_all", read_here)
        patch.setattr(index.changes, "_code_hash", lambda root: "fixed")  # whatever is edited meanwhile
        for texts in (OLD, NEW):
            for name, text in texts.items():
                (settings.corpus / name).write_text(text)
            build(settings, HashEmbedding())
        yield settings


@pytest.fixture
def settings(made: Settings, tmp_path: Path) -> Settings:
    """Return a copy to do damage to."""
    shutil.copytree(made.data, tmp_path / "data")
    return Settings(corpus=made.corpus, data=tmp_path / "data", embedding="hash")


def files(settings: Settings, name: str) -> list[Path]:
    """Return the files of a generation that have something in them to damage."""
    return [path for path in sorted((settings.data / name).rglob("*")) if path.is_file() and path.stat().st_size]


def texts(settings: Settings) -> tuple[dict[str, str], str | None]:
    with open_index(settings.data, HashEmbedding()) as opened:
        found = opened.dense_passages(HashEmbedding().question("water"), 5)
        assert len(found) == opened.passage_count
        return {document.id: document.text for document in opened.documents()}, opened.notice


@pytest.mark.parametrize("damage", DAMAGES)
def test_any_damaged_file_is_noticed_and_the_older_index_answers(settings: Settings, damage: str) -> None:
    current = generations.current(settings.data)
    assert current is not None
    whole = {path: path.read_bytes() for path in files(settings, current)}
    assert len(whole) >= 10, "catalogue, manifest, Chroma's and tantivy's files"
    for path, content in whole.items():
        DAMAGES[damage](path)
        found, notice = texts(settings)
        assert found == OLD, path.name
        assert notice is not None
        assert path.name in notice
        assert not is_current(settings, HashEmbedding())
        path.write_bytes(content)
    found, notice = texts(settings)
    assert (found, notice) == (NEW, None)


@pytest.mark.parametrize(
    "part", ["catalogue.sqlite", "manifest.json", "chroma.sqlite3", "data_level0.bin", "meta.json"]
)
def test_a_build_repairs_what_is_damaged_without_embedding_what_it_need_not(settings: Settings, part: str) -> None:
    current = generations.current(settings.data)
    assert current is not None
    (path, *_) = [path for path in files(settings, current) if path.name == part]
    flip(path)
    model, told = Counting(), Telling()
    summary = build(settings, model, told)
    assert any("damaged" in line for line in told.lines)
    assert not summary.unchanged
    # With the newest catalogue (or its list of hashes) gone, what only it knew is embedded again: the changed sentence.
    assert model.count == (1 if part in ("catalogue.sqlite", "manifest.json") else 0)
    assert texts(settings) == (NEW, None)
    assert current not in [path.name for path in settings.data.iterdir()], "the damaged generation is of no more use"


def test_when_every_generation_is_damaged_nothing_is_answered_and_a_build_helps(settings: Settings) -> None:
    for name in generations.names(settings.data):
        flip(settings.data / name / "catalogue.sqlite")
    with pytest.raises(IndexDamagedError, match="python -m index"):
        open_index(settings.data)
    build(settings, HashEmbedding())
    assert texts(settings) == (NEW, None)


@pytest.mark.parametrize("content", [b"", b"gen-000009-ffffff\n", b"../../etc\n", b"\xff\xfe\x00", None])
def test_a_damaged_pointer_leads_to_the_newest_generation(settings: Settings, content: bytes | None) -> None:
    pointer = settings.data / generations.CURRENT
    pointer.unlink() if content is None else pointer.write_bytes(content)
    assert texts(settings)[0] == NEW
    build(settings, HashEmbedding())
    assert texts(settings) == (NEW, None)


def test_a_missing_generation_is_said_so(settings: Settings) -> None:
    current = generations.current(settings.data)
    assert current is not None
    shutil.rmtree(settings.data / current)
    found, notice = texts(settings)
    assert found == OLD
    assert notice is not None
    assert f"{current} is missing" in notice


def test_nothing_built_yet_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="python -m index"):
        open_index(tmp_path / "nowhere")


def test_an_index_that_ends_the_process_which_opens_it_is_not_opened_here(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hashes are right and the versions are others: a child looks first, and here it crashes."""
    monkeypatch.setattr(index.opened, "versions", lambda: "another chromadb")
    monkeypatch.setattr(index.reader, "_PROBE", "import os; os.abort()")
    with pytest.raises(IndexDamagedError, match="cannot be opened with another chromadb"):
        open_index(settings.data)


def test_an_index_of_other_versions_is_tried_in_a_child_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.opened, "versions", lambda: "another chromadb")
    assert texts(settings)[0] == NEW
    monkeypatch.setattr(index.reader, "_probe", None)  # calling it would raise
    assert texts(settings)[0] == NEW


def test_a_large_index_is_hashed_when_it_was_touched_only(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.opened, "ALWAYS_HASHED", 0)
    assert texts(settings)[0] == NEW
    with monkeypatch.context() as patch:
        patch.setattr("index.manifest.sha256", None)  # calling it would raise
        assert texts(settings)[0] == NEW
    current = generations.current(settings.data)
    assert current is not None
    flip(settings.data / current / "catalogue.sqlite")
    found, notice = texts(settings)
    assert found == OLD
    assert notice is not None


def test_an_error_of_an_index_is_one_line(settings: Settings) -> None:
    for name in generations.names(settings.data):
        shutil.rmtree(settings.data / name)
    with pytest.raises(SidenoteError) as caught:
        open_index(settings.data)
    assert "\n" not in str(caught.value)
