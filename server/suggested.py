"""What was found out about suggested questions, kept in the data folder under the name of the generation."""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ui.suggestions import Ready

_FORMAT = 1
_PREFIX = "suggestions-"  # not the prefix of generations, which are folders

log = logging.getLogger("sidenote")


@dataclass(slots=True)
class Found:
    """What is known of one generation: whether each candidate asked so far holds (its `Ready`) or not (None)."""

    generation: str = ""
    asked: dict[str, Ready | None] = field(default_factory=dict)

    @property
    def ready(self) -> list[Ready]:
        """The questions that are answered well, in the order in which they were asked."""
        return [one for one in list(self.asked.values()) if one is not None]


def _path(data: Path, generation: str) -> Path:
    return data / f"{_PREFIX}{generation}.json"


def read(data: Path, generation: str) -> dict[str, Ready | None]:
    """Return what was found out before; nothing where that cannot be read."""
    try:
        row = json.loads(_path(data, generation).read_text("ascii"))
        if row["format"] != _FORMAT:
            return {}
        return {str(text): found and Ready.from_json(found) for text, found in row["asked"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("suggested questions are looked for anew: what was kept cannot be read (%s)", type(error).__name__)
        return {}


def write(data: Path, found: Found) -> None:
    """Write down what was found out; on a disk that takes nothing it is kept in memory alone."""
    path = _path(data, found.generation)
    row = {"format": _FORMAT, "asked": {text: one and one.to_json() for text, one in found.asked.items()}}
    try:
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps(row), "ascii")
        os.replace(beside, path)
    except OSError as error:
        log.info("suggested questions are not kept (%s)", error.strerror)


def remove_old(data: Path, generation: str) -> None:
    """Remove what is kept of generations that are gone."""
    for path in data.glob(f"{_PREFIX}*"):
        name = path.name.removeprefix(_PREFIX).rsplit(".", 1)[0]
        if name != generation and not (data / name).is_dir():
            with suppress(OSError):  # a read-only disk
                path.unlink()
