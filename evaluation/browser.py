"""Chromium for what is measured on the page itself: that of the system, or the one that Playwright brought."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SYSTEM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@contextmanager
def chromium() -> Iterator[Browser | str]:
    """Yield a running browser; or, where there is none, a sentence on what is missing and how to get it."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        yield "Playwright is missing: pip install -r requirements-dev.txt"
        return
    with sync_playwright() as playwright:
        known = (*SYSTEM, playwright.chromium.executable_path)
        path = next((path for path in known if Path(path).is_file()), None)
        if path is None:
            yield "Chromium is missing: apt-get install chromium, or python -m playwright install chromium"
            return
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
