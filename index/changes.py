"""What a corpus folder holds, beside what the last build saw there: sizes and times first, hashes where in doubt."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from documents.discover import FoundFile, printable
from documents.sidecar import sidecar_paths
from index import manifest as manifests
from index.manifest import SourceFile
from index.passages import PARAMETERS
from settings import ROOT, Settings

_JUST_NOW_NS = 2_000_000_000  # file systems keep times to 2 s at worst (FAT): a file this new may change unseen
# Code that decides what a document becomes. When it changes, documents are read again.
_DECIDING = ("documents/**/*.py", "text/*.py", "index/catalogue.py", "index/passages.py", "index/rows.py", "schema.py")


@dataclass(frozen=True, slots=True)
class Survey:
    """The files of a corpus. `states` has, for each document, one hash over the file and its sidecars."""

    sources: tuple[SourceFile, ...]
    states: dict[str, str]
    hashed: int  # files that had to be read, for they were new or changed


def survey(files: Iterable[FoundFile], known: Iterable[SourceFile]) -> Survey:
    """Look at the files of a corpus, reading only those whose size or time is not the known one."""
    look = _Look({source.id: source for source in known})
    states = {}
    for file in files:
        parts = [look.at(file.id, file.path)]
        for sidecar in sidecar_paths(file.path):
            if sidecar.is_file():
                name = file.id.rpartition("/")[0]
                parts.append(look.at(f"{name}/{printable(sidecar.name)}" if name else printable(sidecar.name), sidecar))
        joined = "\n".join(f"{part.id} {part.sha256}" for part in parts)
        states[file.id] = hashlib.sha256(joined.encode()).hexdigest()
    return Survey(tuple(look.seen.values()), states, look.hashed)


class _Look:
    def __init__(self, known: Mapping[str, SourceFile]) -> None:
        self._known = known
        self._now = time.time_ns()
        self.seen: dict[str, SourceFile] = {}
        self.hashed = 0

    def at(self, name: str, path: Path) -> SourceFile:
        """Return a file's state; one that cannot be read has no hash (and is listed as skipped when it is read)."""
        if name not in self.seen:
            self.seen[name] = self._look(name, path)
        return self.seen[name]

    def _look(self, name: str, path: Path) -> SourceFile:
        known = self._known.get(name)
        try:
            status = path.stat()
            if known and known.mtime_ns and (known.size, known.mtime_ns) == (status.st_size, status.st_mtime_ns):
                return known
            self.hashed += 1
            certain = self._now - status.st_mtime_ns > _JUST_NOW_NS
            return SourceFile(name, status.st_size, status.st_mtime_ns if certain else 0, manifests.sha256(path))
        except OSError:
            return SourceFile(name, 0, 0, "")


def parameters(settings: Settings) -> dict[str, Any]:
    """Return everything but the model that decides what an index of the same files holds."""
    limits = {name: getattr(settings, name) for name in ("file_bytes", "text_characters")}
    return {"passages": PARAMETERS, "limits": limits, "code": _code_hash(ROOT)}


def _code_hash(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _DECIDING for path in root.glob(pattern)):
        digest.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    return digest.hexdigest()
