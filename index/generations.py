"""Where generations of the index lie, who may write, and how one takes the place of another.

`CURRENT` names `gen-…`. A build writes beside it, makes everything durable, and replaces `CURRENT` in one step, so a
reader finds the old index or the new one and nothing between. Readers hold a shared lock on the folder of their
generation; a folder that nobody holds and that is older than the previous generation is removed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from errors import IndexBusyError, IndexMissingError, StoredIndexError

CURRENT = "CURRENT"
_LOCK = ".lock"
_PREFIX, _STAGING, _TRASH, _PRIVATE = "gen-", "new-", "old-", "open-"
KEPT = 2  # generations: the current one and the one before it


class NotWritableError(StoredIndexError):
    """The data folder cannot be written. What is in it may be all that is needed."""


@contextlib.contextmanager
def writer(data: Path) -> Iterator[None]:
    """Hold the only writer's place in a data folder, making the folder if need be.

    :raises IndexBusyError: at once, where another process holds it.
    :raises NotWritableError: where the folder cannot be written.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(data / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise NotWritableError(f"cannot write the index to {data} ({error.strerror}): choose another --data") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise IndexBusyError(f"another process is building the index in {data}: wait until it has finished") from error
    try:
        yield
    finally:
        os.close(descriptor)


def current(data: Path) -> str | None:
    """Return the name in CURRENT, or None where there is none that could be one."""
    try:
        name = (data / CURRENT).read_text("utf-8", "replace").strip()
    except OSError:
        return None
    return name if name.startswith(_PREFIX) and "/" not in name and "\0" not in name else None


def names(data: Path) -> list[str]:
    """Return the generations of a data folder in the order in which to try them: CURRENT, then newest first."""
    first = current(data)
    try:
        found = sorted((p.name for p in data.iterdir() if p.name.startswith(_PREFIX) and p.is_dir()), reverse=True)
    except OSError:
        found = []
    return ([first] if first else []) + [name for name in found if name != first]


def hold(data: Path, name: str) -> int:
    """Take a reader's lock on a generation and return its descriptor; closing it lets go.

    :raises IndexMissingError: where the generation is not there (any more).
    """
    path = data / name
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise IndexMissingError(f"{path} is not there") from error
    try:
        with contextlib.suppress(OSError):  # a file system without locks: nobody removes anything there either
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        if os.path.samestat(os.fstat(descriptor), path.stat()):  # it was not moved away in between
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    raise IndexMissingError(f"{path} was replaced")


def private_copy(source: Path, parts: Sequence[str], resources: contextlib.ExitStack) -> Path:
    """Copy parts of a generation for one reader and return the folder, which `resources` removes.

    It lies in the data folder, where the next build removes what a killed reader left, or in the system's temporary
    folder where the data folder is read-only or full.
    """
    with contextlib.suppress(OSError, IndexMissingError), contextlib.ExitStack() as undo:
        private = Path(tempfile.mkdtemp(prefix=_PRIVATE, dir=source.parent))
        undo.callback(shutil.rmtree, private, ignore_errors=True)
        undo.callback(os.close, hold(source.parent, private.name))
        _copy(source, parts, private)
        resources.push(undo.pop_all())
        return private
    private = Path(tempfile.mkdtemp(prefix="sidenote-"))
    resources.callback(shutil.rmtree, private, ignore_errors=True)
    _copy(source, parts, private)
    return private


def _copy(source: Path, parts: Sequence[str], private: Path) -> None:
    for part in parts:
        shutil.copytree(source / part, private / part, copy_function=shutil.copyfile)


def stage(data: Path) -> Path:
    """Make an empty folder to build the next generation in. Only under the writer's lock."""
    number = 1 + max((_number(name) for name in names(data)), default=0)
    folder = data / f"{_STAGING}{number:06d}-{os.urandom(3).hex()}"
    folder.mkdir()
    return folder


def generation_name(staged: Path) -> str:
    """Return the name that a staged folder will have as a generation."""
    return _PREFIX + staged.name.removeprefix(_STAGING)


def publish(data: Path, staged: Path) -> str:
    """Make a finished folder the current generation, durably, and return its name."""
    for path in [*staged.rglob("*"), staged]:
        _sync(path)
    name = generation_name(staged)
    os.rename(staged, data / name)
    _sync(data)
    pointer = data / f"{CURRENT}.new"
    pointer.write_text(f"{name}\n", "ascii")
    _sync(pointer)
    os.replace(pointer, data / CURRENT)
    _sync(data)
    return name


def clean(data: Path, damaged: Collection[str] = ()) -> None:
    """Remove what killed builds and readers left, and generations that are neither kept nor held.

    Only under the writer's lock. The current generation and the one before it are kept; a damaged one is no use as
    the one before.
    """
    kept = current(data)
    older = [name for name in names(data) if kept is None or _number(name) < _number(kept)]
    keep = {kept, *[name for name in older if name not in damaged][: KEPT - 1 if kept else None]}
    for path in list(data.iterdir()):
        if path.name.startswith((_STAGING, _TRASH)):
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith((_PREFIX, _PRIVATE)) and path.name not in keep:
            _remove_unheld(path)


def _remove_unheld(path: Path) -> None:
    """Remove a generation unless a reader holds it; the next build tries again."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            trash = path.with_name(_TRASH + path.name)
            os.rename(path, trash)
        finally:
            os.close(descriptor)
        shutil.rmtree(trash, ignore_errors=True)


def _number(name: str) -> int:
    digits = name.removeprefix(_PREFIX).partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def _sync(path: Path) -> None:
    """Make a file, or the names in a folder, survive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
