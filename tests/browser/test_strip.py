"""The strip under the bar, in a real browser: documents as bars, quotes as marks, dates in a row."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from schema import Block, Document, Time
from tests.browser.fake_answerer import FakeAnswerer, document, library
from tests.browser.harness import NARROW, WIDE, Record, ask, serving

pytestmark = pytest.mark.browser


def recording() -> Document:
    """Return ten minutes of which the second half of the words takes the last minute."""
    line = "And the sea went on and on. "
    text = line * 20
    half = len(text) // 2
    blocks = (
        Block(0, half, "turn", ("Chapter one",), time=Time(0.0, 540.0, 0, 1), language="en"),
        Block(half, len(text), "turn", ("Chapter two",), time=Time(540.0, 600.0, 0, 1), language="en"),
    )
    return Document("sea.txt", text, "0" * 64, "The sea, recorded", "transcript", blocks, date="2024-03-01")


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    talk, essay, dream = library()
    answerer = FakeAnswerer([talk, dataclasses.replace(essay, date="2023-05-06"), dream, recording()])
    with serving(lambda source: source.replace(answerer)) as url:  # type: ignore[arg-type]
        yield url


@pytest.fixture
def ready(page: Page, site: str) -> Page:
    page.goto(site)
    expect(page.locator(".strip-bar")).to_have_count(4)
    return page


@pytest.fixture
def cited(ready: Page) -> Page:
    ask(ready, "What about the lighthouse?")
    expect(ready.locator(".strip-mark")).to_have_count(5)
    return ready


def width(bar: Locator) -> float:
    box = bar.bounding_box()
    assert box is not None
    return box["width"]


def test_every_document_is_a_bar_and_small_ones_stay_visible(ready: Page, record: Record) -> None:
    bars = ready.locator(".strip-bar")
    assert bars.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))") == [
        "A talk on lighthouses", "On keeping a light, May 6, 2023", "灯台の夢", "The sea, recorded, 10 min, Mar 1, 2024"
    ]  # fmt: skip
    talk, essay, dream, _ = (width(bars.nth(n)) for n in range(4))
    assert essay > talk > dream > 40
    assert record == Record()


@pytest.mark.parametrize(("size", "height"), [(WIDE, 44), (NARROW, 28)])
def test_strip_is_low_and_fits(ready: Page, size: dict[str, int], height: int) -> None:
    ready.set_viewport_size(size)  # type: ignore[arg-type]
    box = ready.locator("#sidenote-strip").bounding_box()
    assert box is not None and box["height"] <= height
    assert ready.evaluate("document.documentElement.scrollWidth") <= size["width"]
    last = ready.locator(".strip-bar").last.bounding_box()
    assert last is not None and last["x"] + last["width"] <= size["width"]
    assert last["y"] >= box["y"] and last["y"] + last["height"] <= box["y"] + box["height"]


def test_quotes_of_the_conversation_are_marks_that_say_what_they_are(cited: Page) -> None:
    mark = cited.locator(".strip-mark").first
    mark.focus()
    tip = cited.locator(".strip-tip")
    expect(tip).to_contain_text("Quote 1")
    expect(tip).to_contain_text("On keeping a light")
    expect(tip).to_contain_text("The keeper wrote everything down")
    label = mark.get_attribute("aria-label") or ""
    assert label.startswith("Quote 1, ") and "The keeper wrote" in label
    cited.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_mark_opens_its_quote(cited: Page) -> None:
    cited.locator(".strip-mark").first.focus()
    cited.keyboard.press("Enter")
    expect(cited.locator("#sidenote-evidence mark").first).to_contain_text("The keeper wrote everything down.")


def test_new_conversation_takes_the_marks_away(cited: Page) -> None:
    cited.locator("#sidenote-anew").click()
    expect(cited.locator(".strip-mark")).to_have_count(0)


def test_arrow_keys_move_and_one_stop_of_the_tabulator_is_enough(cited: Page) -> None:
    assert cited.locator(".strip button[tabindex='0']").count() == 1
    cited.locator(".strip-bar").first.focus()
    cited.keyboard.press("ArrowRight")
    expect(cited.locator(".strip-bar").nth(1)).to_be_focused()
    cited.keyboard.press("ArrowRight")
    expect(cited.locator(".strip-mark").first).to_be_focused()
    cited.keyboard.press("ArrowDown")
    expect(cited.locator(".strip-bar").nth(2)).to_be_focused()
    cited.keyboard.press("ArrowUp")
    expect(cited.locator(".strip-bar").nth(1)).to_be_focused()
    cited.keyboard.press("End")
    expect(cited.locator(".strip-toggle")).to_be_focused()
    cited.keyboard.press("Home")
    expect(cited.locator(".strip-bar").first).to_be_focused()
    assert cited.locator(".strip button[tabindex='0']").count() == 1


def test_recording_is_drawn_in_minutes(ready: Page) -> None:
    bar = ready.locator(".strip-bar").last
    assert [tick for tick in bar.locator(".strip-tick").all_inner_texts() if tick] == ["2:00", "4:00", "6:00", "8:00"]
    box = bar.bounding_box()
    assert box is not None
    ready.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 5)
    expect(ready.locator(".strip-tip")).to_contain_text("Chapter one")
    expect(ready.locator(".strip-tip")).to_contain_text("5:0")
    ready.mouse.move(box["x"] + box["width"] * 0.97, box["y"] + 5)
    expect(ready.locator(".strip-tip")).to_contain_text("Chapter two")
    expect(ready.locator(".strip-tip")).to_contain_text("9:4")


def test_bar_opens_its_document_where_it_was_pressed(ready: Page) -> None:
    bar = ready.locator(".strip-bar").nth(1)
    bar.click(position={"x": width(bar) * 0.98, "y": 8})
    expect(ready.locator("#sidenote-evidence")).to_contain_text("Entry 118")
    bar.focus()
    ready.keyboard.press("Enter")
    expect(ready.locator("#sidenote-evidence")).to_contain_text("The keeper wrote everything down")


def test_dated_documents_stand_in_the_order_of_their_dates(ready: Page) -> None:
    ready.locator(".strip-toggle").click()
    dates = ready.locator(".strip-date")
    assert dates.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))") == [
        "May 6, 2023, On keeping a light", "Mar 1, 2024, The sea, recorded",
    ]  # fmt: skip
    expect(ready.locator(".strip-toggle")).to_be_focused()
    dates.last.click()
    expect(ready.locator("#sidenote-evidence")).to_contain_text("And the sea went on and on.")
    ready.locator(".strip-toggle").click()
    expect(ready.locator(".strip-bar")).to_have_count(4)


def test_documents_of_the_same_title_are_told_apart_by_their_paths(page: Page) -> None:
    talk, essay, _ = library()
    twin = dataclasses.replace(essay, id="copy/essay.txt", title=talk.title, date="2023-05-06")
    same = [dataclasses.replace(talk, date="2023-05-06"), twin, essay]
    with serving(lambda source: source.replace(FakeAnswerer(same))) as url:  # type: ignore[arg-type]
        page.goto(url)
        bars = page.locator(".strip-bar")
        expect(bars).to_have_count(3)
        labels = bars.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
        assert [label.split(", ")[:2] for label in labels] == [
            [talk.title, talk.id], [talk.title, "copy/essay.txt"], [essay.title]
        ]  # fmt: skip
        bars.nth(1).hover()
        expect(page.locator(".strip-tip")).to_contain_text("copy/essay.txt")
        page.keyboard.press("Tab")
        bars.first.focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator(".strip-tip")).to_contain_text("copy/essay.txt")
        page.locator(".filter-button").click()
        expect(page.get_by_role("checkbox", name=f"{talk.title} (copy/essay.txt)")).to_be_visible()
        page.close()


def test_many_documents_are_the_cited_and_the_largest_ones_and_a_count(page: Page, record: Record) -> None:
    cited = document("small.txt", "Only this one names the lighthouse.", "A small one")
    many = [document(f"{n}.txt", "The wind went round and round.\n\n" * (n + 2), f"Wind {n}") for n in range(150)]
    answerer = FakeAnswerer([cited, *many])
    with serving(lambda source: source.replace(answerer)) as url:  # type: ignore[arg-type]
        page.goto(url)
        bars = page.locator(".strip-bar")
        expect(bars.last).to_have_attribute("aria-label", "Wind 149")
        assert page.locator(".strip-bar[aria-label='A small one']").count() == 0
        shown = bars.count()
        expect(page.locator(".strip-more")).to_have_text(f"+{151 - shown}")
        ask(page, "lighthouse")
        expect(page.locator(".strip-mark")).to_have_count(1)
        expect(page.locator(".strip-bar").first).to_have_attribute("aria-label", "A small one")
        page.set_viewport_size(NARROW)
        expect(page.locator(".strip-more")).not_to_have_text(f"+{151 - shown}")
        expect(page.locator(".strip-mark")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert not record.dialogs and not record.outside
