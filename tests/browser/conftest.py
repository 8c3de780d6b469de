"""Fixtures of the browser tests."""

from tests.browser.harness import chromium, page, record

__all__ = ["chromium", "page", "record"]
