"""Changes to the documents in the corpus folder: files that are sent, removed, corrected. What comes in is hostile."""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from fastapi import HTTPException
from starlette.concurrency import run_in_threadpool

from documents.discover import printable
from documents.formats.registry import FORMATS, reader_for_name
from documents.sidecar import sidecar_paths
from documents.sidecar_writing import correct_sidecar
from errors import DocumentError, UsageError
from server.guard import LOCAL, bracketed
from server.undoing import GoneError, Trash, part_file
from settings import Settings

DEEPEST = 8  # folders in a name, the file included
LONGEST, LONGEST_PART = 500, 200  # bytes of a name and of each part of it; file systems take 255
AT_ONCE = 4  # files that are received side by side; each takes room on the disk before it is known to be good
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_FORBIDDEN = set('<>:"|?*')  # in names on some systems; a corpus is carried from one to another
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
_FULL = (errno.ENOSPC, errno.EDQUOT)


def allowed(settings: Settings) -> bool:
    """Tell whether visitors may change the documents. :raises UsageError: where the setting is neither on nor off."""
    if settings.uploads not in ("on", "off", "default"):
        raise UsageError(f"SIDENOTE_UPLOADS is {settings.uploads!r}: give on, off or default")
    local = bracketed(settings.host) in LOCAL and "SPACE_ID" not in os.environ
    return settings.uploads == "on" or (settings.uploads == "default" and local)


def checked_name(name: str) -> str:
    """Return a name below the corpus folder that is fit for a new file. :raises HTTPException: with the reason."""
    parts = name.split("/")
    if not name or any(part in ("", ".", "..") for part in parts) or len(parts) > DEEPEST:
        raise HTTPException(400, "This name is not allowed: it must lie below the corpus folder, at most 8 deep.")
    if len(name.encode("utf-8", "replace")) > LONGEST or any(
        len(os.fsencode(p)) > LONGEST_PART for p in _sendable(parts)
    ):
        raise HTTPException(400, "This name is too long.")
    for part in parts:
        if not portable(part):
            raise HTTPException(400, "This name is not allowed: it has characters that some systems cannot keep.")
        if part[0] == ".":
            raise HTTPException(400, "This name is not allowed: hidden files are not read.")
    if len(parts) == 1 and name.upper().startswith("README"):
        raise HTTPException(400, "This name is not allowed: a README describes the corpus and is not read.")
    if reader_for_name(parts[-1]) is None:
        known = ", ".join(suffix for suffixes in FORMATS.values() for suffix in suffixes if suffix)
        raise HTTPException(415, f"This is no format that can be read. These are: {known}.")
    return name


def portable(part: str) -> bool:
    """Tell whether every system can keep a file or folder of this name."""
    device = part.split(".")[0].strip().lower() in _DEVICES
    strange = printable(part) != part or _FORBIDDEN & set(part)
    return bool(part) and not (strange or device or part != part.strip() or part[-1] == ".")


def _sendable(parts: list[str]) -> list[str]:
    return [part.encode("utf-8", "replace").decode() for part in parts]


class Uploads:
    """Changes files of the corpus folder, each in one step and so that it can be undone. `changed` is called after.

    Every method raises HTTPException with a sentence for the visitor.
    """

    def __init__(self, settings: Settings, changed: Callable[[], None]) -> None:
        self._corpus = settings.corpus
        self._limit = settings.file_bytes
        self._trash = Trash(settings)
        self._changed = changed
        self._lock = threading.Lock()  # one change at a time
        self._coming = 0

    def check(self, name: str, size: int) -> dict[str, Any]:
        """Tell what would keep a file out, before it is sent, and whether there is one of that name."""
        try:
            path = self._place(checked_name(name))
            if size > self._limit:
                raise HTTPException(413, self._too_large())
            return {"name": name, "problem": None, "exists": os.path.lexists(path)}
        except HTTPException as error:
            return {"name": name, "problem": error.detail, "exists": False}

    async def receive(self, name: str, replace: bool, pieces: AsyncIterator[bytes]) -> str:
        """Take a file in; return the token that undoes it."""
        path = self._place(checked_name(name))
        if not replace and os.path.lexists(path):
            raise HTTPException(409, "There is a file of this name.")
        if self._coming >= AT_ONCE:
            raise HTTPException(503, "Other files are being received. Please try again in a moment.")
        self._coming += 1
        temporary = part_file(self._corpus)
        try:
            with disk_errors():
                self._corpus.mkdir(parents=True, exist_ok=True)
                await self._write(temporary, pieces)
                return await run_in_threadpool(self._put, temporary, name, replace)
        finally:
            self._coming -= 1
            with suppress(OSError):
                temporary.unlink()

    async def _write(self, temporary: Path, pieces: AsyncIterator[bytes]) -> None:
        size = 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with open(temporary, "wb", opener=lambda path, _: os.open(path, flags, 0o644)) as file:
            async for piece in pieces:
                size += len(piece)
                if size > self._limit:
                    raise HTTPException(413, self._too_large())
                await run_in_threadpool(file.write, piece)
            file.flush()
            await run_in_threadpool(os.fsync, file.fileno())
        if not size:
            raise HTTPException(400, "This file is empty.")

    def _put(self, temporary: Path, name: str, replace: bool) -> str:
        with self._change([name]) as token:
            path = self._place(name)  # again: the folder may have changed while the file came in
            path.parent.mkdir(parents=True, exist_ok=True)
            if not replace and os.path.lexists(path):
                raise HTTPException(409, "There is a file of this name.")
            os.replace(temporary, path)
            return token

    def remove(self, name: str) -> str:
        """Take a document out of the corpus, with its sidecar; return the token that undoes it."""
        path = self._known(name)
        folder = name.rpartition("/")[0]
        sidecars = [side.name for side in sidecar_paths(path) if side.is_file() and not side.is_symlink()]
        own = sidecars if len(sidecars) == 1 and sidecars[0].startswith(path.name) else sidecars[:1]
        with self._change([name, *(f"{folder}/{side}" if folder else side for side in own)]) as token:
            for at in (path, *(path.with_name(side) for side in own)):
                at.unlink()
            return token

    def correct(self, name: str, changes: Mapping[str, Any]) -> str:
        """Write into a document's sidecar what its reader corrected; return the token that undoes it."""
        path = self._known(name)
        sidecar = next((side for side in sidecar_paths(path) if os.path.lexists(side)), sidecar_paths(path)[0])
        with self._change([sidecar.relative_to(self._corpus).as_posix()]) as token:
            try:
                correct_sidecar(sidecar, changes, part_file(self._corpus))
            except DocumentError as error:
                raise HTTPException(400, str(error)) from error
            return token

    def undo(self, token: str) -> str:
        """Make files what they were before a change; return the token that undoes this in turn."""
        try:
            names = self._trash.names(token)
            for name in names:
                self._place(name)
            with self._change(names) as back:
                self._trash.restore(token)
            self._trash.forget(token)
            return back
        except GoneError:
            raise HTTPException(410, "This cannot be undone any more.") from None

    @contextmanager
    def _change(self, names: list[str]) -> Iterator[str]:
        """Keep what is there, make the change, say so; nothing is kept of one that fails."""
        with self._lock, disk_errors():
            token = self._trash.keep(names)
            try:
                yield token
            except BaseException:
                self._trash.forget(token)
                raise
        self._changed()

    def _known(self, name: str) -> Path:
        """Return the plain file of a document of the index."""
        path = self._place(name)
        if not path.is_file():
            raise HTTPException(404, "This file is not there any more.")
        return path

    def _place(self, name: str) -> Path:
        """Return a file's path below the corpus folder, where no link leads elsewhere and nothing else stands."""
        parts = name.split("/")
        if "\\" in name or "\0" in name or any(part in ("", ".", "..") for part in parts):
            raise HTTPException(400, "This name is not allowed.")
        path = self._corpus
        for at, part in enumerate(parts, start=1):
            path = path / part
            with disk_errors(), suppress(FileNotFoundError, NotADirectoryError):
                mode = path.lstat().st_mode
                if not (stat.S_ISREG(mode) if at == len(parts) else stat.S_ISDIR(mode)):
                    raise HTTPException(409, "There is something else of this name, which is left alone.")
        return path

    def _too_large(self) -> str:
        return f"This file is too large: at most {self._limit / 1_000_000:,.0f} MB are read."


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turn what the system says about the disk into a sentence for the visitor."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise HTTPException(507, "The disk is full. Nothing was changed.") from error
        if error.errno in _READ_ONLY:
            raise HTTPException(403, "The corpus folder cannot be written. Nothing was changed.") from error
        raise HTTPException(500, f"The file could not be written ({error.strerror}). Nothing was changed.") from error
