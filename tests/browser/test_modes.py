"""The switch between quotes and composed answers: honest about where a question goes, remembered, carried by a link."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from settings import Settings
from tests.browser.fake_answerer import Composing
from tests.browser.test_composed import QUESTION, WORDS, WRITTEN, asked, opened
from ui import wording

pytestmark = pytest.mark.browser


def test_without_a_model_there_is_no_switch_and_no_word_of_one(ready: Page) -> None:
    expect(ready.locator(".modes")).to_be_hidden()
    expect(ready.locator(".mode-hint")).to_be_hidden()
    asked(ready)
    expect(ready.locator(".composed")).to_have_count(0)


def test_the_switch_says_where_a_question_goes_and_is_remembered(page: Page) -> None:
    answerer = Composing(*WRITTEN)
    with opened(page, answerer) as url:
        expect(page.get_by_label("Composed")).to_be_checked()
        expect(page.locator(".mode-hint")).to_contain_text("Lamp-7B writes. Your questions and the passages found for")
        page.get_by_label("Composed").focus()
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_label("Quotes", exact=True)).to_be_checked()
        expect(page.locator(".mode-hint")).to_have_text(WORDS["mode_extractive_help"])
        asked(page)
        assert answerer.options[-1]["mode"] == "extractive"
        page.goto(url)
        expect(page.get_by_label("Quotes", exact=True)).to_be_checked()
        page.locator("[data-name=settings]").click()
        page.get_by_label("Quotes in an answer").select_option("2")
        page.keyboard.press("Escape")
        asked(page)
        assert (answerer.options[-1]["mode"], answerer.options[-1]["most"]) == ("extractive", 2)


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_a_model_of_this_machine_is_said_to_be_one(page: Page, language: str) -> None:
    with opened(page, Composing(), Settings(model="lamp.gguf"), f"/?language={language}"):
        said = wording.load(language)["mode_composed_help_here"].format(name="Lamp-7B")
        expect(page.locator(".mode-hint")).to_have_text(said)


def test_where_the_owner_chose_quotes_a_reader_may_choose_otherwise(page: Page) -> None:
    answerer = Composing(*WRITTEN)
    with opened(page, answerer, Settings(model="m", model_url="http://127.0.0.1:9/v1", mode="extractive")):
        expect(page.get_by_label("Quotes", exact=True)).to_be_checked()
        page.locator(".modes label", has_text="Composed").click()
        asked(page)
        assert answerer.options[-1]["mode"] == "composed"


def test_the_visitors_header_is_true_in_both_modes(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_ID", "someone/lights")
    with opened(page, Composing()):
        visitors = page.locator("#sidenote-welcome .visitors")
        expect(visitors).to_contain_text("Lamp-7B, a language model of another service")
        expect(visitors).not_to_contain_text("goes to no other service")
        page.locator(".modes label", has_text="Quotes").click()
        expect(visitors).to_contain_text(WORDS["visitor_privacy"])
        expect(visitors).not_to_contain_text("Lamp-7B")


def test_a_link_reproduces_the_mode_and_changes_no_setting(page: Page) -> None:
    answerer = Composing(*WRITTEN)
    with opened(page, answerer) as url:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        asked(page)
        page.locator(".foot button", has_text="Link").click()
        expect(page.locator("#sidenote-said")).to_have_text(WORDS["question_linked"])
        copied = page.evaluate("navigator.clipboard.readText()")
        assert parse_qs(urlsplit(copied).query)["mode"] == ["composed"]
        page.locator(".modes label", has_text="Quotes").click()
        page.goto(copied)
        page.locator(".foot .composed").wait_for()
        assert answerer.options[-1]["mode"] == "composed" and "mode=" not in page.url
        assert page.evaluate("JSON.parse(localStorage['sidenote.preferences']).mode") == "extractive"
        page.goto(f"{url}/?q={QUESTION}&mode=aloud")
        page.locator(".foot").last.wait_for()
        assert answerer.options[-1]["mode"] == "composed", "of the tab"
