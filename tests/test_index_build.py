"""Building: what is read and embedded again, and that nothing half-made ever takes the old index's place."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

import index.changes
import index.fill
import index.generations
import index.manifest
import index.vectors
from documents.discover import FoundFile
from documents.reading import read_file
from documents.worker import read_all
from errors import CorpusError, DocumentError, ModelError, StoredIndexError
from index.build import Summary, build, is_current
from index.reader import open_index
from models.embedding import HashEmbedding, Vectors
from schema import Document, Skipped
from settings import Settings

TEXTS = {
    "apples.txt": "Apples are red. Apples grow on trees in autumn.\n\nNobody sells them in spring.\n",
    "sub/boats.txt": "Boats float on water. A boat needs a sail.\n",
    "cats.txt": "Cats sleep all day. At night a cat hunts mice.\n",
}


CODE_HASH = index.changes._code_hash


class Counting(HashEmbedding):
    """Remembers what it embedded; fails where told to."""

    def __init__(self, fail_after: int | None = None) -> None:
        self.texts: list[str] = []
        self.fail_after = fail_after

    def passages(self, texts: Sequence[str]) -> Vectors:
        if self.fail_after is not None and len(self.texts) >= self.fail_after:
            raise ModelError("no more")
        self.texts.extend(texts)
        return super().passages(texts)


class Other(Counting):
    """As many dimensions, other vectors."""

    name = "other"
    fingerprint = "other-1"


def read_here(files: Sequence[FoundFile], settings: Settings) -> Iterator[Document | Skipped]:
    """Do what the workers do without starting them, which takes most of the time of a small build."""
    for file in files:
        try:
            yield read_file(file, settings)
        except DocumentError as error:
            yield Skipped(file.id, str(error))


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(index.fill, "read_all", read_here)
    monkeypatch.setattr(index.changes, "_code_hash", lambda root: "fixed")  # whatever is edited meanwhile
    made = Settings(corpus=tmp_path / "corpus", data=tmp_path / "data", embedding="hash")
    for name, text in TEXTS.items():
        write(made, name, text)
    return made


def write(settings: Settings, name: str, text: str, age: float = 3600.0) -> None:
    path = settings.corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    stamp = path.stat().st_mtime - age
    os.utime(path, (stamp, stamp))


def texts(settings: Settings) -> dict[str, str]:
    with open_index(settings.data) as opened:
        assert opened.notice is None
        return {document.id: document.text for document in opened.documents()}


def leftovers(settings: Settings) -> list[str]:
    return [path.name for path in settings.data.iterdir() if path.name.startswith(("new-", "old-", "open-"))]


def test_a_first_build_holds_every_document_and_can_be_asked(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.fill, "read_all", read_all)
    model = Counting()
    summary = build(settings, model)
    assert (summary.documents, summary.changed, summary.unchanged) == (3, 3, False)
    assert summary.embedded == len(model.texts) == len(set(model.texts))
    assert texts(settings) == TEXTS
    with open_index(settings.data, model) as opened:
        assert opened.generation == summary.generation
        assert opened.passage_count == summary.passages
        best, _ = opened.dense_passages(model.question("a boat needs a sail to float on water"), 1)[0]
        assert opened.passages([best])[0].document_id == "sub/boats.txt"
    assert leftovers(settings) == []


def test_an_unchanged_corpus_is_recognised_without_reading_or_embedding(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(settings, Counting())
    hashed: list[Path] = []
    sha256 = index.manifest.sha256

    def remembered(path: Path) -> str:
        hashed.append(path)
        return sha256(path)

    monkeypatch.setattr(index.manifest, "sha256", remembered)
    monkeypatch.setattr(index.fill, "read_all", None)
    model = Counting()
    second = build(settings, model)
    assert second.unchanged
    assert second.generation == first.generation
    assert model.texts == []
    assert not [path for path in hashed if path.is_relative_to(settings.corpus)]


def test_a_touched_document_is_hashed_and_found_to_be_the_same(settings: Settings) -> None:
    build(settings, Counting())
    write(settings, "cats.txt", TEXTS["cats.txt"], age=1800)
    assert is_current(settings, Counting())
    assert build(settings, Counting()).unchanged


def test_a_change_that_keeps_size_and_time_of_a_new_file_is_seen(settings: Settings) -> None:
    write(settings, "cats.txt", "Cats sleep. Ok.", age=0)
    stamp = (settings.corpus / "cats.txt").stat()
    build(settings, Counting())
    write(settings, "cats.txt", "Dogs sleep. Ok.", age=0)
    os.utime(settings.corpus / "cats.txt", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert not build(settings, Counting()).unchanged
    assert texts(settings)["cats.txt"] == "Dogs sleep. Ok."


def test_a_changed_sentence_alone_is_embedded_again(settings: Settings) -> None:
    build(settings, Counting())
    write(settings, "apples.txt", TEXTS["apples.txt"].replace("red", "green"), age=1800)
    model = Counting()
    summary = build(settings, model)
    assert summary.changed == 1
    assert summary.embedded == len(model.texts) == 2, "the sentence and the passage that it stands in"
    assert all("green" in text for text in model.texts)
    assert "green" in texts(settings)["apples.txt"]


def test_a_removed_document_disappears_and_a_new_one_appears(settings: Settings) -> None:
    build(settings, Counting())
    (settings.corpus / "cats.txt").unlink()
    write(settings, "dogs.txt", "Dogs bark at the moon.\n")
    summary = build(settings, Counting())
    assert (summary.documents, summary.changed) == (3, 1)
    assert set(texts(settings)) == {"apples.txt", "dogs.txt", "sub/boats.txt"}


def test_a_sidecar_makes_its_document_alone_be_read_again(settings: Settings) -> None:
    build(settings, Counting())
    write(settings, "cats.txt.meta.toml", 'title = "On cats"\n')
    summary = build(settings, Counting())
    assert summary.changed == 1
    with open_index(settings.data) as opened:
        assert opened.document("cats.txt").title == "On cats"


def test_code_that_reads_documents_otherwise_makes_them_be_read_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(settings, Counting())
    monkeypatch.setattr(index.changes, "_code_hash", lambda root: "another")
    summary = build(settings, Counting())
    assert (summary.changed, summary.embedded) == (3, 0)


def test_the_code_that_reads_documents_is_told_from_other_code(tmp_path: Path) -> None:
    for name in ("documents/kinds/article.py", "text/words.py", "ui/page.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a = 1\n")
    before = CODE_HASH(tmp_path)
    (tmp_path / "ui/page.py").write_text("a = 2\n")
    assert CODE_HASH(tmp_path) == before
    (tmp_path / "documents/kinds/article.py").write_text("a = 2\n")
    assert CODE_HASH(tmp_path) != before


def test_another_model_of_the_same_size_is_refused_by_readers_and_embeds_everything(settings: Settings) -> None:
    build(settings, Counting())
    with pytest.raises(StoredIndexError, match="other-1"):
        open_index(settings.data, Other())
    summary = build(settings, Other())
    assert summary.embedded > 0
    assert summary.changed == 0, "the documents themselves are the same"
    open_index(settings.data, Other()).close()


def test_rebuild_reads_and_embeds_everything(settings: Settings) -> None:
    first = build(settings, Counting())
    again = build(settings, Counting(), rebuild=True)
    assert (again.changed, again.embedded) == (3, first.embedded)


def test_a_build_that_failed_goes_on_where_it_stopped(settings: Settings) -> None:
    write(settings, "many.txt", "\n\n".join(f"Sentence number {n} of this document." for n in range(100)))
    broken = Counting(fail_after=40)
    with pytest.raises(ModelError):
        build(settings, broken)
    assert leftovers(settings) == []
    model = Counting()
    summary = build(settings, model)
    assert not set(model.texts) & set(broken.texts)
    assert summary.documents == 4
    assert not (settings.data / index.vectors.NAME).exists()


def test_vectors_that_cannot_be_read_are_made_again(settings: Settings) -> None:
    settings.data.mkdir()
    (settings.data / index.vectors.NAME).write_bytes(b"rubbish" * 1000)
    build(settings, Counting())
    assert texts(settings) == TEXTS


def test_vectors_that_are_none_are_refused(settings: Settings) -> None:
    class Broken(HashEmbedding):
        def passages(self, texts: Sequence[str]) -> Vectors:
            return super().passages(texts) * float("nan")

    with pytest.raises(ModelError, match="no usable vectors"):
        build(settings, Broken())


class Stopping:
    """A progress that is interrupted when a stage begins."""

    def __init__(self, stage: str) -> None:
        self._stage = stage

    def say(self, line: str) -> None:
        pass

    def step(self, stage: str, done: int, total: int) -> None:
        if stage == self._stage:
            raise KeyboardInterrupt

    def close(self) -> None:
        pass


@pytest.mark.parametrize("stage", ["reading", "embedding", "dense index", "lexical index", "alignment", "checking"])
def test_an_interrupted_build_leaves_the_old_index(settings: Settings, stage: str) -> None:
    build(settings, Counting())
    write(settings, "cats.txt", "Cats are gone.\n")
    with pytest.raises(KeyboardInterrupt):
        build(settings, Counting(), Stopping(stage))
    assert texts(settings) == TEXTS
    assert leftovers(settings) == []
    build(settings, Counting())
    assert texts(settings)["cats.txt"] == "Cats are gone.\n"


def test_an_empty_corpus_leaves_the_old_index(settings: Settings, tmp_path: Path) -> None:
    build(settings, Counting())
    (tmp_path / "empty").mkdir()
    other = Settings(corpus=tmp_path / "empty", data=settings.data, embedding="hash")
    with pytest.raises(CorpusError, match="nothing in"):
        build(other, Counting())
    assert texts(settings) == TEXTS


def test_what_cannot_be_read_is_listed_by_name(settings: Settings) -> None:
    write(settings, "bad.pdf", "%PDF-1.7 not really")
    write(settings, "empty.txt", "")
    summary = build(settings, Counting())
    assert {row.path for row in summary.skipped} == {"bad.pdf", "empty.txt"}
    again = build(settings, Counting())
    assert again.unchanged
    assert {row.path for row in again.skipped} == {"bad.pdf", "empty.txt"}
    write(settings, "cats.txt", "Cats are gone.\n")
    third = build(settings, Counting())
    assert {row.path for row in third.skipped} == {"bad.pdf", "empty.txt"}
    assert third.changed == 1, "a file that could not be read is not tried again before it changes"


def failing(monkeypatch: pytest.MonkeyPatch, name: str, nth: int, code: int) -> list[int]:
    """Make the n-th call of a function of `os` fail, and count the calls."""
    calls = [0]
    original: Callable[..., object] = getattr(os, name)

    def fake(*args: object, **values: object) -> object:
        calls[0] += 1
        if calls[0] == nth:
            raise OSError(code, os.strerror(code))
        return original(*args, **values)

    monkeypatch.setattr(os, name, fake)
    return calls


@pytest.mark.parametrize("name", ["fsync", "rename", "replace"])
def test_a_full_disk_leaves_the_old_index_or_the_new_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    build(settings, Counting())
    new = {**TEXTS, "cats.txt": "Cats are gone.\n"}
    write(settings, "cats.txt", new["cats.txt"])
    nth, failed = 1, True
    while failed:
        failed = False
        with monkeypatch.context() as patch:
            failing(patch, name, nth, errno.ENOSPC)
            try:
                build(settings, Counting())
            except StoredIndexError as error:
                failed = True
                assert "No space left on device" in str(error)
        assert texts(settings) == (TEXTS if failed else new)
        nth += 8 if name == "fsync" else 1  # the calls between sync files of the same kind
    assert nth > 1


def test_a_full_disk_in_sqlite_leaves_the_old_index(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    build(settings, Counting())
    write(settings, "cats.txt", "Cats are gone.\n")

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("index.catalogue.CatalogueWriter.add_document", full)
    with pytest.raises(StoredIndexError, match=r"disk is full.*old one is as it was"):
        build(settings, Counting())
    assert texts(settings) == TEXTS


@contextlib.contextmanager
def read_only(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    """Refuse to open anything below a folder for writing, as a read-only file system does (tests may run as root)."""
    original = os.open

    def refuse(path: str | Path, flags: int, *args: int, **values: int) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY | os.O_CREAT) and Path(path).is_relative_to(folder):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return original(path, flags, *args, **values)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        patch.setattr("tempfile.mkdtemp", _elsewhere(folder))
        yield


def _elsewhere(folder: Path) -> Callable[..., str]:
    import tempfile

    original = tempfile.mkdtemp

    def make(*, prefix: str, dir: Path | None = None) -> str:
        if dir is not None and dir.is_relative_to(folder):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return original(prefix=prefix)

    return make


def test_a_read_only_index_answers_and_is_found_to_be_up_to_date(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(settings, Counting())
    with read_only(monkeypatch, settings.data):
        assert texts(settings) == TEXTS
        assert build(settings, Counting()).unchanged
        write(settings, "cats.txt", "Cats are gone.\n")
        with pytest.raises(StoredIndexError, match="Read-only file system"):
            build(settings, Counting())


def test_the_same_corpus_gives_the_same_index(settings: Settings, tmp_path: Path) -> None:
    other = Settings(corpus=settings.corpus, data=tmp_path / "other", embedding="hash")
    assert described(build(settings, Counting())) == described(build(other, Counting()))
    with open_index(settings.data) as one, open_index(other.data) as two:
        assert one.passages(range(one.passage_count)) == two.passages(range(two.passage_count))
        assert one.manifest.corpus == two.manifest.corpus


def described(summary: Summary) -> tuple[int, ...]:
    return summary.documents, summary.passages, summary.sentences, summary.embedded
