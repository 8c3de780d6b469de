"""What the page tells while a question waits, what a reader may set about answers, and what stands under one."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from retrieval.stages import Stage, silent
from schema import EVERYTHING, Answer, Filters, Turn
from settings import Settings
from tests.browser.fake_answerer import ESSAY, FakeAnswerer, library
from tests.browser.harness import NARROW, WIDE, Record, ask, serving

pytestmark = pytest.mark.browser

STAGES: dict[Stage, str] = {
    "understanding": "Reading the question…",
    "finding": "Looking through the documents…",
    "rereading": "Reading the nearest passages again…",
    "choosing": "Choosing the words…",
}


class Stepping(FakeAnswerer):
    """Begins its next stage only when it is let to."""

    def __init__(self) -> None:
        super().__init__()
        self.step = threading.Semaphore(0)

    def answer(self, question: str, turns: Sequence[Turn] = (), filters: Filters = EVERYTHING, **more: Any) -> Answer:
        for stage in STAGES:
            more.get("tell", silent)(stage)
            assert self.step.acquire(timeout=30)
        return super().answer(question, turns, filters)


class Bounded(FakeAnswerer):
    """Gives as many quotes as are wanted; the first is a comment of nobody known."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[int | None] = []

    def answer(self, question: str, turns: Sequence[Turn] = (), filters: Filters = EVERYTHING, **more: Any) -> Answer:
        self.wanted.append(more["most"])
        given = super().answer(question, turns, filters)
        first, *others = given.citations
        return replace(given, citations=(replace(first, speaker=None, role="comment"), *others))


@pytest.fixture(scope="module")
def answerer() -> FakeAnswerer:
    return Bounded()


@pytest.fixture
def stepping() -> Stepping:
    return Stepping()


@pytest.fixture
def slow(page: Page, stepping: Stepping) -> Iterator[Page]:
    with serving(lambda source: source.replace(stepping), Settings(concurrency=1)) as url:  # type: ignore[arg-type]
        page.goto(url)
        page.wait_for_selector(".examples")
        yield page
        stepping.step.release(100)
        page.close()


def test_each_stage_is_said_when_it_begins(slow: Page, stepping: Stepping, record: Record) -> None:
    slow.fill("#sidenote-question textarea", "Fresnel?")
    slow.keyboard.press("Enter")
    waiting = slow.locator("#sidenote-chat [data-waiting]")
    for words in STAGES.values():
        expect(waiting).to_have_attribute("data-waiting", words)
        stepping.step.release()
    expect(slow.locator("a.marker").first).to_be_visible()
    expect(waiting).to_have_count(0)
    assert record == Record()


def test_place_in_line_is_said_where_others_are_answered_first(slow: Page, stepping: Stepping) -> None:
    for _ in range(2):
        slow.request.post(slow.url.rstrip("/") + "/gradio_api/call/ask", data={"data": ["Fresnel?"]})
    slow.fill("#sidenote-question textarea", "careless")
    slow.keyboard.press("Enter")
    line = slow.locator("#sidenote-filters .line")
    expect(line).to_contain_text("yours is number 2 of 2 in line")
    expect(slow.locator("#sidenote-stop")).to_be_visible()
    stepping.step.release(4)
    expect(line).to_contain_text("yours is number 1 of 1 in line")
    stepping.step.release(100)
    expect(slow.locator("a.marker").first).to_be_visible()
    expect(line).to_be_hidden()


def test_number_of_quotes_is_the_readers_choice_and_stays(ready: Page, answerer: Bounded) -> None:
    ready.locator("[data-name=settings]").click()
    ready.get_by_label("Quotes in an answer").select_option("2")
    ready.keyboard.press("Escape")
    ask(ready, "Fresnel?")
    assert answerer.wanted[-1] == 2
    ready.reload()
    ready.wait_for_selector(".card")
    ask(ready, "careless")
    assert answerer.wanted[-1] == 2


def test_comment_of_nobody_known_is_a_commenters_and_names_its_document(ready: Page) -> None:
    ask(ready, "Fresnel?")
    card = ready.locator(".card").first
    expect(card.locator(".whose .name")).to_have_text("A commenter")
    expect(card.locator(".where cite")).to_have_text("A talk on lighthouses")


def filtered(page: Page, name: str) -> None:
    page.locator(".filter-button").click()
    page.locator(".filter-popover label", has_text=name).locator("input").check()
    page.get_by_role("button", name="Done").click()


def test_filters_come_back_with_a_conversation_from_the_history(ready: Page, answerer: FakeAnswerer) -> None:
    filtered(ready, "On keeping a light")
    ask(ready, "careless")
    ready.wait_for_selector(".card")
    ready.locator("#sidenote-anew").click()
    expect(ready.locator(".filter-chip")).to_have_count(0)
    ready.locator("[data-name=history]").click()
    ready.locator(".history .question", has_text="careless").click()
    expect(ready.locator("[data-testid=user]")).to_have_text("careless")
    expect(ready.locator(".filter-chip")).to_have_text("On keeping a light×")
    ask(ready, "lighthouse")
    assert answerer.filtered[-1] == Filters(documents=(ESSAY,))


def test_search_obeys_the_filters_says_so_and_can_look_everywhere(ready: Page) -> None:
    filtered(ready, "A talk on lighthouses")
    ready.locator("[data-name=search]").click()
    ready.get_by_label("Exact phrase").fill("lighthouse")
    ready.keyboard.press("Enter")
    expect(ready.locator(".search-state")).to_have_text("one hit in one document")
    expect(ready.locator(".search-within")).to_contain_text("Only where the filters allow: A talk on lighthouses.")
    ready.get_by_role("button", name="Search everywhere").click()
    expect(ready.locator(".search-state")).to_have_text("121 hits in 2 documents")
    expect(ready.get_by_role("button", name="Search within the filters")).to_be_focused()


def test_search_shows_what_it_has_while_it_looks_on(ready: Page) -> None:
    total = sum(one.text.lower().count("light") for one in library())
    spoken = library()[0].text.lower().count("light")
    held = threading.Event()

    def later(route: Route) -> None:
        if "after=0" in route.request.url:
            route.continue_(url=route.request.url.replace("seconds=0.4", "seconds=0"))
        elif not held.is_set():
            held.set()
            route.fulfill(status=500)
        else:
            route.continue_()

    ready.route("**/search?*", later)
    ready.locator("[data-name=search]").click()
    ready.get_by_label("Exact phrase").fill("light")
    ready.keyboard.press("Enter")
    expect(ready.locator(".search-foot [role=alert]")).to_be_visible()
    expect(ready.locator(".search-hit")).to_have_count(spoken)
    ready.get_by_role("button", name="Try again").click()
    expect(ready.locator(".search-state")).to_have_text(f"{total} hits in 2 documents")
    expect(ready.locator(".search-hit")).to_have_count(spoken + 50)
    expect(ready.locator(".search-progress")).to_be_hidden()


def test_strip_shows_what_the_filters_allow_and_all_at_a_click(ready: Page) -> None:
    expect(ready.locator(".strip-bar")).to_have_count(3)
    filtered(ready, "A talk on lighthouses")
    expect(ready.locator(".strip-bar")).to_have_count(1)
    ready.get_by_role("button", name="The filters allow 1 of 3 documents").click()
    expect(ready.locator(".strip-bar")).to_have_count(3)
    ready.get_by_role("button", name="All documents are shown").click()
    expect(ready.locator(".strip-bar")).to_have_count(1)
    ready.locator(".filter-chip").click()
    expect(ready.locator(".strip-bar")).to_have_count(3)


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_stands_under_an_answer_stands_in_one_row(chromium: Browser, site: str, size: Any, language: str) -> None:
    page = chromium.new_page(viewport=size)
    page.goto(f"{site}/?language={language}")
    page.wait_for_selector(".examples")
    ask(page, "What about the lighthouse?")
    buttons = page.locator(".foot .taking").first.locator("button")
    expect(buttons.first).to_be_visible()
    tops = buttons.evaluate_all("all => all.map((one) => Math.round(one.getBoundingClientRect().top))")
    assert len(tops) >= 3 and len(set(tops)) == 1
    page.close()
