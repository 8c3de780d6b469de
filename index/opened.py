"""Checks the files of a generation against its manifest, and remembers what was opened without harm.

A small index is hashed whenever it is opened. The files of a large one are hashed again when the size or time of one
changed, so that opening takes less than a second either way.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path

from index import dense, lexical
from index import manifest as manifests
from index.manifest import Manifest

ALWAYS_HASHED = 100_000_000  # bytes; 0.2 s
_NAME = "opened.json"


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened without harm: which generation, with which versions, and how its files looked."""

    generation: str
    versions: str
    signature: str


def versions() -> str:
    """Return what must be the same for an index that was opened before to open again."""
    return f"{dense.version()}, {lexical.version()}, {platform.machine()}"


def check(data: Path, manifest: Manifest) -> bool:
    """Check the files of a generation; tell whether exactly this was opened before.

    :raises IndexDamagedError: naming the first file that is missing, cut off or changed.
    """
    known = _read(data) == _now(data, manifest)
    if not known or manifests.total_bytes(manifest) <= ALWAYS_HASHED:
        manifests.check(data / manifest.generation, manifest)
    return known


def remember(data: Path, manifest: Manifest) -> None:
    """Write down, in one step, that a generation was opened without harm."""
    with contextlib.suppress(OSError):  # a read-only folder: the next start looks again
        new = data / f"{_NAME}.{os.getpid()}"
        new.write_text(json.dumps(asdict(_now(data, manifest))), "utf-8")
        os.replace(new, data / _NAME)


def _now(data: Path, manifest: Manifest) -> Opened:
    return Opened(manifest.generation, versions(), manifests.signature(data / manifest.generation, manifest))


def _read(data: Path) -> Opened | None:
    try:
        return Opened(**json.loads((data / _NAME).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
