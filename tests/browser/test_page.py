"""The page in a real browser: asking, evidence, surroundings, states, sizes, keyboard."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from errors import IndexDamagedError
from schema import EVERYTHING, Answer, Filters, Turn
from server.source import AnswererSource, Status
from settings import Settings
from tests.browser.fake_answerer import DREAM, ESSAY, TALK, FakeAnswerer, library
from tests.browser.harness import NARROW, Record, ask, serving

pytestmark = pytest.mark.browser


def marked(page: Page) -> str:
    texts: list[str] = page.eval_on_selector_all("#sidenote-evidence mark", "all => all.map((one) => one.textContent)")
    return "".join(texts)


def test_welcome_names_the_documents_and_offers_questions_of_the_corpus(ready: Page, record: Record) -> None:
    expect(ready.locator("#sidenote-welcome .documents")).to_contain_text("A talk on lighthouses")
    expect(ready.locator(".examples button")).to_have_text(["How do lighthouses work?", "灯台とは何ですか？"])
    assert record == Record()


def test_an_example_is_asked_at_a_click(ready: Page) -> None:
    ready.locator(".examples button").first.click()
    expect(ready.locator("[data-testid=user]")).to_have_text("How do lighthouses work?")
    expect(ready.locator(".card")).not_to_have_count(0)


def test_question_to_answer_to_card_and_back(ready: Page, record: Record) -> None:
    ask(ready, "What about the lighthouse?")
    markers = ready.locator("a.marker")
    expect(markers).to_have_text(["1", "2", "3", "4", "5"])
    markers.nth(3).click()
    card = ready.locator(".card").nth(3)
    expect(card).to_be_focused()
    expect(card).to_have_class("card role-body flash")
    card.locator(".number").click()
    expect(markers.nth(3)).to_be_focused()
    assert record == Record(), "no errors, no dialogs, no request to another host"


def test_card_tells_whose_words_where_and_when(ready: Page) -> None:
    ask(ready, "How far does the Fresnel lens throw light?")
    card = ready.locator(".card").first
    expect(card.locator(".whose .name")).to_have_text("Ada Keeper")
    expect(card.locator(".verdict")).to_have_text("✓ verbatim")
    expect(card.locator(".where")).to_contain_text("A talk on lighthouses")
    expect(card.locator(".time")).to_have_text("1:33–2:38")
    expect(card.locator(".where")).to_contain_text("English")
    expect(card.locator(".where")).to_contain_text("main text")
    expect(card.locator(".also")).to_have_text("Also in灯台の夢 (Japanese translation)")
    ask(ready, "careless")
    card = ready.locator(".card").first
    expect(card.locator(".badge")).to_have_text("inferred")
    expect(card.locator(".by")).to_have_text("quoted by Ada Keeper")


@pytest.mark.parametrize(
    ("question", "document"), [("Fresnel?", TALK), ("sailors", TALK), ("careless", ESSAY), ("灯台守", DREAM)]
)
def test_surroundings_mark_the_quote_to_the_character(ready: Page, question: str, document: str) -> None:
    ask(ready, question)
    card = ready.locator(".card").first
    quote = card.locator("blockquote").evaluate("(one) => one.textContent")
    text = next(one.text for one in library() if one.id == document)
    assert quote in text
    card.locator("button.read").click()
    ready.wait_for_selector("#sidenote-evidence mark")
    assert marked(ready) == quote
    shown = ready.locator(".reader .text").evaluate("(one) => one.textContent")
    assert shown in text
    assert len(shown) > len(quote)


def test_place_over_several_blocks_is_marked_with_what_stands_between(ready: Page, site: str) -> None:
    text = library()[0].text
    start, end = text.index("lens gathers"), text.index("\u0301 lights") + 4
    ready.goto(f"{site}/?again#read/{quote(TALK)}/{start}-{end}")
    ready.wait_for_selector("#sidenote-evidence mark")
    assert marked(ready) == text[start:end]
    assert "\r\n\r\n" in text[start:end]


def test_reader_closes_to_where_one_was(ready: Page) -> None:
    ask(ready, "What about the lighthouse?")
    opener = ready.locator(".card").nth(2).locator("button.read")
    opener.click()
    expect(ready.locator(".reader .name").first).to_be_focused()
    ready.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(ready.locator(".card")).to_have_count(5)


def test_reader_shows_more_as_one_scrolls_until_the_end(ready: Page) -> None:
    ask(ready, "careless lighthouse")
    ready.locator(".card button.read").first.click()
    text = ready.locator(".reader .text")
    ready.wait_for_selector("mark")
    for _ in range(200):
        ready.evaluate("document.getElementById('sidenote-evidence').scrollTo(0, 1e6)")
        ready.wait_for_timeout(100)
        if "Entry 119" in (text.text_content() or ""):
            break
    expect(text).to_contain_text("Entry 119")
    expect(ready.get_by_text("Show later text")).to_be_hidden()
    shown = text.evaluate("(one) => one.textContent")
    assert shown == next(one.text for one in library() if one.id == ESSAY)


def test_keyboard_alone_reaches_card_surroundings_and_back(ready: Page) -> None:
    ready.keyboard.type("What about the lighthouse?")
    ready.keyboard.press("Enter")
    ready.wait_for_selector(".card")
    ready.locator("a.marker").nth(1).focus()
    ready.keyboard.press("Enter")
    expect(ready.locator(".card").nth(1)).to_be_focused()
    ready.keyboard.press("Tab")
    expect(ready.locator(".card").nth(1).locator(".number")).to_be_focused()
    ready.keyboard.press("Escape")
    expect(ready.locator("a.marker").nth(1)).to_be_focused()


def test_abstaining_is_a_calm_state_with_what_came_closest(ready: Page, record: Record) -> None:
    ask(ready, "xyzzy?")
    expect(ready.locator("[data-testid=bot]")).to_contain_text("The corpus does not say.")
    expect(ready.locator("#sidenote-evidence h2")).to_have_text("What came closest")
    expect(ready.locator(".nearest .card")).to_have_count(1)
    expect(ready.locator(".card .number")).to_have_count(0)
    ready.locator("a.nearest-link").click()
    expect(ready.locator("#sidenote-evidence h2")).to_be_focused()
    assert record == Record()


def test_evidence_follows_the_answer_whose_marker_is_clicked(ready: Page) -> None:
    ask(ready, "Fresnel?")
    ask(ready, "careless")
    expect(ready.locator(".heading .for")).to_have_text("For the question “careless”")
    ready.locator("a.marker").first.click()
    expect(ready.locator(".heading .for")).to_have_text("For the question “Fresnel?”")
    expect(ready.locator(".card").first).to_be_focused()


def test_follow_up_is_asked_with_the_turns_before(ready: Page, answerer: FakeAnswerer) -> None:
    ask(ready, "Fresnel?")
    ask(ready, "careless")
    question, turns = answerer.asked[-1]
    assert question == "careless"
    assert [turn.question for turn in turns] == ["Fresnel?"]
    assert turns[0].citations[0].document == TALK
    ready.locator("#sidenote-anew").click()
    ready.wait_for_selector(".examples button")
    expect(ready.locator(".card")).to_have_count(0)
    ask(ready, "sailors")
    assert answerer.asked[-1][1] == ()


def test_too_long_a_question_is_refused_politely_and_given_back(ready: Page) -> None:
    ask(ready, "lighthouse " * 300)
    expect(ready.locator("[data-testid=bot]")).to_contain_text("at most 2,000 fit")
    expect(ready.locator("#sidenote-question textarea")).to_have_value("lighthouse " * 300)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_narrow_page_unfolds_a_quote_under_its_sentence(chromium: Browser, site: str, scheme: str) -> None:
    page = chromium.new_page(viewport=NARROW, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(site)
    page.wait_for_selector(".examples")
    widths = [page.evaluate("document.documentElement.scrollWidth")]
    ask(page, "What about the lighthouse and the Fresnel lens?")
    page.wait_for_selector("a.marker")
    widths.append(page.evaluate("document.documentElement.scrollWidth"))
    expect(page.locator("#sidenote-question")).to_be_in_viewport(ratio=1)
    marker = page.locator("a.marker").nth(4)
    marker.click()
    card = page.locator(".unfolded .card")
    expect(card).to_be_in_viewport()
    sentence = marker.locator("xpath=ancestor::p").bounding_box()
    place = card.bounding_box()
    assert sentence and place and place["y"] >= sentence["y"] + sentence["height"]
    card.locator("button.read").click()
    page.wait_for_selector("mark")
    expect(page.locator(".view-back")).to_be_in_viewport()
    widths.append(page.evaluate("document.documentElement.scrollWidth"))
    page.go_back()
    marker.click()
    expect(page.locator(".unfolded")).to_have_count(0)
    page.close()
    assert widths == [390, 390, 390]


_CONTRAST = """() => {
  const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const element of document.querySelectorAll("#sidenote *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility({ opacityProperty: true }) || element.closest(".sr-only")) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)} ${element.textContent}`);
  }
  return low;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_scheme_with_enough_contrast(chromium: Browser, site: str, scheme: str) -> None:
    page = chromium.new_page(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(site)
    page.wait_for_selector(".examples")
    low = page.evaluate(_CONTRAST)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for question in ("xyzzy?", "What about the lighthouse and the Fresnel lens?"):
        ask(page, question)
        page.wait_for_selector(".card")
        low += page.evaluate(_CONTRAST)
    page.locator("button.read").first.click()
    page.wait_for_selector("mark")
    low += page.evaluate(_CONTRAST)
    page.close()
    assert paper == {"light": "rgb(251, 249, 245)", "dark": "rgb(27, 25, 22)"}[scheme]
    assert low == []


def test_page_says_that_the_index_is_loading_and_answers_when_it_is_there(page: Page, record: Record) -> None:
    go_on = threading.Event()

    def load(source: AnswererSource) -> None:
        go_on.wait(30)
        source.replace(FakeAnswerer())  # type: ignore[arg-type]

    with serving(load) as url:
        page.goto(url)
        expect(page.locator("#sidenote-welcome h2")).to_have_text("Opening the index…")
        expect(page.locator("#sidenote-welcome progress")).to_be_visible()
        page.fill("#sidenote-question textarea", "Fresnel?")
        page.keyboard.press("Enter")
        expect(page.locator("[data-testid=user]")).to_have_text("Fresnel?")
        go_on.set()
        expect(page.locator("a.marker").first).to_be_visible()
        page.close()
    assert record == Record()


def _building(source: AnswererSource) -> None:
    source.report(Status("building", stage="embedding", fraction=0.42))
    threading.Event().wait(30)


def _damaged(source: AnswererSource) -> None:
    raise IndexDamagedError("no sound index in DATA: run `python -m index`")


def _empty(source: AnswererSource) -> None:
    source.replace(FakeAnswerer([]))  # type: ignore[arg-type]


def _broken(source: AnswererSource) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("load", "said", "refused"),
    [
        (_building, "Indexing what they say… 42 %", "still being built"),
        (_damaged, "no sound index in DATA: run `python -m index`", "no sound index in DATA"),
        (_empty, "Put documents into the corpus folder", "no documents to ask"),
        (_broken, "The index cannot be used.", "The index cannot be used."),
    ],
)
def test_page_says_what_is_wrong_and_what_to_do(page: Page, load: object, said: str, refused: str) -> None:
    with serving(load) as url:  # type: ignore[arg-type]
        page.goto(url)
        expect(page.locator("#sidenote-welcome")).to_contain_text(said)
        ask(page, "Fresnel?")
        expect(page.locator("[data-testid=bot]")).to_contain_text(refused)
        page.close()


def test_changed_document_is_said_to_be_changed(ready: Page, answerer: FakeAnswerer) -> None:
    ask(ready, "careless")
    ready.wait_for_selector(".card")
    ready.route("**/documents/**", lambda route: route.fulfill(json=_other_text()))
    ready.locator("button.read").first.click()
    expect(ready.locator(".reader .trouble")).to_contain_text("has changed")


def _other_text() -> dict[str, object]:
    run = {"text": "something else", "role": "body", "block": 0, "marked": True}
    return {"document": "x", "title": "x", "start": 0, "end": 14, "length": 14, "runs": [run]}


def test_evidence_that_cannot_be_loaded_can_be_tried_again(ready: Page) -> None:
    ready.route("**/answers/**", lambda route: route.abort())
    ask(ready, "careless")
    expect(ready.locator("#sidenote-evidence .trouble")).to_be_visible()
    ready.unroute("**/answers/**")
    ready.get_by_text("Try again").click()
    expect(ready.locator(".card")).not_to_have_count(0)


def test_what_is_typed_while_an_answer_comes_is_not_lost(page: Page) -> None:
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
        waiting = page.locator("#sidenote-chat [data-waiting]")
        expect(waiting).to_have_attribute("data-waiting", "The question has arrived…")
        page.keyboard.type("And then")
        go_on.set()
        expect(page.locator("a.marker").first).to_be_visible()
        expect(waiting).to_have_count(0)
        page.keyboard.type(" what?")
        expect(page.locator("#sidenote-question textarea")).to_have_value("And then what?")
        page.close()


def test_busy_server_says_so_and_the_question_stays(page: Page) -> None:
    go_on = threading.Event()

    class Slow(FakeAnswerer):
        def answer(
            self, question: str, turns: Sequence[Turn] = (), filters: Filters = EVERYTHING, **more: Any
        ) -> Answer:
            go_on.wait(20)
            return super().answer(question, turns, filters)

    settings = Settings(concurrency=1, queue=1)
    with serving(lambda source: source.replace(Slow()), settings) as url:  # type: ignore[arg-type]
        page.goto(url)
        page.wait_for_selector(".examples")
        for _ in range(3):
            page.request.post(f"{url}/gradio_api/call/ask", data={"data": ["Fresnel?"]})
        page.fill("#sidenote-question textarea", "careless")
        page.keyboard.press("Enter")
        expect(page.locator("[data-testid=toast-body]")).to_contain_text("busy")
        expect(page.locator("#sidenote-question textarea")).to_have_value("careless")
        go_on.set()
        page.close()
