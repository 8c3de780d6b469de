"""Reads files of questions, one JSON object a line, and says which line is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from errors import UsageError

Row = dict[str, Any]


def rows(path: Path, needed: tuple[str, ...] = ()) -> Iterator[Row]:
    """Yield the objects of a JSON Lines file; blank lines are passed over.

    :param needed: keys that every row must have.
    :raises UsageError: for a file that cannot be read, a line that is no JSON object, or a missing key.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{path} cannot be read ({reason}): give a file with one JSON object a line") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{path}, line {number}: no JSON ({error})") from error
        if not isinstance(row, dict) or any(key not in row for key in needed):
            raise UsageError(f"{path}, line {number}: an object with {', '.join(needed) or 'keys'} is needed")
        yield row
