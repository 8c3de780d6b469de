"""Strings that no list holds, in every place of the page and through every road of the API: letters, all of them."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Page

from tests.browser.harness import Record, ask
from tests.security.generated import strings
from tests.security.hostile import HostileAnswerer, audit, texts

pytestmark = [pytest.mark.browser, pytest.mark.attack]


@pytest.fixture(scope="module")
def answerer() -> HostileAnswerer:
    return HostileAnswerer(strings())


def test_there_are_enough_and_different_ones() -> None:
    assert len(set(strings())) >= 1_000


@pytest.mark.timeout(120)
def test_no_generated_string_becomes_more_than_text(
    page: Page, record: Record, site: str, answerer: HostileAnswerer
) -> None:
    page.add_init_script("sessionStorage.clear()")
    for number, batch in enumerate(answerer.batches):
        page.goto(site)
        page.wait_for_selector("#sidenote-welcome .documents")
        ask(page, f"batch {number}")
        page.wait_for_function("n => document.querySelectorAll('.card').length === n", arg=len(batch), timeout=60_000)
        assert audit(page) == [], number
        assert list(texts(page, ".card blockquote")) == list(batch)
        page.locator("button.read").first.click()
        page.wait_for_selector("#sidenote-evidence mark")
        assert "".join(texts(page, "#sidenote-evidence mark")) == batch[0]
        assert audit(page) == []
    assert record == Record()


def test_no_generated_string_is_a_server_error(site: str) -> None:
    with httpx.Client(base_url=site, timeout=30) as client:
        for text in strings()[::3]:
            for path in (f"/documents/{quote(text, safe='')}?start=0&end=1", f"/reader/outline/{quote(text, safe='')}"):
                assert client.get(path).status_code < 500, text
            for path, name in (("/library", "text"), ("/search", "phrase"), ("/filters", "part")):
                assert client.get(path, params={name: text[:200]}).status_code < 500, text
