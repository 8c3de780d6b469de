"""What files of the corpus were before they were changed, kept for a while, so that every change can be undone.

It lies in the data folder: one folder for each change, with what was there. The oldest ones go first.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

from settings import Settings

FOLDER, RECORD = "trash", "record.json"
MOST = 100  # changes that can be undone
_TOKEN = re.compile(r"\d{8}-[0-9a-f]{16}")


class GoneError(Exception):
    """A change that is not kept any more."""


class Trash:
    """The former contents of changed files. Safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.data / FOLDER
        self._corpus = settings.corpus
        self._most_bytes = 10 * settings.file_bytes
        self._lock = threading.Lock()

    def keep(self, names: Sequence[str]) -> str:
        """Keep what files below the corpus folder hold now, or that they are not there; return a token to undo.

        :raises OSError: where there is no room; nothing was kept then.
        """
        with self._lock:
            folder = self._next()
            folder.mkdir(parents=True)
            try:
                kept = [_keep(self._corpus / name, folder / str(at)) for at, name in enumerate(names)]
                record = [[name, there] for name, there in zip(names, kept, strict=True)]
                (folder / RECORD).write_text(json.dumps(record), "ascii")
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            self._bound(folder.name)
            return folder.name

    def names(self, token: str) -> list[str]:
        """Return the files that a change was about. :raises GoneError: where it is not kept."""
        return [name for name, _ in self._record(token)]

    def restore(self, token: str) -> None:
        """Make files what they were before a change. :raises GoneError, OSError: where that cannot be done."""
        for at, (name, there) in enumerate(self._record(token)):
            target = self._corpus / name
            if there:
                target.parent.mkdir(parents=True, exist_ok=True)
                temporary = part_file(self._corpus)
                try:
                    shutil.copy2(self._folder / token / str(at), temporary)
                    os.utime(temporary)  # a change, also to those who compare times
                    os.replace(temporary, target)
                finally:
                    temporary.unlink(missing_ok=True)
            else:
                target.unlink(missing_ok=True)

    def forget(self, token: str) -> None:
        """Let go of a change that can no longer be undone, or did not come to be."""
        if _TOKEN.fullmatch(token):
            shutil.rmtree(self._folder / token, ignore_errors=True)

    def _record(self, token: str) -> list[tuple[str, bool]]:
        try:
            if not _TOKEN.fullmatch(token):
                raise GoneError(token)
            rows = json.loads((self._folder / token / RECORD).read_text("ascii"))
        except (OSError, ValueError) as error:
            raise GoneError(token) from error
        return [(str(name), bool(there)) for name, there in rows]

    def _changes(self) -> list[str]:
        with contextlib.suppress(OSError):
            return sorted(path.name for path in self._folder.iterdir() if _TOKEN.fullmatch(path.name))
        return []

    def _next(self) -> Path:
        last = max((int(name.partition("-")[0]) for name in self._changes()), default=0)
        return self._folder / f"{(last + 1) % 100_000_000:08d}-{secrets.token_hex(8)}"

    def _bound(self, newest: str) -> None:
        sizes = {name: sum(file.stat().st_size for file in (self._folder / name).iterdir()) for name in self._changes()}
        for name in list(sizes):
            if name != newest and (len(sizes) > MOST or sum(sizes.values()) > self._most_bytes):
                shutil.rmtree(self._folder / name, ignore_errors=True)
                del sizes[name]


def part_file(corpus: Path) -> Path:
    """Return the path of a file under way, which nobody takes for a document: hidden, in the same file system."""
    return corpus / f".sidenote-{secrets.token_hex(8)}.part"


def _keep(path: Path, kept: Path) -> bool:
    """Keep the content of a plain file; tell whether there was one. A second name for it costs nothing."""
    if not os.path.lexists(path):
        return False
    try:
        os.link(path, kept, follow_symlinks=False)
    except OSError:  # another file system, or one without links
        shutil.copy2(path, kept, follow_symlinks=False)
    return True
