"""What a reader waits for is measured on the page; where it cannot be, one line says so."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from evaluation import browser, browser_costs, speed
from settings import Settings
from tests.browser.fake_answerer import FakeAnswerer, document

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def answerer() -> FakeAnswerer:
    return FakeAnswerer([document("long.txt", browser_costs.long_text(), "A long one")])


def test_a_first_visit_is_counted_with_all_that_it_loads(chromium: Browser, site: str) -> None:
    assert 100_000 < browser_costs.first_bytes(chromium, site) < 2_000_000


def test_each_answer_is_seen_after_it_came_and_before_its_quotes(chromium: Browser, site: str) -> None:
    waited = browser_costs.answered(chromium, site)
    assert len(waited) == 5
    assert all(0 < answer <= quotes for answer, quotes in waited)


def test_the_long_document_opens_at_a_place_in_its_middle(chromium: Browser, site: str) -> None:
    assert browser_costs.opened(chromium, site) > 0


def test_the_long_document_is_as_long_as_it_says_and_has_its_quote_once(tmp_path: Path) -> None:
    settings = browser_costs.long_document(Settings(), tmp_path)
    (written,) = settings.corpus.iterdir()
    assert written.stat().st_size == browser_costs.LONG
    assert written.read_text().count(browser_costs._QUOTE) == 1


def test_without_a_browser_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def none() -> Iterator[str]:
        yield "Chromium is missing: get it"

    monkeypatch.setattr(browser, "chromium", none)
    arguments = argparse.Namespace(corpus=None, data=None, only=["browser"], passages=1)
    assert speed.run(arguments) == 0
    assert capsys.readouterr().out == "the page in a browser: not measured. Chromium is missing: get it\n"
