"""A PDF as it looks, with the quote marked on it; else its text and a line that says why."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from documents.discover import discover
from documents.reading import read_file
from schema import Document
from settings import ROOT, Settings
from tests.browser.fake_answerer import FakeAnswerer
from tests.browser.harness import NARROW, Record, serving

pytestmark = pytest.mark.browser

NAME = "tides-typst.pdf"
WORDS = "The table tells you what the moon intends"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pdf")
    shutil.copy(ROOT / "tests" / "data" / "formats" / NAME, folder)
    return folder


@pytest.fixture(scope="module")
def document(folder: Path) -> Document:
    settings = Settings(corpus=folder)
    return read_file(discover(folder, settings).files[0], settings)


@pytest.fixture(scope="module")
def site(folder: Path, document: Document) -> Iterator[str]:
    answerer: Any = FakeAnswerer([document])
    with serving(lambda source: source.replace(answerer), Settings(corpus=folder)) as url:
        yield url


def address(site: str, document: Document) -> str:
    start = document.text.index(WORDS)
    return f"{site}/#read/{NAME}/{start}-{start + len(WORDS)}"


def test_the_page_is_shown_with_the_quote_marked_on_its_lines(
    page: Page, site: str, document: Document, record: Record
) -> None:
    page.goto(address(site, document))
    expect(page.locator(".page img")).to_be_visible()
    page.wait_for_function("document.querySelector('.page img').naturalWidth >= 700")
    assert page.locator(".place").count() in (1, 2)
    expect(page.locator(".place").first).to_be_in_viewport()
    expect(page.locator(".page-tools .which")).to_have_text("Page 1 of 2")
    page.get_by_role("button", name="Next page").click()
    expect(page.locator(".page-tools .which")).to_have_text("Page 2 of 2")
    expect(page.locator(".place")).to_have_count(0)
    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.locator(".reader mark")).to_have_text(WORDS)
    expect(page.locator(".page img")).to_be_hidden()
    assert record == Record()


def test_on_a_narrow_page_the_text_comes_first_and_the_page_is_a_press_away(
    chromium: Browser, site: str, document: Document
) -> None:
    page = chromium.new_page(viewport=NARROW)
    page.goto(address(site, document))
    expect(page.locator(".reader mark")).to_be_visible()
    page.get_by_role("button", name="Page", exact=True).click()
    expect(page.locator(".page img")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_a_file_that_changed_or_is_gone_leaves_its_text_and_says_so(
    page: Page, site: str, document: Document, folder: Path
) -> None:
    kept = (folder / NAME).read_bytes()
    (folder / NAME).write_bytes(kept + b"\n")
    page.goto(address(site, document))
    expect(page.locator(".page-trouble")).to_contain_text("The file has changed since it was read")
    expect(page.locator(".reader mark")).to_have_text(WORDS)
    (folder / NAME).unlink()
    page.get_by_role("button", name="Page", exact=True).click()
    expect(page.locator(".page-trouble")).to_contain_text("not there any more")
    (folder / NAME).write_bytes(kept)
    page.get_by_role("button", name="Page", exact=True).click()
    expect(page.locator(".page img")).to_be_visible()


def test_the_page_is_accessible_in_dark_colours(chromium: Browser, site: str, document: Document) -> None:
    page = chromium.new_page(color_scheme="dark")
    page.goto(address(site, document))
    expect(page.locator(".page img")).to_be_visible()
    page.wait_for_timeout(700)
    found = Axe().run(page).response["violations"]
    assert not [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
    page.close()
