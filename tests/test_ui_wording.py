"""Every word of the page stands in one file, and all of them are used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from retrieval.stages import Stage
from schema import KINDS, ROLES, FellBack, Mode, Relation
from server.source import State
from settings import ROOT
from ui import wording

WORDS = wording.load()
SOURCES = [
    *(ROOT / "ui").glob("*.py"),
    *(ROOT / "server").glob("*.py"),
    *(ROOT / "export").glob("*.py"),
    *(ROOT / "ui" / "static").glob("*.js"),
]


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
    | {f"collections_{state}" for state in ("closed", "unbuilt", *get_args(State))}
    | {f"waiting_{stage}" for stage in get_args(Stage)}
    | {"search_everywhere", "search_within_again"}
    | {f"strip_{shown}{label}" for shown in ("all", "filtered") for label in ("", "_label")}
    | {"state_missing", "library_of", "refuse_collection", "refuse_busy_collections", "stage_waiting"}
    | {"library_stage_waiting"}
    | {f"fell_back_{why}" for why in get_args(FellBack)}
    | {f"mode_{mode}" for mode in get_args(Mode)}
    | {f"mode_{mode}_help{where}" for mode, where in (("extractive", ""), ("composed", ""), ("composed", "_here"))}
    | {"fell_back", "broken_off", "left_out_one", "left_out_other"}
    | {"relation_original", "stage_reading", "stage_embedding", "user", "bot", "quoted_by"}
    | {f"filter_{field}" for field in ("kinds", "languages", "documents", "speakers")}
    | {f"{prefix}_kind_{kind}" for prefix in ("filter", "library") for kind in KINDS}
    | {f"library_field_{field}" for field in ("title", "authors", "date", "kind")}
    | {f"library_sort_{field}" for field in ("corpus", "title", "date", "length", "kind")}
    | {f"library_{name}" for name in ("add_files", "add_folder", "filter", "sort", "correct", "understood")}
    | {f"library_{name}_label" for name in ("correct", "understood")}
    | {f"reader_page_{why}" for why in ("gone", "changed", "failed", "busy")}
    | {"export_copied", "export_this", "export_quotes"}
    | {f"collect_cite_{style}" for style in ("apa", "chicago", "bibtex", "plain")}
    | {f"feedback_{kind}" for kind in ("right", "wrong_quote", "missing")}
    | {f"strip_by_{order}{label}" for order in ("date", "place") for label in ("", "_label")}
    | {f"library_stage_{s}" for s in ("reading", "embedding", "dense_index", "lexical_index", "alignment", "checking")}
)


def test_every_word_that_is_used_exists() -> None:
    used = MADE.union(*map(named, SOURCES))
    assert used - WORDS.keys() == set()


def test_every_word_is_used() -> None:
    used = MADE.union(*map(named, SOURCES))
    assert WORDS.keys() - used == set()
