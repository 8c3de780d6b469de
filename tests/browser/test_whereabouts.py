"""Where words stand: in the same document, in a sentence that was cut, behind an address; what fits a narrow page."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from schema import EVERYTHING, Also, Answer, Filters, Turn
from tests.browser.fake_answerer import ESSAY, TALK, FakeAnswerer, cite
from tests.browser.harness import NARROW, Record, ask

pytestmark = pytest.mark.browser

LENS = "The Fresnel lens gathers"
PART = "lighthouse was kept by a careless"


class Elsewhere(FakeAnswerer):
    """Every quote stands in the talk as well, which may be its own document; what is near is a part of a sentence."""

    def answer(self, question: str, turns: Sequence[Turn] = (), filters: Filters = EVERYTHING, **more: Any) -> Answer:
        given = super().answer(question, turns, filters, **more)
        talk, essay = (self.index.document(name) for name in (TALK, ESSAY))
        at = talk.text.index(LENS)
        also = (Also(TALK, at, at + len(LENS), "quotation"),)
        start = essay.text.index(PART)
        return dataclasses.replace(
            given,
            citations=tuple(dataclasses.replace(one, also=also) for one in given.citations),
            nearest=(cite(essay, start, start + len(PART)),) if given.abstained else (),
        )


@pytest.fixture(scope="module")
def answerer() -> FakeAnswerer:
    return Elsewhere()


def test_another_place_of_the_same_document_is_named_and_opened(ready: Page, answerer: FakeAnswerer) -> None:
    ask(ready, "How did sailors tell lamps apart by rhythm?")
    place = ready.locator(".card .place").first
    at = answerer.index.document(TALK).text.index(LENS)
    expect(place).to_contain_text("this document, 1:3")  # and the second of the paragraph
    expect(place).to_contain_text("Ada Keeper (quoted)")
    place.click()
    expect(ready.locator(".reader mark").first).to_have_text(LENS)
    assert ready.evaluate("location.hash").endswith(f"/{at}-{at + len(LENS)}")


def test_a_sentence_that_was_cut_says_so_and_the_quote_stays_as_it_is(ready: Page) -> None:
    ask(ready, "Quokkas?")
    words = ready.locator(".card blockquote")
    expect(words).to_have_text(PART)
    drawn = "(side) => getComputedStyle(document.querySelector('.card blockquote'), side).content"
    assert [ready.evaluate(drawn, side) for side in ("::before", "::after")] == ['"… "', '" …"']
    ready.locator("#sidenote-anew").click()
    expect(ready.locator("[data-testid=bot]")).to_have_count(0)
    ask(ready, "How does a Fresnel lens work?")
    assert [ready.evaluate(drawn, side) for side in ("::before", "::after")] == ["none", "none"], "a whole sentence"


def address(name: str, start: int, end: int) -> str:
    return f"#read/{quote(name, safe='')}/{start}-{end}"


def test_a_reader_opened_by_its_address_is_called_as_the_document(page: Page, site: str, record: Record) -> None:
    page.goto(f"{site}/{address(TALK, 30, 40)}")
    expect(page.locator(".view-title")).to_have_text("A talk on lighthouses")
    expect(page.locator(".view-reader")).to_have_attribute("aria-label", "A talk on lighthouses")
    assert record == Record()


def test_an_address_pasted_over_that_of_the_page_opens_it_and_back_leads_out(ready: Page, site: str) -> None:
    title = ready.locator(".view-title")
    for name, called in ((TALK, "A talk on lighthouses"), (ESSAY, "On keeping a light")):
        ready.goto(f"{site}/{address(name, 30, 40)}")  # no new page: only what stands behind # is another
        expect(title).to_have_text(called)
    ready.go_back()
    expect(title).to_have_text("A talk on lighthouses")
    ready.go_back()
    expect(title).to_have_count(0)


def box(one: Locator) -> FloatRect:
    found = one.bounding_box()
    assert found is not None
    return found


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_bar_of_a_narrow_page_holds_all_its_buttons(chromium: Browser, site: str, language: str) -> None:
    page = chromium.new_page(viewport=NARROW)
    page.goto(f"{site}/?language={language}")
    page.wait_for_selector(".examples")
    ask(page, "How does a Fresnel lens work?")
    page.locator("a.marker").first.click()
    page.locator(".card .collect:visible").first.click()
    items = page.locator("#sidenote-menu .item:visible")
    expect(items).to_have_count(6)
    expect(items.nth(2)).to_contain_text("(1)")
    for number in range(6):
        place = box(items.nth(number))
        assert place["x"] >= 0 and place["x"] + place["width"] <= NARROW["width"], items.nth(number).inner_text()
    items.nth(5).click()
    expect(page.locator(".sidenote-dialog kbd").first).to_be_visible()
    page.close()


def test_the_way_down_covers_no_words_on_a_narrow_page(chromium: Browser, site: str) -> None:
    page = chromium.new_page(viewport=NARROW)
    page.goto(site)
    page.wait_for_selector(".examples")
    for _ in range(3):
        ask(page, "What about the lighthouse?")
    page.locator("[data-testid=user]").first.evaluate("one => one.scrollIntoView()")
    down = page.locator("#sidenote-chat .scroll-down-button-container button")
    expect(down).to_be_visible()
    button, words = box(down), box(page.locator("#sidenote-chat .panel-wrap, #sidenote-chat .bubble-wrap").first)
    assert button["y"] >= words["y"] + words["height"], "it stands beneath what is read"
    for other in (page.locator(".filter-button"), page.locator("#sidenote-question .input-container")):
        place = box(other)
        apart = button["x"] >= place["x"] + place["width"] or button["y"] + button["height"] <= place["y"] + 1
        assert apart, "it covers nothing else"
    down.click()
    expect(down).to_be_hidden()
    page.close()
