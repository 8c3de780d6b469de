"""Fixtures of the browser tests: a browser, a page of it, and a site that a module may replace by one of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.fake_answerer import FakeAnswerer
from tests.browser.harness import chromium, page, record, serving

__all__ = ["chromium", "page", "record"]


@pytest.fixture(scope="module")
def answerer() -> FakeAnswerer:
    return FakeAnswerer()


@pytest.fixture(scope="module")
def site(answerer: FakeAnswerer) -> Iterator[str]:
    with serving(lambda source: source.replace(answerer)) as url:  # type: ignore[arg-type]
        yield url


@pytest.fixture
def ready(page: Page, site: str) -> Page:
    page.goto(site)
    page.wait_for_selector("#sidenote-welcome .examples")
    return page
