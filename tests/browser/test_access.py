"""No serious or critical finding of axe-core in any state of the page, light or dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from errors import IndexDamagedError
from server.source import AnswererSource
from tests.browser.harness import ask, serving

pytestmark = pytest.mark.browser


def _empty(page: Page) -> None:
    page.wait_for_selector(".examples")


def _answer(page: Page) -> None:
    ask(page, "What about the lighthouse and the Fresnel lens?")
    page.wait_for_selector(".card")


def _no_answer(page: Page) -> None:
    ask(page, "xyzzy?")
    page.wait_for_selector(".card")


def _reader(page: Page) -> None:
    _answer(page)
    page.locator(".card button.read").first.click()
    page.wait_for_selector("mark")
    page.locator(".contents summary").click()


def _view(name: str) -> Callable[[Page], None]:
    def opened(page: Page) -> None:
        page.locator(f"[data-name={name}]").click()
        page.wait_for_selector(f".view-{name}")
        page.wait_for_timeout(500)

    return opened


def _dialog(page: Page) -> None:
    page.locator("[data-name=settings]").click()
    page.wait_for_selector("dialog")


STATES = {
    "empty": _empty, "answer": _answer, "no answer": _no_answer, "reader": _reader, "library": _view("library"),
    "search": _view("search"), "collected": _view("collected"), "history": _view("history"), "settings": _dialog,
}  # fmt: skip


def _findings(page: Page) -> list[str]:
    rows = Axe().run(page).response["violations"]
    return [
        f"{row['id']}: {node['html'][:120]} {node.get('failureSummary', '')[:300]}"
        for row in rows
        if row["impact"] in ("serious", "critical")
        for node in row["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious(chromium: Browser, site: str, state: str, scheme: str) -> None:
    page = chromium.new_page(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(site)
    page.wait_for_selector(".examples")
    STATES[state](page)
    findings = _findings(page)
    page.close()
    assert findings == []


def _damaged(source: AnswererSource) -> None:
    raise IndexDamagedError("no sound index in DATA: run `python -m index`")


def test_axe_finds_nothing_serious_where_the_index_is_damaged(page: Page) -> None:
    with serving(_damaged) as url:
        page.goto(url)
        page.wait_for_selector("#sidenote-welcome .message")
        assert _findings(page) == []
        page.close()
