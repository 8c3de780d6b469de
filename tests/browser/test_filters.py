"""Filters in a real browser: chosen in a small window, told with the question, kept for the conversation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from schema import Filters
from tests.browser.fake_answerer import ESSAY, FakeAnswerer, document, library
from tests.browser.harness import NARROW, Record, ask, serving

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def answerer() -> FakeAnswerer:
    return FakeAnswerer([*library(), document("h.txt", f"{HOSTILE} stands here.", HOSTILE)])


@pytest.fixture(scope="module")
def site(answerer: FakeAnswerer) -> Iterator[str]:
    with serving(lambda source: source.replace(answerer)) as url:  # type: ignore[arg-type]
        yield url


@pytest.fixture
def choosing(page: Page, site: str) -> Page:
    """Open the window to choose in."""
    page.goto(site)
    button(page).click()
    expect(box(page, "On keeping a light")).to_be_visible()
    return page


def button(page: Page) -> Locator:
    return page.locator(".filter-button")


def box(page: Page, name: str) -> Locator:
    return page.locator(".filter-popover label", has_text=name).locator("input")


def chips(page: Page) -> Locator:
    return page.locator(".filter-chip")


def test_what_is_chosen_goes_with_the_question(choosing: Page, answerer: FakeAnswerer, record: Record) -> None:
    box(choosing, "On keeping a light").check()
    box(choosing, "Japanese").check()
    choosing.get_by_role("button", name="Done").click()
    expect(button(choosing)).to_be_focused()
    expect(chips(choosing)).to_have_text(["Japanese×", "On keeping a light×"])
    ask(choosing, "Who keeps the lighthouse?")
    assert answerer.filtered[-1] == Filters(documents=(ESSAY,), languages=("ja",))
    assert record == Record()


def test_a_chip_takes_its_filter_away(choosing: Page, answerer: FakeAnswerer) -> None:
    box(choosing, "Transcript").check()
    box(choosing, "Ada Keeper").check()
    choosing.keyboard.press("Escape")
    choosing.get_by_role("button", name="Remove the filter Transcript").click()
    expect(chips(choosing)).to_have_text(["Ada Keeper×"])
    expect(chips(choosing)).to_be_focused()
    choosing.keyboard.press("Enter")
    expect(chips(choosing)).to_have_count(0)
    expect(button(choosing)).to_be_focused()
    expect(button(choosing)).to_have_text("Everywhere")
    ask(choosing, "Who keeps the lighthouse?")
    assert answerer.filtered[-1] == Filters()


def test_the_window_is_no_trap(choosing: Page) -> None:
    window = choosing.locator(".filter-popover")
    expect(choosing.get_by_label("Find a document or speaker")).to_be_focused()
    expect(button(choosing)).to_have_attribute("aria-expanded", "true")
    choosing.keyboard.press("Escape")
    expect(window).to_be_hidden()
    expect(button(choosing)).to_be_focused()
    expect(button(choosing)).to_have_attribute("aria-expanded", "false")
    choosing.keyboard.press("Enter")
    expect(window).to_be_visible()
    choosing.locator("#sidenote-question textarea").click()
    expect(window).to_be_hidden()


def test_further_speakers_are_found_by_a_part_of_the_name(choosing: Page) -> None:
    expect(choosing.locator(".filter-more")).to_have_text("and 11 more: type above to find them")
    expect(box(choosing, "Speaker 59")).to_have_count(0)
    choosing.get_by_label("Find a document or speaker").fill("speaker 59")
    expect(choosing.locator(".filter-groups label")).to_have_count(1)
    box(choosing, "Speaker 59").check()
    choosing.get_by_label("Find a document or speaker").fill("")
    expect(box(choosing, "Speaker 59")).to_be_checked()  # though it is not among the first
    choosing.get_by_label("Find a document or speaker").fill("zzz")
    expect(choosing.locator(".filter-groups")).to_have_text("Nothing is called so.")


def test_filters_last_as_long_as_the_conversation(choosing: Page) -> None:
    box(choosing, "Transcript").check()
    ask(choosing, "Who keeps the lighthouse?")
    expect(chips(choosing)).to_have_text(["Transcript×"])
    choosing.get_by_role("button", name="New conversation").click()
    expect(chips(choosing)).to_have_count(0)


def test_filters_are_there_again_after_a_reload(choosing: Page, answerer: FakeAnswerer) -> None:
    box(choosing, "Transcript").check()
    choosing.reload()
    expect(chips(choosing)).to_have_text(["Transcript×"])
    ask(choosing, "Who keeps the lighthouse?")
    assert answerer.filtered[-1] == Filters(kinds=("transcript",))


def test_hostile_titles_are_only_words(choosing: Page, record: Record) -> None:
    box(choosing, HOSTILE).check()
    expect(chips(choosing)).to_have_text([f"{HOSTILE}×"])
    assert choosing.locator("#sidenote-filters img").count() == 0
    assert record == Record()


def test_what_this_tab_kept_may_be_anything(page: Page, site: str, record: Record) -> None:
    page.goto(site)
    for kept in ('{"kinds": 3}', '"x"', "[1]", '{"documents": [["a"], [1, 2]]}', "{"):
        page.evaluate("kept => sessionStorage.setItem('sidenote.filters', kept)", kept)
        page.reload()
        expect(button(page)).to_have_text("Everywhere")
    assert record == Record()


def test_choices_that_do_not_come_are_said_and_asked_for_again(page: Page, site: str) -> None:
    page.goto(site)
    page.route("**/filters?*", lambda route: route.abort())
    button(page).click()
    expect(page.locator(".filter-popover [role=alert]")).to_have_text("The choices could not be loaded.")
    page.unroute("**/filters?*")
    page.get_by_role("button", name="Try again").click()
    expect(box(page, "Transcript")).to_be_visible()


def test_a_telephone_shows_all_of_it(page: Page, site: str) -> None:
    page.set_viewport_size(NARROW)
    page.goto(site)
    button(page).click()
    expect(box(page, "Transcript")).to_be_visible()
    edges = page.locator(".filter-popover").bounding_box()
    assert edges and edges["x"] >= 0 and edges["y"] >= 0 and edges["x"] + edges["width"] <= NARROW["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
