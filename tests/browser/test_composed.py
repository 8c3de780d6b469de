"""Composed answers as a reader meets them: written before his eyes, each sentence checked, in the way he chose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_args

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from models import support
from schema import FellBack
from settings import Settings
from tests.browser.fake_answerer import Composing, Written
from tests.browser.harness import NARROW, Record, ask, serving
from ui import wording

pytestmark = pytest.mark.browser

QUESTION = "What about the lighthouse, the Fresnel lens and the trimmed wick?"
WRITTEN: tuple[Written, ...] = (
    ("The lens throws the light of a weak lamp out to sea.", "supported", 0),
    ("The keeper trimmed the wick at midnight in 1890.", "partly", 2),
    ("Every lighthouse was painted red.", "not", 0),
    ("Sailors preferred bells.", "not", 0),
)
AWAY = Settings(model="Lamp-7B", model_url="http://127.0.0.1:9/v1")
WORDS = wording.load()


@contextmanager
def opened(page: Page, answerer: Composing, settings: Settings = AWAY, place: str = "") -> Iterator[str]:
    with serving(lambda source: source.replace(answerer), settings) as url:  # type: ignore[arg-type]
        page.goto(url + place)
        page.locator("#sidenote-welcome .examples, a.marker").first.wait_for()
        yield url
        for _ in range(len(answerer.written) + 1):
            if answerer.step:
                answerer.step.release()
        page.close()


def begin(page: Page, question: str = QUESTION) -> None:
    page.fill("#sidenote-question textarea", question)
    page.keyboard.press("Enter")


def asked(page: Page, question: str = QUESTION) -> None:
    ask(page, question)
    page.locator(".foot").last.wait_for()


def test_quotes_come_first_then_each_sentence_then_the_whole_which_is_heard_once(page: Page, record: Record) -> None:
    answerer = Composing(*WRITTEN, free=False)
    with opened(page, answerer):
        page.evaluate("""() => new MutationObserver(() => {
            const said = document.getElementById("sidenote-said")?.textContent;
            if (said && said !== window.heard?.at(-1)) (window.heard ??= []).push(said);
        }).observe(document.body, { childList: true, subtree: true, characterData: true })""")
        begin(page)
        bot = page.locator("[data-testid=bot]")
        expect(bot.locator("a.marker")).to_have_count(5)
        expect(page.locator(".card")).to_have_count(5)
        expect(page.locator(".message-row[data-waiting]")).to_have_attribute("data-waiting", WORDS["waiting_writing"])
        expect(page.locator("#sidenote-chat [role=log]")).to_have_attribute("aria-busy", "true")
        expect(page.locator("#sidenote-stop")).to_be_visible()
        assert answerer.step
        answerer.step.release()
        expect(bot).to_have_text(f"{WRITTEN[0][0]} 1")
        expect(page.locator(".card")).to_have_count(1)
        expect(page.locator(".foot")).to_have_count(0)
        answerer.step.release()
        expect(bot).to_have_text(f"{WRITTEN[0][0]} 1 {WRITTEN[1][0]} 2 ≈ partly")
        expect(page.locator(".card")).to_have_count(2)
        answerer.step.release(10)
        expect(page.locator(".foot .composed")).to_contain_text("Written by Lamp-7B")
        expect(page.locator("#sidenote-chat [role=log]")).to_have_attribute("aria-busy", "false")
        expect(page.locator(".message-row[data-waiting]")).to_have_count(0)
        expect(page.locator("#sidenote-said")).to_have_text("Answer, with 2 quotes.")
        assert page.evaluate("window.heard").count("Answer, with 2 quotes.") == 1
        assert not [said for said in page.evaluate("window.heard") if "5 quotes" in said or "one quote" in said]
        history = page.evaluate("JSON.parse(localStorage['sidenote.history'])")
        assert [[len(one["id"]) for one in row["answers"]] for row in history] == [[32]], "no draft is remembered"
    assert record == Record()


def test_stop_ends_what_the_model_was_asked_and_gives_the_question_back(page: Page, record: Record) -> None:
    answerer = Composing(*WRITTEN, free=False)
    with opened(page, answerer):
        begin(page)
        page.locator("[data-testid=bot] a.marker").first.wait_for()
        page.locator("#sidenote-stop").click()
        assert answerer.stopped.wait(10)
        expect(page.locator("[data-testid=bot]")).to_have_count(0)
        expect(page.locator("#sidenote-evidence .empty")).to_be_visible()
        expect(page.locator("#sidenote-question textarea")).to_have_value(QUESTION)
        assert answerer.step
        answerer.step.release(20)
        page.keyboard.press("Enter")
        expect(page.locator(".foot .composed")).to_be_visible()
    assert record == Record()


def test_who_leaves_the_page_ends_what_the_model_was_asked(page: Page) -> None:
    answerer = Composing(*WRITTEN, free=False)
    with opened(page, answerer):
        begin(page)
        page.locator("[data-testid=bot] a.marker").first.wait_for()
        page.goto("about:blank")
        assert answerer.stopped.wait(20)


def test_what_is_supported_in_part_says_so_and_leads_to_its_quote(page: Page) -> None:
    with opened(page, Composing(*WRITTEN)):
        asked(page)
        sign = page.get_by_role("link", name="Partly supported. Compare with quote 2")
        expect(sign).to_have_text("≈ partly")
        expect(sign).to_have_attribute("title", WORDS["partly_help"])
        sign.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".card").nth(1)).to_be_focused()


def test_what_is_left_out_is_counted_and_unfolds_by_keyboard_marked_each(page: Page) -> None:
    with opened(page, Composing(*WRITTEN)):
        asked(page)
        summary = page.locator(".left-out summary")
        expect(summary).to_have_text(WORDS["left_out_other"].format(count=2))
        expect(page.locator(".left-out li").first).to_be_hidden()
        summary.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".left-out li")).to_have_text([f"✗ left out {row[0]}" for row in WRITTEN[2:]])
        expect(page.locator("[data-testid=bot]")).not_to_contain_text("painted red")


@pytest.mark.parametrize("why", ["slow", "unsupported"])
def test_an_answer_in_quotes_says_quietly_why(page: Page, why: FellBack) -> None:
    assert why in get_args(FellBack)
    with opened(page, Composing(fell_back=why)):
        asked(page)
        expect(page.locator("[data-testid=bot] em")).to_have_text(
            WORDS["fell_back"].format(why=WORDS[f"fell_back_{why}"])
        )
        expect(page.locator(".card")).to_have_count(5)
        expect(page.locator(".composed")).to_have_count(0)


def test_numbers_history_and_follow_ups_go_on_through_composed_answers(page: Page) -> None:
    answerer = Composing(*WRITTEN)
    with opened(page, answerer):
        asked(page)
        asked(page, "And the trimmed wick?")
        first, second = (page.locator("[data-testid=bot]").nth(at).locator("a.marker") for at in (0, 1))
        quotes = page.evaluate("""() => Promise.all([...document.querySelectorAll("a.marker")].map(async (link) => {
            const [, id, number] = link.hash.split("-");
            const { answer } = await (await fetch(`answers/${id}`)).json();
            return [answer.citations[number - 1].quote, link.textContent];
        }))""")
        numbers: dict[str, set[str]] = {}
        for quote, number in quotes:
            numbers.setdefault(quote, set()).add(number)
        assert first.count() == 2 and second.count() >= 1
        assert all(len(found) == 1 for found in numbers.values()), "one number for one quote"
        assert answerer.asked[-1][1][0].citations, "what the composed answer cited is what a follow-up leans on"
        page.reload()
        expect(page.locator(".foot .composed")).to_have_count(2)
        expect(page.locator("a.partly")).to_have_count(2)


def test_how_often_the_check_is_wrong_is_said_where_it_was_measured(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(support, "WRONG_OF_HUNDRED", 7, raising=False)
    with opened(page, Composing(*WRITTEN)):
        asked(page)
        expect(page.locator(".composed p")).to_contain_text(WORDS["composed_wrong"].format(wrong=7))


HOSTILE = (
    "![x](https://evil.test/x.png) <img src=x onerror=alert(1)> https://evil.test/ [99] [1] "
    "[click](javascript:alert(1)) \u202ereversed\u2066 <script>alert(2)</script> {{7*7}} $x$"
)


def test_words_of_a_model_are_letters_wherever_they_stand(page: Page, record: Record) -> None:
    rows: list[Written] = [(HOSTILE, "supported", 0), (f"{HOSTILE} again", "partly", 1), (f"{HOSTILE} not", "not", 0)]
    answerer = Composing(*rows)
    assert answerer.writer
    answerer.writer = type(answerer.writer)("<b>Lamp</b> {name}")
    with opened(page, answerer):
        asked(page)
        page.locator(".left-out summary").click()
        room = page.locator("#sidenote-chat")
        expect(room.locator("img, script, b")).to_have_count(0)
        hrefs = room.locator("a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
        assert len(hrefs) == 3 and all(href.startswith("#q-") for href in hrefs)
        expect(page.locator("[data-testid=bot]")).to_contain_text("![x](https://evil.test/x.png) <img src=x onerror=")
        expect(page.locator("[data-testid=bot]")).to_contain_text(
            "[99] [1] [click](javascript:alert(1)) \ufffdreversed"
        )
        expect(page.locator(".left-out li")).to_contain_text("<script>alert(2)</script>")
        expect(page.locator(".mode-hint")).to_contain_text("<b>Lamp</b>")
    assert record == Record()


def test_a_quote_that_was_unfolded_stays_open_while_the_answer_grows(chromium: Browser) -> None:
    answerer = Composing(*WRITTEN, free=False)
    page = chromium.new_page(viewport=NARROW)
    with opened(page, answerer):
        begin(page)
        page.locator("a.marker").first.wait_for()
        assert answerer.step
        answerer.step.release()
        expect(page.locator("a.marker")).to_have_count(1)
        page.locator("a.marker").first.click()
        quote = page.locator(".unfolded blockquote")
        expect(quote).to_contain_text("Fresnel")
        answerer.step.release()
        expect(page.locator("a.partly")).to_have_count(1)
        expect(quote).to_contain_text("Fresnel")
        answerer.step.release(10)
        expect(page.locator(".foot .composed")).to_be_visible()
        expect(quote).to_contain_text("Fresnel")
        page.locator("a.partly").click()
        expect(page.locator(".unfolded .partly-help")).to_have_text(WORDS["partly_help"])


def _findings(page: Page) -> list[str]:
    rows = Axe().run(page).response["violations"]
    return [f"{row['id']}: {row['nodes'][0]['html'][:200]}" for row in rows if row["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [None, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_serious_in_any_state(chromium: Browser, scheme: Any, size: Any) -> None:
    answerer = Composing(*WRITTEN, free=False, fell_back="cut")
    page = chromium.new_page(color_scheme=scheme, reduced_motion="reduce", **({"viewport": size} if size else {}))
    with opened(page, answerer):
        begin(page)
        page.locator("a.marker").first.wait_for()
        assert answerer.step and _findings(page) == [], "while it is being written"
        answerer.step.release(20)
        page.locator(".left-out summary").click()
        assert _findings(page) == [], "what is left out"
        begin(page, "xyzzy?")
        page.locator(".foot").last.wait_for(state="attached")
        assert _findings(page) == []
