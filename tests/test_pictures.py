"""The pictures that README and docs/ show are there, are all of those that can be taken, and do not weigh much."""

import re

from settings import ROOT
from tests.browser.pictures import SIZES, STATES, THEMES

FOLDER = ROOT / "docs" / "pictures"
MOST = 2_500_000  # bytes of all: everybody who gets the project gets them


def test_each_state_is_there_in_both_sizes_and_themes() -> None:
    wanted = {f"{state}-{size}-{theme}.webp" for state in STATES for size in SIZES for theme in THEMES}
    assert {path.name for path in FOLDER.iterdir()} == wanted


def test_pictures_do_not_weigh_much() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MOST


def test_every_picture_that_is_shown_says_what_is_on_it() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = [one for page in pages for one in re.findall(r"!\[([^\]]*)\]\(", page.read_text(encoding="utf-8"))]
    assert len(shown) > 6
    assert all(len(words) > 20 for words in shown)
