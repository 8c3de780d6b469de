"""Hostile strings as quote, answer, question, title, speaker, section, name and link: letters, all of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from schema import EVERYTHING, Answer
from server import guard
from tests.browser.fake_answerer import FakeAnswerer
from tests.browser.harness import Record, ask, attack_file, serving
from tests.security.hostile import HostileAnswerer, audit, texts
from ui import render

pytestmark = [pytest.mark.browser, pytest.mark.attack]


def payloads() -> list[str]:
    """Return the hostile strings, one a line, without what no document could hold: line ends inside a line."""
    lines = attack_file("xss.txt").read_text("utf-8", "replace").split("\n")
    return [line.rstrip("\r") for line in lines if line.strip()]


@pytest.fixture(scope="module")
def answerer() -> HostileAnswerer:
    return HostileAnswerer(payloads())


def squeezed(text: str) -> str:
    """Return what is seen of a text: all but blanks, and controls as the chat shows them."""
    return "".join(re.sub("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffd]", "", text).split())


@pytest.mark.timeout(280)
def test_every_string_stays_text_in_every_place(
    page: Page, record: Record, site: str, answerer: HostileAnswerer
) -> None:
    page.add_init_script("sessionStorage.clear()")  # or the conversation before would stand there again
    for number, batch in enumerate(answerer.batches):
        page.goto(site)
        page.wait_for_selector("#sidenote-welcome .documents")
        found = audit(page) if number == 0 else []
        ask(page, f"batch {number}")
        page.wait_for_function("n => document.querySelectorAll('.card').length === n", arg=len(batch), timeout=60_000)
        found += audit(page)
        assert found == [], number
        assert list(texts(page, ".card blockquote")) == list(batch)
        assert list(texts(page, ".card .name")) == list(batch)
        (question,) = texts(page, "[data-testid=user] .md")
        assert squeezed(question) == squeezed("".join(batch))
        (answer,) = texts(page, "[data-testid=bot] .md")
        assert all(squeezed(text) in squeezed(answer) for text in batch)
        page.locator("button.read").nth(len(batch) // 2).click()
        page.wait_for_selector("#sidenote-evidence mark")
        assert "".join(texts(page, "#sidenote-evidence mark")) == batch[len(batch) // 2]
        assert audit(page) == []
    assert record == Record()


def test_hostile_questions_are_echoed_as_text(page: Page, record: Record) -> None:
    strings = payloads()[:: max(1, len(payloads()) // 24)]
    with serving(lambda source: source.replace(FakeAnswerer())) as url:  # type: ignore[arg-type]
        page.goto(url)
        page.wait_for_selector(".examples")
        for text in strings:
            ask(page, text)
        assert [squeezed(one) for one in texts(page, "[data-testid=user] .md")] == [squeezed(one) for one in strings]
        assert audit(page) == []
        page.close()
    assert record == Record()


def test_the_audit_sees_attacks(page: Page, record: Record) -> None:
    """Show that the harness is not blind: the same strings as markup do what they were written for."""
    page.route("**/*", lambda route: route.abort())
    page.set_content("<div id=sidenote></div>")
    found: list[str] = []
    for start in range(0, 400, 50):
        batch = payloads()[start : start + 50]
        page.evaluate("(html) => { document.getElementById('sidenote').innerHTML = html }", "<hr>".join(batch))
        found += audit(page)
    page.wait_for_timeout(500)
    assert len(found) >= 20
    assert record.dialogs


@pytest.mark.parametrize("policy", [guard.POLICY, "default-src * data: blob: 'unsafe-inline' 'unsafe-eval'"])
def test_policy_alone_keeps_markup_from_reaching_another_host(
    chromium: Browser, monkeypatch: pytest.MonkeyPatch, policy: str
) -> None:
    """Take the first wall away, so that documents become markup. The second holds, and is seen to be what holds."""
    probes = "\n\n".join(
        [
            "![i](https://evil.test/1.png)", "![i](//evil.test/2.png)", '<img src="https://evil.test/3.png">',
            '<picture><source srcset="https://evil.test/4.png"><img></picture>', '<video poster="https://evil.test/5">',
            '<audio src="https://evil.test/6">', '<svg><image href="https://evil.test/7"></image></svg>',
            '<p style="background:url(https://evil.test/8)">x</p>', '<table background="https://evil.test/9">',
            '<input type=image src="https://evil.test/10">', '<iframe src="https://evil.test/11"></iframe>',
        ]
    )  # fmt: skip

    class Obedient(FakeAnswerer):
        def answer(self, question: str, turns: Any = (), filters: Any = EVERYTHING, **more: Any) -> Answer:
            return Answer("", question, "", probes, True, "en")

    monkeypatch.setattr(render, "escape", lambda text: text)
    monkeypatch.setitem(guard.HEADERS, "Content-Security-Policy", policy)
    page = chromium.new_page()
    reached: list[str] = []
    page.on("requestfinished", lambda request: reached.append(request.url))
    page.on("requestfailed", lambda request: reached.append(request.url) if request.failure != "csp" else None)
    with serving(lambda source: source.replace(Obedient())) as url:  # type: ignore[arg-type]
        page.goto(url)
        page.wait_for_selector(".examples")
        ask(page, "Fresnel?")
        assert page.locator("[data-testid=bot] img").count() > 0, "the wall was not taken away"
        page.wait_for_timeout(1_000)
        page.close()
    assert any("evil.test" in one for one in reached) == (policy != guard.POLICY)
