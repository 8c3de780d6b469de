"""Every word of the page stands in one file, and all of them are used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from schema import ROLES, Relation
from server.source import State
from settings import ROOT
from ui import wording

WORDS = wording.load()
SOURCES = [*(ROOT / "ui").glob("*.py"), *(ROOT / "server").glob("*.py"), *(ROOT / "ui" / "static").glob("*.js")]


def named(path: Path) -> set[str]:
    text = path.read_text("utf-8")
    names = set(re.findall(r"""(?:\bsay\(|words\[)["'](\w+)["']""", text))
    for count in re.findall(r"""sayCount\(["'](\w+)["']""", text):
        names |= {f"{count}_one", f"{count}_other"}
    return names


# Names that are put together where they are used.
MADE = (
    {f"role_{role}" for role in ROLES}
    | {f"relation_{relation}" for relation in get_args(Relation)}
    | {f"refuse_{state}" for state in ("loading", "building", "empty")}
    | {f"state_{state}" for state in ("offline", *get_args(State)) if state != "ready"}
    | {"relation_original", "stage_reading", "stage_embedding", "user", "bot", "quoted_by"}
)


def test_every_word_that_is_used_exists() -> None:
    used = MADE.union(*map(named, SOURCES))
    assert used - WORDS.keys() == set()


def test_every_word_is_used() -> None:
    used = MADE.union(*map(named, SOURCES))
    assert WORDS.keys() - used == set()
