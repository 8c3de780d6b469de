"""Taking words away in a real browser: collecting, citing, copying, exporting, judging, printing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from server import feedback
from settings import Settings
from tests.browser.fake_answerer import FakeAnswerer
from tests.browser.harness import NARROW, WIDE, Record, ask, serving

pytestmark = pytest.mark.browser
READ_CLIPBOARD = "() => navigator.clipboard.readText()"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def site(data: Path) -> Iterator[str]:
    settings = Settings(data=data, feedback="on")
    with serving(lambda source: source.replace(FakeAnswerer()), settings) as url:  # type: ignore[arg-type]
        yield url


@pytest.fixture
def ready(page: Page, site: str) -> Page:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.goto(site)
    page.wait_for_selector("#sidenote-welcome .examples")
    return page


@pytest.fixture
def answered(ready: Page) -> Page:
    ask(ready, "What about the Fresnel lens and the keeper?")
    ready.locator("#sidenote-evidence .card").first.wait_for()
    ready.locator(".answer-actions").first.wait_for()
    return ready


def cards(page: Page) -> list[str]:
    quotes: list[str] = page.eval_on_selector_all(
        "#sidenote-evidence .card blockquote", "all => all.map((one) => one.textContent)"
    )
    return quotes


def collect(page: Page, number: int) -> None:
    page.locator("#sidenote-evidence .card").nth(number).locator(".collect").click()


def test_collected_quote_keeps_its_note_over_a_reload(answered: Page, record: Record) -> None:
    first = cards(answered)[0]
    button = answered.locator("#sidenote-evidence .card .collect").first
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_contain_text("Collected")
    expect(answered.get_by_role("button", name="Collected (1)")).to_be_visible()
    answered.get_by_role("button", name="Collected (1)").click()
    answered.get_by_label("Your note").fill("mine: 灯 👩🏽‍🚀")
    answered.reload()
    answered.get_by_role("button", name="Collected (1)").click()
    expect(answered.get_by_label("Your note")).to_have_value("mine: 灯 👩🏽‍🚀")
    assert cards(answered) == [first]
    assert record == Record()


def test_deleting_can_be_undone(answered: Page) -> None:
    collect(answered, 0)
    collect(answered, 1)
    answered.get_by_role("button", name="Collected (2)").click()
    before = cards(answered)
    answered.locator(".collection").get_by_role("button", name="Delete this quote").first.click()
    assert cards(answered) == before[1:]
    expect(answered.get_by_role("button", name="Undo")).to_be_focused()
    answered.keyboard.press("Enter")
    expect(answered.locator(".collection .card")).to_have_count(2)
    assert cards(answered) == before


def test_nothing_collected_is_said(ready: Page) -> None:
    ready.get_by_role("button", name="Collected").click()
    expect(ready.locator(".collection .none")).to_be_visible()
    expect(ready.get_by_role("button", name="Export: HTML")).to_be_hidden()


def test_collected_quotes_are_saved_with_their_notes(answered: Page) -> None:
    collect(answered, 0)
    answered.get_by_role("button", name="Collected (1)").click()
    answered.get_by_label("Your note").fill("to be looked up")
    with answered.expect_download() as saved:
        answered.get_by_role("button", name="Export: JSON").click()
    assert saved.value.suggested_filename.startswith("sidenote-quotes-20")
    rows = json.loads(Path(saved.value.path()).read_text("utf-8"))["quotes"]
    assert [(row["note"], row["quote"]) for row in rows] == [("to be looked up", cards(answered)[0])]
    expect(answered.locator(".collection .told")).to_contain_text("Saved as sidenote-quotes-")


@pytest.mark.parametrize(
    ("style", "holds"),
    [
        ("APA", "in A talk on lighthouses"),
        ("Chicago", "n.d."),
        ("BibTeX", "@misc{"),
        ("Quote with source", "Fresnel lens"),
    ],
)
def test_a_reference_is_copied_and_said(answered: Page, style: str, holds: str) -> None:
    card = answered.locator("#sidenote-evidence .card").first
    card.get_by_role("button", name="Cite").click()
    card.get_by_role("button", name=style, exact=True).click()
    expect(card.locator(".told")).to_have_text(f"{style} copied.")
    expect(answered.locator("#sidenote-said")).to_have_text(f"{style} copied.")
    assert holds in answered.evaluate(READ_CLIPBOARD)


def test_where_no_clipboard_is_there_the_older_way_is_taken(answered: Page) -> None:
    answered.evaluate("() => Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    answered.evaluate("() => document.addEventListener('copy', () => (window.got = getSelection().toString()))")
    answered.get_by_role("button", name="Copy with quotes").click()
    expect(answered.locator(".answer-actions .told")).to_have_text("Copied with its quotes and references.")
    answered.evaluate("() => (document.execCommand = () => false)")
    answered.get_by_role("button", name="Copy with quotes").click()
    expect(answered.locator(".answer-actions .told")).to_contain_text("does not let the page copy")


def test_answer_is_copied_as_markdown_with_its_quotes(answered: Page) -> None:
    answered.get_by_role("button", name="Copy with quotes").click()
    expect(answered.locator(".answer-actions .told")).to_have_text("Copied with its quotes and references.")
    text = answered.evaluate(READ_CLIPBOARD)
    assert "## What about the Fresnel lens and the keeper?" in text
    assert "> A lamp alone is a weak thing." in text and "### References" in text


def test_whole_conversation_is_saved_as_a_page(answered: Page) -> None:
    ask(answered, "And the sailors?")
    answered.locator(".answer-actions").nth(1).wait_for()
    actions = answered.locator(".answer-actions").nth(1)
    actions.get_by_role("button", name="Export").click()
    actions.get_by_label("The whole conversation").check()
    with answered.expect_download() as saved:
        actions.get_by_role("button", name="HTML").click()
    page = Path(saved.value.path()).read_text("utf-8")
    assert page.count("<h2") == 2 and "<script" not in page


def test_verdicts_are_written_down(answered: Page, data: Path) -> None:
    actions = answered.locator(".answer-actions").first
    actions.get_by_role("button", name="Feedback").click()
    actions.get_by_role("button", name="A quote is wrong").click()
    expect(actions.get_by_label("Which quote?")).to_be_focused()
    answered.keyboard.press("Escape")
    expect(actions.get_by_role("button", name="Feedback")).to_be_focused()
    answered.keyboard.press("Enter")
    expect(actions.get_by_role("button", name="Right")).to_be_focused()
    answered.keyboard.press("Tab")
    answered.keyboard.press("Enter")
    actions.get_by_label("Which quote?").select_option("2")
    actions.get_by_label("What is wrong").fill("That is another lamp.")
    actions.get_by_role("button", name="Send").click()
    expect(actions.locator(".told")).to_have_text("Thank you. It is written down.")
    expect(actions.get_by_role("button", name="Feedback")).to_be_hidden()
    row = json.loads((data / feedback.FILE).read_text().splitlines()[-1])
    assert (row["kind"], row["words"]) == ("wrong_quote", "That is another lamp.")
    assert row["wrong"]["quote"] == cards(answered)[1]


def test_a_refusal_of_the_server_is_said(answered: Page) -> None:
    answered.route("**/feedback", lambda route: route.fulfill(status=429, json={"detail": "Too many."}))
    answered.get_by_role("button", name="Feedback").click()
    answered.get_by_role("button", name="Right").click()
    expect(answered.locator(".answer-actions .told")).to_have_text("It could not be written down: Too many.")


def test_without_a_store_collecting_goes_on_and_says_so(answered: Page) -> None:
    answered.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    collect(answered, 0)
    expect(answered.locator("#sidenote-evidence .card .told").first).to_contain_text("lost when the page is closed")


def test_what_was_tampered_with_in_the_store_breaks_nothing(ready: Page, record: Record) -> None:
    ready.evaluate("() => localStorage.setItem('sidenote.collected', '[1, null, {\"document\": 3}, {}]')")
    ready.reload()
    ready.get_by_role("button", name="Collected").click()
    expect(ready.locator(".collection .none")).to_be_visible()
    assert record == Record()


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_nothing_is_wider_than_the_window(chromium: Browser, site: str, size: dict[str, int]) -> None:
    page = chromium.new_page(viewport=size)  # type: ignore[arg-type]
    page.goto(site)
    page.wait_for_selector("#sidenote-welcome .examples")
    ask(page, "What about the Fresnel lens and the keeper?")
    actions = page.locator(".answer-actions").first
    actions.get_by_role("button", name="Export").click()
    actions.get_by_role("button", name="Feedback").click()
    actions.get_by_role("button", name="A quote is wrong").click()
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    long = {"document": "x" * 200, "start": 0, "end": 9, "quote": "y" * 900, "title": "z" * 300, "role": "body"}
    page.evaluate(  # as where another tab collected it
        """(one) => {
            localStorage.setItem("sidenote.collected", JSON.stringify([one]));
            dispatchEvent(new StorageEvent("storage", { key: "sidenote.collected" }));
        }""",
        long,
    )
    page.locator("#sidenote-menu [data-name=collected]").click()
    page.locator(".collection").get_by_role("button", name="Cite").click()
    page.get_by_role("button", name="Chicago").click()
    expect(page.locator(".collection .told")).to_contain_text("no longer here")
    assert page.evaluate(fits)
    page.locator(".collection").scroll_into_view_if_needed()
    page.close()


def test_paper_shows_the_answer_and_its_quotes_and_nothing_to_press(answered: Page) -> None:
    answered.emulate_media(media="print")
    expect(answered.locator("#sidenote-evidence .card blockquote").first).to_be_visible()
    expect(answered.locator("[data-testid=bot]").first).to_be_visible()
    seen = "all => all.filter((one) => one.checkVisibility()).map((one) => one.className || one.id)"
    assert set(answered.eval_on_selector_all("button, input, textarea, select", seen)) <= {"number", "place"}
