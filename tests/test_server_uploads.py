"""Files that are sent end where they should, in one step, or nowhere."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import HTTPException

from errors import UsageError
from server import undoing
from server.uploads import Uploads, allowed, checked_name
from settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "corpus").mkdir()
    return Settings(corpus=tmp_path / "corpus", data=tmp_path / "data", file_bytes=100)


@pytest.fixture
def uploads(settings: Settings) -> Uploads:
    return Uploads(settings, lambda: None)


def send(uploads: Uploads, name: str, *pieces: bytes, replace: bool = False) -> str:
    async def come() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return asyncio.run(uploads.receive(name, replace, come()))


def refusal(uploads: Uploads, name: str, *pieces: bytes) -> HTTPException:
    with pytest.raises(HTTPException) as caught:
        send(uploads, name, *pieces)
    return caught.value


@pytest.mark.parametrize("name", ["a.txt", "talks/2026/visit.vtt", "夢.md", "no ending", "A.PDF", "it's #1 100%.txt"])
def test_good_names(name: str) -> None:
    assert checked_name(name) == name


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("", 400), ("/etc/a.txt", 400), ("../a.txt", 400), ("a/../b.txt", 400), ("a//b.txt", 400), ("./a.txt", 400),
        ("a/", 400), (".hidden.txt", 400), (".git/a.txt", 400), ("a\x00.txt", 400), ("a\n.txt", 400),
        ("a\\b.txt", 400), ("\u202ea.txt", 400), ("\ud800.txt", 400), ("nul.txt", 400), ("COM1", 400),
        ("a .txt/ b.txt", 400), ("a.txt.", 400), ("c:a.txt", 400), ("/".join("abcdefghi") + ".txt", 400),
        ("x" * 201 + ".txt", 400), ("夢" * 70 + ".txt", 400), ("README.md", 400), ("a.exe", 415),
        ("a.txt.meta.toml", 415), ("a.zip", 415),
    ],
)  # fmt: skip
def test_bad_names(name: str, status: int) -> None:
    with pytest.raises(HTTPException) as caught:
        checked_name(name)
    assert caught.value.status_code == status


def test_file_arrives_whole_and_leaves_nothing_beside_it(uploads: Uploads, settings: Settings) -> None:
    send(uploads, "new/folder/a.txt", b"one ", b"two")
    assert (settings.corpus / "new/folder/a.txt").read_bytes() == b"one two"
    assert [path.name for path in settings.corpus.iterdir()] == ["new"]


def test_file_that_grows_too_large_is_refused(uploads: Uploads, settings: Settings) -> None:
    assert refusal(uploads, "a.txt", b"x" * 60, b"x" * 60).status_code == 413
    assert list(settings.corpus.iterdir()) == []


def test_empty_file_is_refused(uploads: Uploads) -> None:
    assert refusal(uploads, "a.txt").status_code == 400


@pytest.mark.parametrize("at", ["link.txt", "folder/a.txt", "folder/deeper/a.txt"])
def test_links_are_never_followed(uploads: Uploads, settings: Settings, tmp_path: Path, at: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept")
    (settings.corpus / "link.txt").symlink_to(outside / "kept.txt")
    (settings.corpus / "folder").symlink_to(outside)
    assert refusal(uploads, at, b"x").status_code == 409
    assert [path.name for path in outside.iterdir()] == ["kept.txt"]
    assert (outside / "kept.txt").read_text() == "kept"


@pytest.mark.parametrize("removed", ["link.txt", "folder/kept.txt"])
def test_removing_never_follows_links(uploads: Uploads, settings: Settings, tmp_path: Path, removed: str) -> None:
    (tmp_path / "kept.txt").write_text("kept")
    (settings.corpus / "link.txt").symlink_to(tmp_path / "kept.txt")
    (settings.corpus / "folder").symlink_to(tmp_path)
    with pytest.raises(HTTPException):
        uploads.remove(removed)
    assert (tmp_path / "kept.txt").read_text() == "kept"


@pytest.mark.parametrize(("number", "status"), [(errno.ENOSPC, 507), (errno.EROFS, 403), (errno.EIO, 500)])
def test_what_the_disk_says_becomes_a_sentence(
    uploads: Uploads, settings: Settings, monkeypatch: pytest.MonkeyPatch, number: int, status: int
) -> None:
    def fails(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fails)
    error = refusal(uploads, "a.txt", b"x")
    assert error.status_code == status
    assert "Nothing was changed." in error.detail
    assert list(settings.corpus.iterdir()) == []


def test_a_new_file_is_undone_and_the_undoing_too(uploads: Uploads, settings: Settings) -> None:
    undo = send(uploads, "a.txt", b"one")
    redo = uploads.undo(undo)
    assert not (settings.corpus / "a.txt").exists()
    uploads.undo(redo)
    assert (settings.corpus / "a.txt").read_bytes() == b"one"


def test_what_is_kept_is_bounded(uploads: Uploads, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    first = send(uploads, "a.txt", b"1")
    for number in range(12):
        send(uploads, "a.txt", bytes([48 + number]) * 99, replace=True)
    kept = [file for file in (settings.data / undoing.FOLDER).rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in kept) <= 10 * settings.file_bytes
    with pytest.raises(HTTPException) as caught:
        uploads.undo(first)
    assert caught.value.status_code == 410


@pytest.mark.parametrize("token", ["", "..", "../../corpus", "00000001-0123456789abcdef", "x" * 1000, "\x00"])
def test_forged_tokens_undo_nothing(uploads: Uploads, token: str) -> None:
    with pytest.raises(HTTPException) as caught:
        uploads.undo(token)
    assert caught.value.status_code == 410


def test_files_are_judged_before_they_are_sent(uploads: Uploads) -> None:
    send(uploads, "a.txt", b"1")
    assert uploads.check("a.txt", 5) == {"name": "a.txt", "problem": None, "exists": True}
    assert uploads.check("b.txt", 5)["exists"] is False
    assert "too large" in uploads.check("b.txt", 101)["problem"]
    assert "no format" in uploads.check("b.exe", 5)["problem"]


@pytest.mark.parametrize(
    ("value", "host", "space", "expected"),
    [
        ("default", "127.0.0.1", False, True), ("default", "127.0.0.1", True, False),
        ("default", "0.0.0.0", False, False), ("on", "0.0.0.0", True, True), ("off", "127.0.0.1", False, False),
    ],
)  # fmt: skip
def test_who_may_change_documents(
    monkeypatch: pytest.MonkeyPatch, value: str, host: str, space: bool, expected: bool
) -> None:
    monkeypatch.delenv("SPACE_ID", raising=False)
    if space:
        monkeypatch.setenv("SPACE_ID", "me/sidenote")
    assert allowed(Settings(uploads=value, host=host)) is expected


def test_a_setting_that_is_neither_is_refused() -> None:
    with pytest.raises(UsageError, match="SIDENOTE_UPLOADS"):
        allowed(Settings(uploads="maybe"))
