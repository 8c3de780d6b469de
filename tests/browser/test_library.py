"""The library in a real browser: the list, how documents were understood, changes and their undoing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from server.loading import load
from settings import Settings
from tests.browser.harness import NARROW, serving
from tests.test_server_library import settings_for

pytestmark = pytest.mark.browser

BUILT = 60_000  # milliseconds that a small index takes where other tests share the machine


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path, file_bytes=1_000)


@pytest.fixture
def opened(page: Page, settings: Settings) -> Iterator[Page]:
    with serving(partial(load, settings), settings) as url:
        page.goto(url)
        page.locator("[data-name=library]").click()
        expect(page.locator(".library-item")).to_have_count(2, timeout=BUILT)
        yield page


def item(page: Page, title: str) -> Locator:
    return page.locator(".library-item", has=page.get_by_role("heading", name=title))


def choose(page: Page, *files: tuple[str, str]) -> None:
    chosen = [{"name": name, "mimeType": "text/plain", "buffer": text.encode()} for name, text in files]
    page.locator(".library-change input[type=file]").first.set_input_files(chosen)  # type: ignore[arg-type]


def test_documents_are_listed_and_filtered(opened: Page) -> None:
    expect(opened.locator(".library-open")).to_have_text(["Fog", "On light"])
    expect(item(opened, "On light")).to_contain_text("passage")
    opened.fill("#library-filter", "light")
    expect(opened.locator(".library-open")).to_have_text(["On light"])
    opened.fill("#library-filter", "whale")
    expect(opened.locator(".library-list")).to_have_text("No document fits.")


def test_blocks_and_what_was_left_out_are_shown(opened: Page) -> None:
    light = item(opened, "On light")
    light.get_by_role("button", name="understood").click()
    expect(light.locator(".library-block")).to_have_count(2)
    expect(light.locator(".library-block").last).to_contain_text("main text")
    expect(light.locator(".library-block").last).to_contain_text("trimmed the wick")
    opened.locator(".library-skipped summary").click()
    expect(opened.locator(".library-skipped li")).to_have_text("image.png — no reader for .png")


def test_a_file_is_added_indexed_and_undone_while_the_page_answers(opened: Page, settings: Settings) -> None:
    choose(opened, ("sea.md", "# Sea\n\nThe sea is deep.\n"), ("tool.exe", "MZ"), ("big.txt", "x" * 2_000))
    expect(opened.locator(".library-said")).to_contain_text("One file was added.")
    expect(opened.locator(".library-refused li")).to_have_count(2)
    expect(opened.locator(".library-refused")).to_contain_text("too large")
    expect(opened.locator(".library-open").first).to_be_visible()
    expect(opened.locator(".library-open")).to_have_text(["Fog", "On light", "Sea"], timeout=BUILT)
    opened.locator(".library-said button").click()
    expect(opened.locator(".library-open")).to_have_text(["Fog", "On light"], timeout=BUILT)
    assert not (settings.corpus / "sea.md").exists()


def test_a_file_of_the_same_name_asks_first(opened: Page, settings: Settings) -> None:
    before = (settings.corpus / "fog.txt").read_bytes()
    choose(opened, ("fog.txt", "Mist\n\nThe mist is thin.\n"))
    opened.locator(".library-dialog button[value=keep]").click()
    expect(opened.locator(".library-dialog")).to_have_count(0)
    assert (settings.corpus / "fog.txt").read_bytes() == before
    choose(opened, ("fog.txt", "Mist\n\nThe mist is thin.\n"))
    opened.locator(".library-dialog button[value=replace]").click()
    expect(opened.locator(".library-open")).to_have_text(["Mist", "On light"], timeout=BUILT)


def test_dropped_files_are_added(opened: Page) -> None:
    transfer = opened.evaluate_handle(
        "() => { const all = new DataTransfer();"
        " all.items.add(new File(['# Bay\\n\\nThe bay is calm.\\n'], 'bay.md')); return all; }"
    )
    opened.dispatch_event(".library", "drop", {"dataTransfer": transfer})
    expect(opened.locator(".library-open")).to_have_text(["Bay", "Fog", "On light"], timeout=BUILT)


def test_a_document_is_removed_and_brought_back(opened: Page, settings: Settings) -> None:
    item(opened, "Fog").get_by_role("button", name="Remove").click()
    expect(opened.locator(".library-open")).to_have_text(["On light"], timeout=BUILT)
    assert not (settings.corpus / "fog.txt").exists()
    opened.locator(".library-said button").click()
    expect(opened.locator(".library-open")).to_have_text(["Fog", "On light"], timeout=BUILT)


def test_a_title_is_corrected_by_keyboard(opened: Page, settings: Settings) -> None:
    fog = item(opened, "Fog")
    fog.get_by_role("button", name="Correct").press("Enter")
    expect(fog.locator(".library-correction input").first).to_be_focused()
    opened.keyboard.press("Escape")
    expect(fog.locator(".library-correction")).to_have_count(0)
    expect(opened.locator(".library")).to_be_visible()
    fog.get_by_role("button", name="Correct").press("Enter")
    fog.locator(".library-correction input").first.fill("<b>Horn</b>")
    opened.keyboard.press("Enter")
    expect(opened.locator(".library-open")).to_have_text(["<b>Horn</b>", "On light"], timeout=BUILT)
    assert 'title = "<b>Horn</b>"' in (settings.corpus / "fog.txt.meta.toml").read_text("utf-8")


@pytest.mark.parametrize("dark", [False, True])
def test_narrow_page_does_not_overflow(opened: Page, dark: bool) -> None:
    opened.evaluate("dark => document.body.classList.toggle('dark', dark)", dark)
    opened.set_viewport_size(NARROW)
    item(opened, "Fog").get_by_role("button", name="Correct").click()
    expect(opened.locator(".library-correction")).to_be_visible()
    assert opened.evaluate("() => document.documentElement.scrollWidth") <= NARROW["width"]


def test_where_documents_are_fixed_there_is_nothing_to_change_them(page: Page, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, uploads="off")
    with serving(partial(load, settings), settings) as url:
        page.goto(url)
        page.locator("[data-name=library]").click()
        expect(page.locator(".library-item")).to_have_count(2, timeout=BUILT)
        expect(page.locator(".library-change")).to_be_hidden()
        expect(page.locator(".library-acts button")).to_have_text(["How it was understood"] * 2)
