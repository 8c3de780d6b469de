"""Which documents figures are reported on: they stay out of all training and tuning. Split by paragraph.

    python -m training.reranker.split --sets ../shared/sets     writes evaluation/left_out.json

XQuAD's paragraphs are SQuAD's: one that is left out of either is left out of both, in every language.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

LEFT_OUT = Path(__file__).resolve().parents[2] / "evaluation" / "left_out.json"


def left_out() -> dict[str, set[str]]:
    """Return the ids of the documents that are left out, by pool."""
    return {name: set(ids) for name, ids in json.loads(LEFT_OUT.read_text("utf-8")).items()}


def _texts(folder: Path) -> dict[str, str]:
    rows = map(json.loads, (folder / "corpus.jsonl").read_text("utf-8").splitlines())
    return {str(row["id"]): " ".join(row["text"].split()) for row in rows}


def _digest(text: str) -> int:
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(), 16)


def _split(sets: Path) -> dict[str, list[str]]:
    squad, xquad = _texts(sets / "squad2dev"), _texts(sets / "xquad_en")
    left = {text for text in squad.values() if _digest(text) % 4 == 0}
    left |= {text for text in xquad.values() if _digest(text) % 2 == 0}
    english = [name for name, text in xquad.items() if text in left]

    def part(folder: str, keep: Callable[[str], bool]) -> list[str]:
        return [name for name, text in _texts(sets / folder).items() if keep(text)]

    argued = [*_texts(sets / "argued"), *(json.loads(row)["id"] for row in (sets / "argued" / "more.jsonl").open())]
    return {
        "squad2dev": [name for name, text in squad.items() if text in left],
        "xquad_en": english,
        "xquad_de": english,
        "xquad_es": english,
        "jsquad": part("jsquad", lambda text: _digest(text) % 6 == 0),
        "argued": [name for name in argued if int(name[1:]) % 8 == 0],
    }


def main() -> None:
    """Write the split down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, default=Path("../shared/sets"))
    split = _split(parser.parse_args().sets)
    rows = ",\n".join(f" {json.dumps(name)}: {json.dumps(ids)}" for name, ids in split.items())
    LEFT_OUT.write_text("{\n" + rows + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
