"""Finds the files of a corpus folder. Every file is either found or listed by name with the reason."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from documents.formats.registry import reader_for_name
from documents.sidecar import SUFFIX as SIDECAR_SUFFIX
from documents.sidecar import is_sidecar, sidecar_paths
from errors import CorpusError
from schema import Skipped
from settings import Settings

# What must not reach a page, a log or a terminal as it is: controls, bidirectional overrides, surrogates, line
# separators, what Unicode has not assigned; the backslash, so that an escaped name is no other file's name.
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
KINDS_OF_NODE = (
    (stat.S_ISFIFO, "a pipe, not a file"),
    (stat.S_ISSOCK, "a socket, not a file"),
    (stat.S_ISCHR, "a device, not a file"),
    (stat.S_ISBLK, "a device, not a file"),
)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that a reader will be tried on. `id` is its path below the corpus folder, printable."""

    id: str
    path: Path
    size: int  # bytes
    sidecar: Path | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """What lies in a corpus folder, in a stable order: by name, folder by folder."""

    files: tuple[FoundFile, ...]
    skipped: tuple[Skipped, ...]


class _Unfit(Exception):
    """A file that is left out; the message is the reason."""


def discover(root: Path, settings: Settings) -> Discovery:
    """Walk a corpus folder without following links and without opening anything that is not a file.

    Hidden files and folders (`.git`) and sidecars of present documents are passed over in silence.

    :raises CorpusError: where the folder is missing, is none or cannot be read.
    """
    root = _checked(root)
    files: list[FoundFile] = []
    skipped: list[Skipped] = []
    for path, failure in _walk(root):
        name = printable(os.path.relpath(path, root).replace(os.sep, "/"))
        try:
            if failure:
                raise _Unfit(failure)
            if _is_present_sidecar(path):
                continue
            files.append(_examine(path, name, root, settings))
        except _Unfit as unfit:
            skipped.append(Skipped(name, str(unfit)))
        except OSError as error:
            skipped.append(Skipped(name, _reason(error)))
    return Discovery(tuple(files), tuple(skipped))


def printable(name: str) -> str:
    r"""Return a file name as printable Unicode: "a\udcff\nb" -> "a\\xff\\x0ab"."""
    return "".join(_escaped(c) if c == "\\" or unicodedata.category(c) in UNPRINTABLE else c for c in name)


def sidecar_for(path: Path) -> Path | None:
    """Return the sidecar of a document, if there is one: a.txt -> a.txt.meta.toml, else a.meta.toml."""
    return next((sidecar for sidecar in sidecar_paths(path) if os.path.lexists(sidecar)), None)


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # how Python carries a byte of a name that is not UTF-8
        code -= 0xDC00
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _checked(root: Path) -> Path:
    """Return the folder itself, links resolved. :raises CorpusError: where there is none to read."""
    try:
        resolved = root.resolve(strict=True)
        with os.scandir(resolved):
            return resolved
    except FileNotFoundError:
        raise CorpusError(f"no corpus folder at {printable(str(root))}: give one with --corpus") from None
    except NotADirectoryError:
        raise CorpusError(f"{printable(str(root))} is a file: give --corpus the folder that it lies in") from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        reason = (error.strerror if isinstance(error, OSError) else None) or "a link that leads to itself"
        raise CorpusError(f"the corpus folder {printable(str(root))} cannot be read: {reason}") from None


def _walk(root: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield every entry that is not a folder, and the folders that cannot be read with the reason."""
    waiting = [root]
    while waiting:
        path = waiting.pop()
        try:
            if not stat.S_ISDIR(path.lstat().st_mode):
                yield path, None
                continue
            with os.scandir(path) as entries:
                names = sorted((entry.name for entry in entries if not entry.name.startswith(".")), key=os.fsencode)
        except OSError as error:
            yield path, _reason(error)
            continue
        waiting.extend(path / name for name in reversed(names))


def _reason(error: OSError) -> str:
    return f"cannot be read: {error.strerror or type(error).__name__}"


def _is_present_sidecar(path: Path) -> bool:
    """Tell a sidecar whose document is there, under its whole name or under its name without the ending."""
    if not is_sidecar(path):
        return False
    name = path.name.removesuffix(SIDECAR_SUFFIX)
    if os.path.lexists(path.with_name(name)):
        return True
    with os.scandir(path.parent) as entries:
        return any(os.path.splitext(entry.name)[0] == name and entry.name != path.name for entry in entries)


def _examine(path: Path, name: str, root: Path, settings: Settings) -> FoundFile:
    """Return the file where a reader can be tried on it. :raises _Unfit: with the reason where not."""
    target = _followed(path, root) if path.is_symlink() else path
    status = target.lstat()
    for is_kind, reason in KINDS_OF_NODE:
        if is_kind(status.st_mode):
            raise _Unfit(reason)
    if name.endswith(SIDECAR_SUFFIX):
        raise _Unfit(f"a sidecar of {name[: -len(SIDECAR_SUFFIX)]}, which is not here")
    if path.parent == root and path.name.upper().startswith("README"):
        raise _Unfit("a README describes the corpus")
    if reader_for_name(path.name) is None:
        raise _Unfit(f"no reader for {printable(path.suffix)[:20]}")
    if not status.st_size:
        raise _Unfit("empty")
    if status.st_size > settings.file_bytes:
        raise _Unfit(f"{_megabytes(status.st_size)}, larger than {_megabytes(settings.file_bytes)}")
    os.close(os.open(target, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW))  # raises OSError where it is not for us
    return FoundFile(name, target, status.st_size, sidecar_for(path))


def _followed(path: Path, root: Path) -> Path:
    """Return what a link inside the corpus leads to, where only the link makes it part of the corpus.

    git-annex keeps its files so: a link into a hidden folder. Everything else is either outside, or found anyway.

    :raises _Unfit: for every other link.
    """
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise _Unfit("a link that leads nowhere") from None
    if not target.is_relative_to(root):
        raise _Unfit("a link that leads out of the corpus folder")
    inside = target.relative_to(root)
    if target.is_dir():
        raise _Unfit("a link to a folder of the corpus")
    if not any(part.startswith(".") for part in inside.parts):
        raise _Unfit(f"a link to {printable(inside.as_posix())}, which is read under its own name")
    return target


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB" if size >= 10_000_000 else f"{size / 1_000_000:,.1f} MB"
