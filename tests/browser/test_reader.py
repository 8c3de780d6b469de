"""Reading a source: labels that are no text, the same in other words beside it, the cited passages of all documents."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from schema import Alignment, Span
from tests.browser.fake_answerer import DREAM, ESSAY, TALK, FakeAnswerer, FakeIndex, library
from tests.browser.harness import NARROW, Record, ask

pytestmark = pytest.mark.browser

TALK_TEXT, DREAM_TEXT = (next(one.text for one in library() if one.id == name) for name in (TALK, DREAM))
LAMP, SAILORS = "A lamp alone is a weak thing.", "Sailors told the lamps apart"
SHIPS = "灯台は夜に船を導く。"


def place(text: str, words: str) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


class PairedIndex(FakeIndex):
    """One sentence of the talk is translated in the dream."""

    def alignments(self, document_id: str, start: int, end: int) -> list[Alignment]:
        pair = Alignment(TALK, place(TALK_TEXT, LAMP), DREAM, place(DREAM_TEXT, SHIPS), "translation")
        side = {TALK: pair.a, DREAM: pair.b}.get(document_id)
        return [pair] if side and side.start < end and start < side.end else []


@pytest.fixture(scope="module")
def answerer() -> FakeAnswerer:
    answerer = FakeAnswerer()
    answerer.index = PairedIndex(library())
    return answerer


def read(page: Page, site: str, name: str, words: str) -> None:
    text = next(one.text for one in library() if one.id == name)
    span = place(text, words)
    page.goto(f"{site}/#read/{quote(name, safe='')}/{span.start}-{span.end}")
    page.wait_for_selector(".reader mark")


def test_labels_tell_speaker_and_time_and_are_no_text(page: Page, site: str) -> None:
    read(page, site, TALK, LAMP)
    told = page.locator(".block.entered .label .part").evaluate_all(
        "all => all.map(one => getComputedStyle(one, '::before').content)"
    )
    assert any("Ada Keeper" in one for one in told)
    assert any("1:" in one and "–" in one for one in told)
    shown = page.locator(".reader .run").all_text_contents()
    assert "".join(shown) == TALK_TEXT
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.reader .text'))")
    selected = page.evaluate("String(getSelection())")
    assert LAMP in selected
    assert "Ada Keeper" not in selected and "–" not in selected


def test_a_switch_shows_the_translation_beside_and_marks_both_sides(page: Page, site: str, record: Record) -> None:
    read(page, site, TALK, SAILORS)
    expect(page.locator("a.counterpart")).to_be_hidden()
    page.get_by_role("button", name="Side by side").click()
    expect(page.locator("a.counterpart")).to_have_text(SHIPS)
    expect(page.locator(".beside summary")).to_contain_text("Japanese translation")
    page.locator("a.counterpart").focus()
    expect(page.locator(".run .twin")).to_have_text(LAMP)
    page.locator(".run [data-pair]").hover()
    expect(page.locator("a.counterpart.twin")).to_have_text(SHIPS)
    page.mouse.move(5, 5)
    left, right = page.locator(".run [data-pair]").bounding_box(), page.locator("a.counterpart").bounding_box()
    assert left and right and right["x"] > left["x"] + left["width"] / 2, "the columns stand beside each other"
    assert record == Record()


def test_selecting_in_one_column_leaves_the_other_out(page: Page, site: str) -> None:
    read(page, site, TALK, SAILORS)
    page.get_by_role("button", name="Side by side").click()
    first, last = page.locator(".run [data-pair]").bounding_box(), page.locator(".reader mark").bounding_box()
    assert first and last
    page.mouse.move(first["x"] + 2, first["y"] + 8)
    page.mouse.down()
    page.mouse.move(last["x"] + 60, last["y"] + last["height"] - 8, steps=4)
    page.mouse.up()
    selected = page.evaluate("String(getSelection())")
    assert "weak thing" in selected and "Sail" in selected
    assert "灯台" not in selected and "Ada Keeper" not in selected


def test_following_a_counterpart_opens_its_document_and_the_browser_leads_back(page: Page, site: str) -> None:
    read(page, site, TALK, SAILORS)
    page.get_by_role("button", name="Side by side").click()
    page.locator("a.counterpart").click()
    expect(page.locator(".reader mark")).to_have_text(SHIPS)
    expect(page.locator(".beside summary")).to_contain_text("English original")
    page.go_back()
    expect(page.locator(".reader mark")).to_have_text(SAILORS)


def test_a_document_without_counterparts_has_no_switch(page: Page, site: str) -> None:
    read(page, site, ESSAY, "He trimmed the wick")
    expect(page.locator(".reader .contents ul, .reader .contents p").first).to_be_attached()
    expect(page.get_by_role("button", name="Side by side")).to_have_count(0)


def test_on_a_narrow_page_pressing_a_sentence_unfolds_its_counterpart(chromium: Browser, site: str) -> None:
    page = chromium.new_page(viewport=NARROW)
    read(page, site, TALK, SAILORS)
    page.get_by_role("button", name="Side by side").click()
    expect(page.locator("a.counterpart")).to_be_hidden()
    page.locator(".run [data-pair]").click()
    expect(page.locator("a.counterpart")).to_be_visible()
    below, above = page.locator("a.counterpart").bounding_box(), page.locator(".run [data-pair]").bounding_box()
    assert below and above and below["y"] > above["y"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_cited_passages_are_walked_through_across_documents(ready: Page) -> None:
    ask(ready, "careless Fresnel")
    ready.locator(".card button.read").first.click()
    ready.wait_for_selector(".reader mark")
    expect(ready.locator(".cited-ways .which")).to_have_text("1 of 2")
    ready.get_by_role("button", name="Next cited passage").click()
    expect(ready.locator(".reader mark").first).to_contain_text("careless hand")
    expect(ready.locator(".cited-ways .which")).to_have_text("2 of 2")
    expect(ready.locator(".reader header")).to_contain_text("The keeper")
    expect(ready.get_by_role("button", name="Next cited passage")).to_be_focused()
    ready.keyboard.press("Enter")
    expect(ready.locator(".reader .text")).to_contain_text("Fresnel")
    expect(ready.locator(".reader header")).to_contain_text("Ada Keeper")


@pytest.fixture(params=["light", "dark"])
def coloured(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = chromium.new_page(color_scheme=request.param)
    yield page
    page.close()


def test_reader_with_columns_is_accessible(coloured: Page, site: str) -> None:
    read(coloured, site, TALK, SAILORS)
    coloured.get_by_role("button", name="Side by side").click()
    coloured.wait_for_timeout(700)
    found = Axe().run(coloured).response["violations"]
    assert not [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
