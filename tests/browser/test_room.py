"""The page as a place to work in: notes beside marks, numbers that stay, editing, history, addresses, languages."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from schema import EVERYTHING, Answer, Filters, Turn
from tests.browser.fake_answerer import ESSAY, FakeAnswerer, library
from tests.browser.harness import NARROW, Record, ask, serving

pytestmark = pytest.mark.browser


def test_a_mark_in_focus_shows_its_quote_and_whose_it_is(ready: Page) -> None:
    ask(ready, "careless")
    ready.keyboard.press("Escape")
    ready.locator("a.marker").first.hover()
    note = ready.locator("#sidenote-peek")
    expect(note).to_contain_text("No lighthouse was kept by a careless hand")
    expect(note).to_contain_text("The keeper")
    expect(note).to_contain_text("On keeping a light")
    expect(ready.locator("a.marker").first).to_have_attribute("aria-describedby", "sidenote-peek")
    ready.keyboard.press("Escape")
    expect(note).to_be_hidden()


def test_the_same_quote_keeps_its_number_through_a_conversation(ready: Page) -> None:
    ask(ready, "careless")
    ask(ready, "Fresnel?")
    ask(ready, "careless Fresnel")
    expect(ready.locator("a.marker")).to_have_text(["1", "2", "2", "1"])
    ready.locator("a.marker").nth(2).click()
    expect(ready.locator(".card:focus .number")).to_have_text("2")
    expect(ready.locator(".card:focus blockquote")).to_contain_text("Fresnel")


def test_an_earlier_question_is_changed_and_what_came_after_goes(ready: Page, answerer: FakeAnswerer) -> None:
    ask(ready, "Fresnel?")
    ask(ready, "careless")
    ready.locator(".user-row").first.hover()
    ready.locator("button.edit").first.click()
    expect(ready.locator("#sidenote-question textarea")).to_have_value("Fresnel?")
    ready.fill("#sidenote-question textarea", "sailors")
    ready.keyboard.press("Enter")
    expect(ready.locator("[data-testid=user]")).to_have_text(["sailors"])
    assert answerer.asked[-1] == ("sailors", ())


def test_whoever_no_longer_wants_to_change_a_question_gets_an_empty_box_back(ready: Page) -> None:
    ask(ready, "Fresnel?")
    ready.locator(".user-row").first.hover()
    ready.locator("button.edit").first.click()
    expect(ready.locator("body")).to_have_attribute(
        "data-editing", "You change an earlier question; what came after it goes. Escape leaves it as it was."
    )
    ready.keyboard.press("Escape")
    expect(ready.locator("#sidenote-question textarea")).to_have_value("")
    expect(ready.locator("body")).not_to_have_attribute(
        "data-editing", "You change an earlier question; what came after it goes. Escape leaves it as it was."
    )
    ask(ready, "careless")
    expect(ready.locator("[data-testid=user]")).to_have_text(["Fresnel?", "careless"])


def test_waiting_can_be_stopped_and_the_question_comes_back(page: Page) -> None:
    go_on = threading.Event()

    class Slow(FakeAnswerer):
        def answer(
            self, question: str, turns: Sequence[Turn] = (), filters: Filters = EVERYTHING, **more: Any
        ) -> Answer:
            go_on.wait(20)
            return super().answer(question, turns, filters)

    with serving(lambda source: source.replace(Slow())) as url:  # type: ignore[arg-type]
        page.goto(url)
        page.wait_for_selector(".examples")
        page.fill("#sidenote-question textarea", "Fresnel?")
        page.keyboard.press("Enter")
        expect(page.locator("[data-testid=user]")).to_have_text("Fresnel?")
        page.locator("#sidenote-stop").click()
        expect(page.locator("[data-testid=user]")).to_have_count(0)
        expect(page.locator("#sidenote-question textarea")).to_have_value("Fresnel?")
        go_on.set()
        page.close()


def test_back_button_of_the_browser_goes_back_through_the_views(ready: Page) -> None:
    ask(ready, "careless")
    ready.locator(".card button.read").first.click()
    ready.wait_for_selector("mark")
    ready.locator("[data-name=history]").click()
    expect(ready.locator(".view-history")).to_be_visible()
    ready.go_back()
    expect(ready.locator(".view-reader mark").first).to_be_visible()
    ready.go_back()
    expect(ready.locator(".card").first).to_be_visible()


def test_conversation_stands_again_after_the_page_was_loaded_anew(ready: Page, answerer: FakeAnswerer) -> None:
    ask(ready, "careless")
    ready.wait_for_selector(".card")
    ready.reload()
    expect(ready.locator("[data-testid=user]")).to_have_text("careless")
    expect(ready.locator(".card")).not_to_have_count(0)
    ask(ready, "Fresnel?")
    assert [turn.question for turn in answerer.asked[-1][1]] == ["careless"]


def test_history_lists_what_was_asked_opens_it_again_and_forgets_it(ready: Page) -> None:
    ask(ready, "careless")
    ready.wait_for_selector(".card")
    ready.locator("#sidenote-anew").click()
    ready.wait_for_selector(".examples button")
    ready.locator("[data-name=history]").click()
    ready.locator(".history .question", has_text="careless").click()
    expect(ready.locator("[data-testid=user]")).to_have_text("careless")
    ready.locator("[data-name=history]").click()
    ready.get_by_text("Delete all").click()
    expect(ready.locator(".history .question")).to_have_count(0)
    ready.get_by_text("Undo").click()
    expect(ready.locator(".history .question")).to_have_count(1)


def test_an_address_asks_a_question_with_its_filters(page: Page, site: str, answerer: FakeAnswerer) -> None:
    filters = quote('{"languages": ["en"]}')
    page.goto(f"{site}/?q=careless&filters={filters}")
    expect(page.locator("[data-testid=user]")).to_have_text("careless")
    expect(page.locator(".filter-chips")).to_contain_text("English")
    expect(page.locator(".card")).not_to_have_count(0)


def test_reader_lists_contents_finds_a_phrase_and_asks_about_words(ready: Page) -> None:
    ask(ready, "careless")
    ready.locator(".card button.read").first.click()
    ready.wait_for_selector("mark")
    ready.fill(".reader .find input", "Entry 77")
    ready.keyboard.press("Enter")
    expect(ready.locator(".reader mark").first).to_have_text("Entry 77")
    expect(ready.locator(".reader .count")).to_have_text("1 of 1")
    ready.locator(".reader mark").first.dblclick()
    ready.get_by_text("Ask about these words").click()
    expect(ready.locator("#sidenote-question textarea")).to_have_value("What is said about “Entry”?")


def test_address_of_the_reader_opens_the_same_place_again(ready: Page, site: str) -> None:
    ask(ready, "careless")
    ready.locator(".card button.read").first.click()
    ready.wait_for_selector("mark")
    words = ready.locator("mark").first.text_content()
    assert f"#read/{quote(ESSAY, safe='')}/" in ready.url
    ready.goto("about:blank")
    ready.go_back()
    assert words
    expect(ready.locator("mark").first).to_have_text(words)
    assert words in next(one.text for one in library() if one.id == ESSAY)


def test_page_speaks_japanese_where_the_browser_does_and_can_be_switched(chromium: Browser, site: str) -> None:
    context = chromium.new_context(locale="ja-JP")
    page = context.new_page()
    page.goto(site)
    expect(page.locator("#sidenote-welcome h2")).to_have_text("何を知りたいですか？")
    expect(page.locator("#sidenote-question textarea")).to_have_attribute("placeholder", "文書について質問する…")
    ask(page, "lighthouse " * 300)
    expect(page.locator("[data-testid=bot]")).to_contain_text("2,000文字以内")
    page.locator("[data-name=settings]").click()
    page.locator("dialog select").first.select_option("en")
    expect(page.locator("[data-name=library]")).to_have_text("Library")
    assert page.evaluate("document.documentElement.lang") == "en"
    context.close()


def test_colours_and_size_of_the_text_are_the_readers_choice_and_stay(ready: Page) -> None:
    ready.locator("[data-name=settings]").click()
    ready.locator("dialog select").nth(1).select_option("dark")
    ready.locator("dialog select").nth(2).select_option("large")
    ready.keyboard.press("Escape")
    ready.reload()
    ready.wait_for_selector(".examples")
    assert ready.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(27, 25, 22)"
    assert ready.evaluate("getComputedStyle(document.documentElement).fontSize") == "18px"


def test_question_mark_lists_the_keys_and_they_work(ready: Page) -> None:
    ask(ready, "What about the lighthouse?")
    ready.locator("#sidenote-title").click()
    ready.evaluate("document.activeElement.blur()")
    ready.keyboard.press("?")
    expect(ready.locator("dialog")).to_contain_text("to the question")
    ready.keyboard.press("Escape")
    expect(ready.locator("dialog")).to_have_count(0)
    ready.keyboard.press("n")
    expect(ready.locator("a.marker").first).to_be_focused()
    ready.keyboard.press("n")
    expect(ready.locator("a.marker").nth(1)).to_be_focused()
    ready.keyboard.press("/")
    expect(ready.locator("#sidenote-question textarea")).to_be_focused()


def test_embedded_page_has_no_bar_and_quotes_under_the_answer(page: Page, site: str, record: Record) -> None:
    page.goto(f"{site}/?embed=1")
    page.wait_for_selector(".examples")
    expect(page.locator("#sidenote-bar")).to_be_hidden()
    ask(page, "careless")
    page.locator("a.marker").first.click()
    expect(page.locator(".unfolded .card")).to_be_visible()
    assert record == Record()


def test_lost_connection_is_said_and_so_is_its_return(chromium: Browser, site: str) -> None:
    context = chromium.new_context(viewport=NARROW)
    page = context.new_page()
    page.goto(site)
    page.wait_for_selector(".examples")
    page.route("**/status", lambda route: route.abort())
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#sidenote-banner")).to_contain_text("connection is lost")
    page.unroute("**/status")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#sidenote-banner")).to_have_text("Connected again.")
    context.close()
