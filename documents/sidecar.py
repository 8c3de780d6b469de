"""What a document does not tell of itself, as its owner writes it down beside it: `NAME.meta.toml`.

For `talks/visit.txt` that is `talks/visit.txt.meta.toml` (or `talks/visit.meta.toml`). corpus/README.md shows how
to write one. A sidecar is as hostile as any file: it is bounded, checked key by key, and nothing in it is executed.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from errors import DocumentError
from schema import KINDS, ROLES, Kind, Role

SUFFIX = ".meta.toml"
Basis = Literal["stated", "inferred"]

_FILE_BYTES = 1_000_000  # a part for each of a thousand paragraphs stays far below
_MOST_PARTS = 5_000
_LONGEST_VALUE = 2_000  # characters of one value


@dataclass(frozen=True, slots=True)
class Part:
    """What the sidecar says of a stretch of the text, which begins with the words `begins`.

    A comment, body, summary, translation or turn goes on to the next such part or to the end of the text; inside it
    the parser still finds headings, quotations and the like. Any other part is one paragraph. `ends` ends either.
    `role` None leaves the role to the parser.
    `numbered` False tells a stretch of several comments whose borders nobody knows.
    """

    begins: str
    ends: str | None = None
    occurrence: int | None = None  # from 1, where the first words stand more than once
    role: Role | None = None
    level: int | None = None  # of a heading, from 1
    section: tuple[str, ...] | None = None
    speaker: str | None = None
    basis: Basis = "stated"
    because: str | None = None
    quoted_by: str | None = None
    reports: tuple[str, ...] = ()
    language: str | None = None
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The content of one sidecar; all empty where there is none. `name` is the sidecar's own, for messages."""

    name: str = ""
    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    kind: Kind | None = None
    link: str | None = None
    origin: str | None = None
    language: str | None = None
    parts: tuple[Part, ...] = ()


def is_sidecar(path: Path) -> bool:
    """Tell whether a file is a sidecar by its name, and so no document."""
    return path.name.endswith(SUFFIX)


def sidecar_paths(document: Path) -> tuple[Path, Path]:
    """Return the two names that a document's sidecar may have; the first wins where both exist."""
    return document.with_name(document.name + SUFFIX), document.with_name(document.stem + SUFFIX)


def read_sidecar(path_of_document: Path) -> Sidecar:
    """Read the sidecar beside a document; an empty one where there is none.

    :raises DocumentError: where it is no regular file, too large, no TOML, or has an unknown or wrong value.
    """
    for path in sidecar_paths(path_of_document):
        if os.path.lexists(path):
            return parse_sidecar(read_text(path), path.name)
    return Sidecar()


def parse_sidecar(content: str, name: str) -> Sidecar:
    """Read a sidecar's content. :raises DocumentError: as `read_sidecar`."""
    try:
        table = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as exc:
        raise DocumentError(f"sidecar {name} is no valid TOML ({exc}); correct it or delete it") from exc
    parts = table.pop("parts", [])
    because = table.pop("because", None)
    if not isinstance(parts, list) or len(parts) > _MOST_PARTS:
        raise DocumentError(f"sidecar {name}: parts must be a list of at most {_MOST_PARTS} tables")
    values = _Values(table, name, "")
    sidecar = Sidecar(
        name=name,
        title=values.text("title"),
        authors=values.texts("authors"),
        date=values.text("date"),
        kind=values.choice("kind", KINDS),
        link=values.text("link"),
        origin=values.text("origin"),
        language=values.text("language"),
        parts=tuple(_part(part, name, number, because) for number, part in enumerate(parts, start=1)),
    )
    values.end()
    return sidecar


def _part(table: object, name: str, number: int, because: object) -> Part:
    where = f"part {number}: "
    if not isinstance(table, dict):
        raise DocumentError(f'sidecar {name}: {where}write it as a table, {{ begins = "first words", ... }}')
    values = _Values(table, name, where)
    begins = values.text("begins")
    if not begins or not begins.strip():
        raise DocumentError(f"sidecar {name}: {where}give its first words as begins")
    part = Part(
        begins=begins,
        ends=values.text("ends"),
        occurrence=values.count("occurrence"),
        role=values.choice("role", ROLES),
        level=values.count("level"),
        section=values.texts("section") if "section" in table else None,
        speaker=values.text("speaker"),
        basis=values.choice("basis", get_args(Basis)) or "stated",
        because=values.text("because") or (because if isinstance(because, str) else None),
        quoted_by=values.text("quoted_by"),
        reports=values.texts("reports"),
        language=values.text("language"),
        numbered=values.flag("numbered", True),
    )
    values.end()
    if part.basis == "inferred" and not part.because:
        raise DocumentError(f'sidecar {name}: {where}"{begins[:40]}" is inferred; say how it is known as because')
    return part


class _Values:
    """The values of one table, each checked as it is taken, so that what remains is unknown."""

    def __init__(self, table: Mapping[str, Any], name: str, where: str) -> None:
        self._left = dict(table)
        self._prefix = f"sidecar {name}: {where}"

    def text(self, key: str) -> str | None:
        value = self._left.pop(key, None)
        if value is not None and not isinstance(value, str):
            value = value.isoformat() if key == "date" and hasattr(value, "isoformat") else value
        return None if value is None else self._short(key, value)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._left.pop(key, [])
        if not isinstance(value, list):
            raise DocumentError(f'{self._prefix}{key} must be a list: ["...", "..."]')
        return tuple(self._short(key, item) for item in value)

    def choice(self, key: str, choices: tuple[Any, ...]) -> Any:
        value = self.text(key)
        if value is not None and value not in choices:
            raise DocumentError(f'{self._prefix}{key} is "{value[:40]}"; choose one of {", ".join(choices)}')
        return value

    def count(self, key: str) -> int | None:
        value = self._left.pop(key, None)
        if value is not None and (type(value) is not int or not 1 <= value <= 1_000_000):
            raise DocumentError(f"{self._prefix}{key} must be a whole number from 1")
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self._left.pop(key, default)
        if not isinstance(value, bool):
            raise DocumentError(f"{self._prefix}{key} must be true or false")
        return value

    def end(self) -> None:
        """Refuse what no one asked for. :raises DocumentError: naming the first unknown key."""
        for key in self._left:
            raise DocumentError(f'{self._prefix}"{key[:40]}" is unknown; correct it (corpus/README.md lists the keys)')

    def _short(self, key: str, value: object) -> str:
        if not isinstance(value, str) or len(value) > _LONGEST_VALUE:
            raise DocumentError(f"{self._prefix}{key} must be text of at most {_LONGEST_VALUE} characters")
        return value


def read_text(path: Path) -> str:
    """Return a sidecar's text; never follow a link, wait for a pipe or read without end.

    :raises DocumentError: where it is no plain file of bearable size in UTF-8.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > _FILE_BYTES:
                raise DocumentError(f"sidecar {path.name} is no plain file of at most {_FILE_BYTES} bytes; replace it")
            return file.read(_FILE_BYTES + 1).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise DocumentError(f"sidecar {path.name} cannot be read ({exc}); save it as a UTF-8 file") from exc
