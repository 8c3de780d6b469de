"""The pictures of README and docs/page.md: the page's main states on the shipped corpus, in two sizes and two themes.

`make pictures` starts the page and takes them; with `--address`, of a page that runs already. What is on them decides
whether they are good, so whoever takes them looks at each.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

import commands
from errors import UsageError
from evaluation.browser import chromium
from evaluation.page_costs import running
from settings import ROOT, Settings
from tests.browser.harness import NARROW, PATIENCE, WIDE, ask

QUESTION = "What does Holden say about unilateral pauses?"
NOT_SAID = "What did they decide about pensions?"
PHRASE = "unilateral commitments"
TRANSLATED = "#read/002_6217bf764f1e3efe.txt/14158-14275"  # a sentence that has a translation
SHARPNESS = 1.5  # pixels of a picture for one of the page
QUALITY = 50  # of WebP: above it files grow, and letters look the same
SIZES: dict[str, ViewportSize] = {"wide": WIDE, "narrow": NARROW}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_EXAMPLE = """examples:
  python -m tests.browser.pictures                                    start the page, take all of them
  python -m tests.browser.pictures --address http://127.0.0.1:7860    of a page that runs already
  python -m tests.browser.pictures --only answer --only library       some of them"""


def answer(page: Page, address: str) -> None:
    """Show an answer with its quotes beside it, or unfolded under a sentence where the page is narrow."""
    _answered(page, address, QUESTION)
    if narrow(page):
        page.locator("a.marker").first.click()
        page.locator(".card:visible").first.wait_for()


def reader(page: Page, address: str) -> None:
    """Show the first quote marked in its document."""
    answer(page, address)
    page.locator(".card button.read:visible").first.click()
    page.locator(".reader mark").first.wait_for()


def beside(page: Page, address: str) -> None:
    """Show a document and its translation in parallel columns, a pair of sentences marked."""
    _opened(page, address, TRANSLATED)
    page.locator("button.side-by-side").click()
    sentence = page.locator("mark[data-pair]").first
    sentence.click()  # unfolds the translation where the page is narrow
    other = page.locator(f"a.counterpart[data-pair='{sentence.get_attribute('data-pair')}']")
    other.evaluate("other => other.scrollIntoView({ block: 'center' })")
    other.hover()


def library(page: Page, address: str) -> None:
    """Show the documents and how they were understood."""
    _ready(page, address)
    page.locator("[data-name=library]").click()
    page.locator(".view-library li").first.wait_for()


def search(page: Page, address: str) -> None:
    """Show the hits of an exact phrase."""
    _opened(page, address, f"#search/{quote(PHRASE)}")
    page.locator(".search-hit").first.wait_for()


def silence(page: Page, address: str) -> None:
    """Show what it looks like where the corpus does not say."""
    _answered(page, address, NOT_SAID)


STATES: dict[str, Callable[[Page, str], None]] = {
    made.__name__: made for made in (answer, reader, beside, library, search, silence)
}


def narrow(page: Page) -> bool:
    """Tell whether the page has one column."""
    return page.viewport_size == NARROW


def _ready(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".examples button").first.wait_for()


def _opened(page: Page, address: str, place: str) -> None:
    """Open a view beside an answer."""
    page.goto(f"{address}/?q={quote(QUESTION)}{place}")
    page.locator("a.marker").first.wait_for(state="attached")


def _answered(page: Page, address: str, question: str) -> None:
    _ready(page, address)
    ask(page, question)
    page.locator(".card").first.wait_for(state="attached")


def take(browser: Browser, address: str, folder: Path, states: list[str]) -> Iterator[Path]:
    """Take pictures of these states into a folder; yield the path of each when it is written."""
    for size, viewport in SIZES.items():
        for theme in THEMES:
            for name in states:
                context = browser.new_context(
                    viewport=viewport, color_scheme=theme, device_scale_factor=SHARPNESS, reduced_motion="reduce"
                )
                context.set_default_timeout(PATIENCE)
                page = context.new_page()
                STATES[name](page, address)
                page.evaluate("document.activeElement.blur()")
                page.wait_for_timeout(800)  # milliseconds, until what was asked for last is drawn
                path = folder / f"{name}-{size}-{theme}.webp"
                Image.open(io.BytesIO(page.screenshot())).save(path, quality=QUALITY, method=6)
                context.close()
                yield path


def _parser() -> argparse.ArgumentParser:
    parser = commands.Parser("python -m tests.browser.pictures", "Take the pictures of docs/.", _EXAMPLE)
    commands.add_common(parser)
    parser.add_argument("--address", help="where the page runs already")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "pictures", help="where they go (docs/pictures)")
    parser.add_argument("--only", action="append", choices=STATES, help="this state alone (may be repeated)")
    return parser


def _main(arguments: argparse.Namespace) -> int:
    settings = Settings.from_env(corpus=arguments.corpus, data=arguments.data)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    page = nullcontext(arguments.address) if arguments.address else running(settings)
    with page as address, chromium() as browser:
        if isinstance(browser, str):
            raise UsageError(browser)
        for path in take(browser, address, arguments.folder, arguments.only or list(STATES)):
            sys.stdout.write(f"{path} {path.stat().st_size:,} bytes\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(commands.run(_main, _parser()))
