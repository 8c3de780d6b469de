"""Search for an exact phrase, in a real browser: hits in their words, pages, addresses, the way into the reader."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.fake_answerer import FakeAnswerer, document, library
from tests.browser.harness import NARROW, Record, serving

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="alert(1)"> & "the hostile one"'


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    hostile = document("<b>.txt", f"Before it. {HOSTILE} stands here.", HOSTILE)
    answerer = FakeAnswerer([*library(), hostile])
    with serving(lambda source: source.replace(answerer)) as url:  # type: ignore[arg-type]
        yield url


@pytest.fixture
def searching(page: Page, site: str) -> Page:
    """Open the search view from the bar."""
    page.goto(site)
    page.locator("#sidenote-menu [data-name=search]").click()
    expect(field(page)).to_be_focused()
    return page


def field(page: Page):  # type: ignore[no-untyped-def]  # noqa: ANN201 - a Locator
    return page.get_by_label("Exact phrase")


def look(page: Page, phrase: str) -> None:
    field(page).fill(phrase)
    page.keyboard.press("Enter")


def test_hits_stand_in_their_words_under_their_documents(searching: Page, record: Record) -> None:
    look(searching, "LIGHTHOUSE")
    expect(searching.locator(".search-state")).to_have_text("121 hits in 2 documents")
    assert searching.locator(".search-hits h3").all_text_contents() == [
        "A talk on lighthouses one hit",
        "On keeping a light 120 hits",
    ]
    hits = searching.locator(".search-hit")
    expect(hits).to_have_count(50)
    expect(hits.nth(1)).to_contain_text("“No lighthouse was kept by a careless hand,”")
    expect(hits.nth(1).locator("mark")).to_have_text("lighthouse")
    assert record == Record()


def test_more_adds_the_next_page_and_goes_on_with_its_first_hit(searching: Page) -> None:
    look(searching, "lighthouse")
    more = searching.get_by_role("button", name="Show more")
    more.click()
    expect(searching.locator(".search-hit")).to_have_count(100)
    expect(searching.locator(".search-hit").nth(50)).to_be_focused()
    more.click()
    expect(searching.locator(".search-hit")).to_have_count(121)
    expect(searching.locator(".search-hits h3")).to_have_count(2)
    expect(more).to_have_count(0)


def test_search_begins_by_itself_after_typing(searching: Page) -> None:
    field(searching).press_sequentially("fresnel")
    expect(searching.locator(".search-hit mark")).to_have_text("Fresnel")


def test_phrase_in_japanese_is_found_from_one_character_on(searching: Page) -> None:
    look(searching, "光")
    expect(searching.locator(".search-hit")).to_have_text("灯台は夜に船を導く。光は遠くまで届く。")


def test_phrase_that_stands_nowhere_can_be_asked_as_a_question(searching: Page) -> None:
    look(searching, "who was careless with it")
    expect(searching.locator(".search-state")).to_have_text("These words stand in no document.")
    searching.get_by_role("button", name="Ask it as a question instead").click()
    expect(searching.locator("[data-testid=user]")).to_have_text("who was careless with it")


def test_too_short_a_phrase_says_so(searching: Page) -> None:
    look(searching, "x")
    expect(searching.locator(".search-state")).to_have_text("Please type at least two characters.")
    expect(searching.locator(".search-hit")).to_have_count(0)


def test_hit_opens_the_reader_and_back_leads_to_the_hits(searching: Page) -> None:
    look(searching, "weak\nthing".replace("\n", " "))
    searching.locator(".search-hit").click()
    expect(searching.locator("#sidenote-evidence .reader mark, #sidenote-evidence mark").first).to_have_text(
        "weak thing"
    )
    expect(searching.locator(".search-hit")).to_have_count(0)
    searching.go_back()
    expect(searching.locator(".search-hit")).to_have_count(1)
    expect(searching.locator(".search-hit")).to_be_focused()


def test_address_keeps_the_phrase_and_opens_with_it(searching: Page, site: str) -> None:
    look(searching, "caf\u00e9 lights 100% #1?")
    expect(searching.locator(".search-state")).to_have_text("These words stand in no document.")
    assert searching.url.endswith("#search/" + quote("café lights 100% #1?", safe=""))
    searching.goto("about:blank")
    searching.goto(f"{site}/#search/{quote('CAFÉ lights', safe='')}")
    expect(field(searching)).to_have_value("CAFÉ lights")
    expect(searching.locator(".search-hit mark")).to_have_text("cafe\u0301 lights")


def test_broken_address_opens_nothing_and_breaks_nothing(page: Page, site: str, record: Record) -> None:
    page.goto(f"{site}/#search/%E0%A4%A")
    page.wait_for_selector("#sidenote-welcome .examples")
    expect(page.locator(".search")).to_have_count(0)
    assert record == Record()


def test_words_of_documents_stay_words(searching: Page, record: Record) -> None:
    look(searching, HOSTILE)
    expect(searching.locator(".search-hit mark")).to_have_text(HOSTILE)
    expect(searching.locator(".search-hits h3 bdi")).to_have_text(HOSTILE)
    expect(searching.locator(".search-hits img")).to_have_count(0)
    assert record == Record()


def test_search_that_does_not_get_through_can_be_tried_again(searching: Page) -> None:
    searching.route("**/search?*", lambda route: route.abort())
    look(searching, "fresnel")
    expect(searching.locator(".search-foot [role=alert]")).to_have_text("The search did not get through.")
    searching.unroute("**/search?*")
    searching.get_by_role("button", name="Try again").click()
    expect(searching.locator(".search-hit")).to_have_count(1)


def test_late_answer_to_an_earlier_phrase_is_dropped(searching: Page) -> None:
    held: list[Route] = []
    searching.route("**/search?phrase=fresnel*", lambda route: held.append(route))
    look(searching, "fresnel")
    expect(searching.locator(".search-state")).to_have_text("Searching…")
    look(searching, "midnight")
    expect(searching.locator(".search-hit mark")).to_have_text("midnight")
    with searching.expect_response("**/search?phrase=fresnel*"):
        held[0].continue_()
    expect(searching.locator(".search-hit mark")).to_have_text("midnight")


def test_narrow_page_has_no_sideways_scrolling(page: Page, site: str, record: Record) -> None:
    page.set_viewport_size(NARROW)
    page.goto(f"{site}/#search/lighthouse")
    expect(page.locator(".search-hit")).to_have_count(50)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    box = page.locator(".search-hit").first.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= NARROW["width"]
    assert record == Record()
