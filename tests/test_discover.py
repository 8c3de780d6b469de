"""Every file of a corpus folder is found or listed by name with the reason."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.discover import discover, printable, sidecar_for
from errors import CorpusError
from settings import Settings

SETTINGS = Settings()


def reasons(root: Path) -> dict[str, str]:
    return {skipped.path: skipped.reason for skipped in discover(root, SETTINGS).skipped}


def names(root: Path) -> list[str]:
    return [file.id for file in discover(root, SETTINGS).files]


def test_files_come_in_a_stable_order_with_their_sidecars(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/c/y.PDF", "a.txt", "ü.txt", "NOTES"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("words")
    assert sidecar_for(tmp_path / "b.txt") is None
    (tmp_path / "b.txt.meta.toml").write_text("title = 'B'")
    (tmp_path / "a" / "z.meta.toml").write_text("title = 'Z'")
    found = discover(tmp_path, SETTINGS)
    assert [file.id for file in found.files] == ["NOTES", "a/c/y.PDF", "a/z.md", "a.txt", "b.txt", "ü.txt"]
    assert [file.sidecar for file in found.files if file.sidecar] == [
        tmp_path / "a" / "z.meta.toml",
        tmp_path / "b.txt.meta.toml",
    ]
    assert found.skipped == ()
    assert found.files[0].size == 5


def test_hidden_files_and_folders_are_passed_over_in_silence(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config.txt").write_text("x")
    (tmp_path / ".hidden.txt").write_text("x")
    (tmp_path / "seen.txt").write_text("x")
    found = discover(tmp_path, SETTINGS)
    assert ([file.id for file in found.files], found.skipped) == (["seen.txt"], ())


def test_what_is_no_document_is_listed_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "model.xyz").write_text("x")
    (tmp_path / "archive.tar.gz").write_text("x")
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "gone.txt.meta.toml").write_text("x")
    with open(tmp_path / "huge.txt", "wb") as file:
        file.truncate(200_000_000)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "README.md").write_text("a document of a project")
    assert reasons(tmp_path) == {
        "empty.txt": "empty",
        "model.xyz": "no reader for .xyz",
        "archive.tar.gz": "no reader for .gz",
        "README.md": "a README describes the corpus",
        "gone.txt.meta.toml": "a sidecar of gone.txt, which is not here",
        "huge.txt": "200 MB, larger than 50 MB",
    }
    assert names(tmp_path) == ["sub/README.md"]


def test_links_end_nothing_and_lead_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    root = tmp_path / "corpus"
    for folder in (outside, root, root / "real"):
        folder.mkdir()
    (outside / "secret.txt").write_text("secret")
    (root / "real" / "a.txt").write_text("words")
    (root / "out.txt").symlink_to(outside / "secret.txt")
    (root / "outfolder").symlink_to(outside)
    (root / "dangling.txt").symlink_to(root / "nothing.txt")
    (root / "loop.txt").symlink_to(root / "loop.txt")
    (root / "real" / "up").symlink_to(root)
    (root / "twin.txt").symlink_to(root / "real" / "a.txt")
    assert names(root) == ["real/a.txt"]
    assert reasons(root) == {
        "out.txt": "a link that leads out of the corpus folder",
        "outfolder": "a link that leads out of the corpus folder",
        "dangling.txt": "a link that leads nowhere",
        "loop.txt": "a link that leads nowhere",
        "real/up": "a link to a folder of the corpus",
        "twin.txt": "a link to real/a.txt, which is read under its own name",
    }


def test_a_link_into_a_hidden_folder_is_the_file(tmp_path: Path) -> None:
    (tmp_path / ".store").mkdir()
    (tmp_path / ".store" / "1234").write_text("words")
    (tmp_path / "a.txt").symlink_to(".store/1234")
    (found,) = discover(tmp_path, SETTINGS).files
    assert (found.id, found.path) == ("a.txt", tmp_path.resolve() / ".store" / "1234")


def test_pipes_sockets_and_devices_are_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s.txt"))
        assert reasons(tmp_path) == {"pipe.txt": "a pipe, not a file", "s.txt": "a socket, not a file"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_listed(tmp_path: Path) -> None:
    (tmp_path / "locked.txt").write_text("x")
    (tmp_path / "locked.txt").chmod(0)
    (tmp_path / "folder").mkdir(mode=0)
    assert reasons(tmp_path) == {
        "locked.txt": "cannot be read: Permission denied",
        "folder": "cannot be read: Permission denied",
    }


def test_a_file_that_vanishes_or_refuses_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("x")

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("documents.discover.os.open", refuse)
    assert reasons(tmp_path) == {"a.txt": "cannot be read: Permission denied"}


def test_hostile_names_become_printable(tmp_path: Path) -> None:
    for name in (b"bad\xff.txt", b"new\nline.txt", "\u202egnp.txt".encode(), "全角\u3000.txt".encode()):
        with open(os.path.join(os.fsencode(tmp_path), name), "w") as file:
            file.write("x")
    assert sorted(names(tmp_path)) == ["\\u202egnp.txt", "bad\\xff.txt", "new\\x0aline.txt", "全角\u3000.txt"]


@given(st.text() | st.binary().map(os.fsdecode))
def test_a_printable_name_is_unicode_without_controls_and_unique(name: str) -> None:
    shown = printable(name)
    shown.encode("utf-8")
    assert all(character.isprintable() or character.isspace() for character in shown)
    assert "\n" not in shown
    assert "\u202e" not in shown
    assert (printable(name + "\\") != printable(name + "x")) and (shown == name) == (printable(shown) == shown == name)


def test_a_deep_tree_is_walked(tmp_path: Path) -> None:
    here = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(400):
            os.mkdir("d")
            os.chdir("d")
        Path("a.txt").write_text("x")
    finally:
        os.chdir(here)
    assert names(tmp_path) == ["d/" * 400 + "a.txt"]


def test_no_folder_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name, words in (("missing", "no corpus folder"), ("file", "is a file"), ("loop", "cannot be read|no corpus")):
        with pytest.raises(CorpusError, match=words):
            discover(tmp_path / name, SETTINGS)


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("x")
    (tmp_path / "link").symlink_to("real")
    assert names(tmp_path / "link") == ["a.txt"]
