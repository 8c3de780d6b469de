"""Several collections in a real browser: which one is asked, going to another one, making a new one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Page, expect

from server.loading import load
from settings import Settings
from tests.browser.harness import NARROW, Record, ask, serving
from tests.test_server_collections import document

pytestmark = pytest.mark.browser

BUILT = 60_000  # milliseconds that a small index takes where other tests share the machine


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    document(tmp_path / "papers", "The lighthouse keeper trimmed the wick at midnight.")
    document(tmp_path / "more" / "Minutes", "The harbour board closed the old pier in March.")
    document(tmp_path / "more" / "<b>議事録", "議長は灯台の修理を四月に決めた。")
    return Settings(
        corpus=tmp_path / "papers", collections=tmp_path / "more", data=tmp_path / "data", embedding="hash", workers=1
    )


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    with serving(partial(load, settings), settings) as url:
        yield url


@pytest.fixture
def opened(page: Page, address: str) -> Page:
    page.goto(address)
    ready(page)
    return page


def ready(page: Page) -> None:
    expect(page.locator("#sidenote-welcome .examples")).to_be_attached(timeout=BUILT)


def go(page: Page, name: str) -> None:
    """Go to another collection by keyboard."""
    page.locator("body").press("o")
    link = page.locator(".collections").get_by_role("link", name=name, exact=True)
    link.focus()
    link.press("Enter")
    expect(page.locator("[data-name=collections] .collection-name")).to_have_text(name)
    ready(page)


def test_another_collection_is_opened_by_keyboard_and_answers(opened: Page, record: Record) -> None:
    expect(opened.locator("[data-name=collections]")).to_have_text("papers ▾")
    opened.locator("#sidenote-question textarea").blur()
    go(opened, "Minutes")
    assert opened.url.endswith("/?collection=Minutes")
    expect(opened).to_have_title("Minutes – Sidenote")
    ask(opened, "When was the old pier closed?")
    expect(opened.locator("[data-testid=bot]").last).to_contain_text("pier")
    expect(opened.locator(".card .verdict").first).to_contain_text("verbatim")
    opened.go_back()
    expect(opened.locator("[data-name=collections]")).to_have_text("papers ▾")
    assert not record.errors and not record.dialogs


def test_a_conversation_stays_where_it_was_held(opened: Page) -> None:
    ask(opened, "When was the wick trimmed?")
    expect(opened.locator(".card")).not_to_have_count(0)
    opened.locator("#sidenote-question textarea").blur()
    go(opened, "Minutes")
    expect(opened.locator("[data-testid=bot]")).to_have_count(0)
    ask(opened, "When was the old pier closed?")
    expect(opened.locator(".card")).not_to_have_count(0)
    opened.locator("[data-name=history]").click()
    entries = opened.locator(".history .entries > li")
    expect(entries).to_have_count(2)
    expect(entries.filter(has_text="wick")).to_contain_text("papers")
    entries.filter(has_text="wick").locator(".question").click()
    expect(opened.locator("[data-name=collections]")).to_have_text("papers ▾")
    expect(opened.locator("[data-testid=user]")).to_have_text("When was the wick trimmed?")


def test_a_link_opens_the_same_collection(page: Page, address: str) -> None:
    page.goto(f"{address}/?collection=Minutes")
    ready(page)
    page.goto(f"{address}/?collection=Minutes&q=When+was+the+old+pier+closed%3F")
    expect(page.locator(".card blockquote").first).to_contain_text("pier", timeout=BUILT)
    assert page.url == f"{address}/?collection=Minutes", "asked once, in the same collection"
    page.goto("about:blank")
    page.goto(f"{address}/?collection=Minutes#read/note.txt/0-4")
    expect(page.locator(".reader .text")).to_contain_text("harbour board")


def test_collected_quotes_and_filters_are_those_of_the_collection(opened: Page) -> None:
    ask(opened, "When was the wick trimmed?")
    opened.locator(".card .collect").first.click()
    expect(opened.locator("[data-name=collected]")).to_contain_text("(1)")
    opened.locator("#sidenote-question textarea").blur()
    go(opened, "Minutes")
    expect(opened.locator("[data-name=collected]")).not_to_contain_text("(1)")


def test_a_name_is_never_markup(opened: Page, record: Record) -> None:
    opened.locator("[data-name=collections]").click()
    opened.locator(".collections").get_by_role("link", name="<b>議事録").click()
    expect(opened.locator("[data-name=collections]")).to_have_text("<b>議事録 ▾")
    ready(opened)
    assert opened.locator("#sidenote b").count() == 0
    assert not record.errors


def test_what_is_not_there_is_said_with_a_way_to_what_is(page: Page, address: str) -> None:
    page.goto(f"{address}/?collection=%3Cimg%20src%3Dx%3E")
    expect(page.locator("#sidenote-welcome [role=alert]")).to_have_text("There is no such collection here.")
    expect(page.locator("#sidenote-welcome .message")).to_contain_text("“<img src=x>”")
    page.locator("#sidenote-welcome button").click()
    expect(page.locator(".collections li")).to_have_count(3)


def test_a_new_collection_is_made_and_filled(opened: Page, settings: Settings) -> None:
    opened.locator("[data-name=library]").click()
    expect(opened.locator(".library-of")).to_contain_text("Collection: papers")
    opened.locator(".library-of button").click()
    field = opened.locator(".new-collection input")
    field.fill("minutes")
    field.press("Enter")
    expect(opened.locator(".new-collection .trouble")).to_have_text("There is a collection of this name.")
    field.fill("Gulls #1")
    field.press("Enter")
    expect(opened.locator("#sidenote-welcome [role=alert]")).to_be_visible(timeout=BUILT)
    assert (settings.collections / "Gulls #1").is_dir()
    opened.get_by_role("button", name="To the library").click()
    gull: FilePayload = {"name": "gull.txt", "mimeType": "text/plain", "buffer": b"Gull\n\nIt sleeps on the mast.\n"}
    opened.locator(".library-change input[type=file]").first.set_input_files([gull])
    expect(opened.locator(".library-open")).to_have_text(["Gull"], timeout=BUILT)
    assert (settings.collections / "Gulls #1" / "gull.txt").is_file()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_dialog(opened: Page, scheme: Literal["light", "dark"]) -> None:
    opened.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    opened.locator("[data-name=collections]").click()
    opened.locator(".collections a").first.wait_for()
    rows = Axe().run(opened).response["violations"]
    assert [row["id"] for row in rows if row["impact"] in ("serious", "critical")] == []


def test_the_narrow_bar_fits_whole(opened: Page) -> None:
    opened.set_viewport_size(NARROW)
    expect(opened.locator("[data-name=collections]")).to_be_visible()
    fits = (
        "() => { const menu = document.getElementById('sidenote-menu'); return menu.scrollWidth <= menu.clientWidth; }"
    )
    opened.wait_for_function(fits)


def test_with_one_corpus_the_bar_is_as_it_was(page: Page, tmp_path: Path) -> None:
    document(tmp_path / "papers", "The wick.")
    settings = Settings(
        corpus=tmp_path / "papers", collections=tmp_path / "none", data=tmp_path / "data", embedding="hash", workers=1
    )
    with serving(partial(load, settings), settings) as url:
        page.goto(url)
        ready(page)
        expect(page.locator("[data-name=collections]")).to_be_hidden()
