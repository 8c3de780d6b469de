"""What a generation of the index was made from and consists of, and the check that it still does.

A damaged Chroma file ends the process that opens it (measured: SIGSEGV, SIGABRT) or makes it answer wrongly without
a word. So every file of a generation is hashed when it is made and compared before anything opens it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from errors import IndexDamagedError
from schema import Skipped

NAME = "manifest.json"
SCHEMA = 1  # of the files of a generation; raised when an older one could not be read any more


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the corpus folder (a document or a sidecar) as the build saw it.

    Size and time are compared first; `mtime_ns` is 0 where the file was so new that a later change could have
    kept both, so that its hash decides.
    """

    id: str
    size: int
    mtime_ns: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """What two builds must have in common for one to use what the other made."""

    schema: int
    embedding: str
    fingerprint: str
    dimensions: int
    means: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole description of one generation. `contents` maps each of its files to [bytes, SHA-256]."""

    generation: str
    created: str  # ISO 8601, UTC
    recipe: Recipe
    corpus: str  # SHA-256 over `states`
    sources: tuple[SourceFile, ...]
    states: dict[str, str]  # for each document, one hash over the file and its sidecars
    skipped: tuple[Skipped, ...]
    counts: dict[str, int]
    contents: dict[str, tuple[int, str]]
    verified: str  # the versions with which the build opened and asked what it had made


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a generation, with a hash over itself."""
    body = json.dumps(asdict(manifest), sort_keys=True)
    text = json.dumps({"sha256": hashlib.sha256(body.encode()).hexdigest(), "manifest": body})
    (folder / NAME).write_text(text, "ascii")


def read(folder: Path) -> Manifest:
    """Read the manifest of a generation.

    :raises IndexDamagedError: where it is missing, incomplete, changed, or of another version of Sidenote.
    """
    try:
        outer = json.loads((folder / NAME).read_text("ascii"))
        body: str = outer["manifest"]
        if hashlib.sha256(body.encode()).hexdigest() != outer["sha256"]:
            raise IndexDamagedError(f"{folder.name}/{NAME} was changed")
        values: dict[str, Any] = json.loads(body)
        if values["recipe"]["schema"] != SCHEMA:
            raise IndexDamagedError(f"{folder.name} was written by another version of Sidenote")
        values["recipe"] = Recipe(**values["recipe"])
        values["sources"] = tuple(SourceFile(**row) for row in values["sources"])
        values["skipped"] = tuple(Skipped(**row) for row in values["skipped"])
        values["contents"] = {name: (size, digest) for name, (size, digest) in values["contents"].items()}
        return Manifest(**values)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(f"{folder.name}/{NAME} cannot be read ({error})") from error


def check_file(folder: Path, manifest: Manifest, name: str) -> None:
    """Compare one file of a generation with its manifest. :raises IndexDamagedError: where it is not the same."""
    size, digest = manifest.contents.get(name, (-1, ""))
    path = folder / name
    try:
        actual = path.stat().st_size
        if actual != size:
            raise IndexDamagedError(f"{folder.name}/{name} has {actual} bytes and should have {size}")
        if sha256(path) != digest:
            raise IndexDamagedError(f"{folder.name}/{name} was changed")
    except OSError as error:
        raise IndexDamagedError(f"{folder.name}/{name} cannot be read ({error.strerror})") from error


def check(folder: Path, manifest: Manifest) -> None:
    """Compare every file of a generation with its manifest.

    :raises IndexDamagedError: naming the first file that is missing, cut off or changed.
    """
    for name in manifest.contents:
        check_file(folder, manifest, name)


def signature(folder: Path, manifest: Manifest) -> str:
    """Return a hash over size and time of every file of a generation: cheap, and different when one was replaced."""
    digest = hashlib.sha256()
    for name in manifest.contents:
        try:
            status = (folder / name).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns} {status.st_ino}\n".encode())
        except OSError:
            digest.update(f"{name} missing\n".encode())
    return digest.hexdigest()


def total_bytes(manifest: Manifest) -> int:
    """Return how large all files of a generation are together."""
    return sum(size for size, _ in manifest.contents.values())


def contents(folder: Path) -> dict[str, tuple[int, str]]:
    """Return the size and hash of every file below a folder, by relative path."""
    return {path.relative_to(folder).as_posix(): (path.stat().st_size, sha256(path)) for path in files(folder)}


def files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder that belong to a generation, in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != NAME and not path.name.endswith(".lock"):
            yield path


def corpus_hash(states: dict[str, str]) -> str:
    """Return one hash over the names and contents of all documents of a corpus."""
    return hashlib.sha256(json.dumps(states, sort_keys=True).encode()).hexdigest()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file. :raises OSError: where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
