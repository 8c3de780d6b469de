"""Corrections by a reader, written into a document's sidecar; what else stands in it stays as it was written.

The TOML is not written anew: the statement of a key is found, exchanged, and the whole read again to see that this
one value changed and nothing else.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from documents.sidecar import parse_sidecar, read_text
from errors import DocumentError
from schema import KINDS

KEYS = ("title", "authors", "date", "kind")
_LONGEST = 500  # characters of a title or of one author
_MOST_AUTHORS = 50
_MOST_LINES = 60  # of one statement that is exchanged; 50 authors take a line each at most
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_HEAD = re.compile(r"\A(?:[ \t]*(?:#[^\n]*)?\r?\n)*")  # blank lines and comments at the beginning


def correct_sidecar(path: Path, changes: Mapping[str, Any], temporary: Path) -> None:
    """Change values in the sidecar at `path` in one step, making the sidecar where there is none.

    :param changes: new values by key; an empty one takes the key out, so that the document tells it again.
    :param temporary: a path in the same file system that is free.
    :raises DocumentError: where a value or the sidecar is wrong; nothing was changed then.
    """
    content = read_text(path) if os.path.lexists(path) else ""
    changed = corrected(content, {key: _checked(key, value) for key, value in changes.items()})
    parse_sidecar(changed, path.name)
    try:
        with temporary.open("x", encoding="utf-8", newline="") as file:
            file.write(changed)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def corrected(content: str, changes: Mapping[str, Any]) -> str:
    """Return TOML with other values of some top-level keys. :raises DocumentError: where it cannot be changed."""
    for key, value in changes.items():
        content = _with(content, key, value)
    return content


def _with(content: str, key: str, value: Any) -> str:
    before = _loads(content)
    after = {**before, key: value} if value else {name: old for name, old in before.items() if name != key}
    if before == after:
        return content
    for candidate in _candidates(content, key, f"{key} = {json.dumps(value, ensure_ascii=False)}" if value else ""):
        with suppress(tomllib.TOMLDecodeError):
            if tomllib.loads(candidate) == after:
                return candidate
    raise DocumentError(f"the sidecar says {key} in a way that is not changed here; change it in the file")


def _candidates(content: str, key: str, statement: str) -> Iterator[str]:
    """Yield the content with the statement in every place where it may belong."""
    lines = content.splitlines(keepends=True)
    begins = re.compile(rf"""\s*(?:{key}|"{key}"|'{key}')\s*=""")
    for first, line in enumerate(lines):
        if begins.match(line):
            for last in range(first, min(first + _MOST_LINES, len(lines))):
                for rest in _rests(lines[last]):
                    new = f"{statement} {rest}".strip() if statement or rest else ""
                    middle = f"{new}\n" if new else ""
                    yield "".join([*lines[:first], middle, *lines[last + 1 :]])
    if statement:
        head = _HEAD.match(content)
        at = head.end() if head else 0
        yield f"{content[:at]}{statement}\n{content[at:]}"


def _rests(line: str) -> Iterator[str]:
    """Yield what may be the comment at the end of a line, the longest first; then none."""
    for mark in re.finditer("#", line):
        if _is_whole(line[: mark.start()]):
            yield line[mark.start() :].strip()
    yield ""


def _is_whole(statement: str) -> bool:
    """Tell a line before a comment from one that is cut inside a string."""
    with suppress(tomllib.TOMLDecodeError):
        tomllib.loads(statement)
        return True
    with suppress(tomllib.TOMLDecodeError):  # the last line of a list over several
        tomllib.loads(f"x = [\n{statement}")
        return True
    return False


def _loads(content: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DocumentError(f"the sidecar is no valid TOML ({error}); correct it first") from error


def _checked(key: str, value: Any) -> Any:
    """Return a value as it is written. :raises DocumentError: where it is not one for that key."""
    if key not in KEYS:
        raise DocumentError(f"only {', '.join(KEYS)} can be corrected")
    if key == "authors":
        if not isinstance(value, list) or len(value) > _MOST_AUTHORS:
            raise DocumentError(f"authors must be a list of at most {_MOST_AUTHORS} names")
        return [name for name in (_line(key, item) for item in value) if name]
    value = _line(key, value)
    if key == "kind" and value and value not in KINDS:
        raise DocumentError(f"kind must be one of {', '.join(KINDS)}")
    if key == "date" and value and not _DATE.fullmatch(value):
        raise DocumentError("write the date as 2026, 2026-02 or 2026-02-24")
    return value


def _line(key: str, value: Any) -> str:
    """Return one line of text without what does not belong into one."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise DocumentError(f"{key} must be text of at most {_LONGEST} characters")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in value):
        raise DocumentError(f"{key} must be one line without control characters")
    return value.strip()
