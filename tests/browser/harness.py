"""What browser and attack tests share: our server in a thread, Chromium, and a record of all that a page did."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, ViewportSize, expect, sync_playwright

from evaluation.browser import FLAGS, SYSTEM
from server.application import create_app
from server.source import AnswererSource
from settings import ROOT, Settings

ATTACKS = (ROOT.parent / "shared" / "attacks", ROOT / "tests" / "data" / "attacks")
PATIENCE = 30_000  # milliseconds; Gradio's page takes 1 s to draw, and several where other tests share the machine
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}


def attack_file(name: str) -> Path:
    """Return a file of hostile strings: the large one beside the project, or else our own small one."""
    for folder in ATTACKS:
        if (folder / name).is_file():
            return folder / name
    pytest.skip(f"no {name} in {' or '.join(map(str, ATTACKS))}")


@dataclass
class Record:
    """What a page did that a reader would not want."""

    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)
        page.on("dialog", self._dialog)
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.type}: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None, ""):
            self.outside.append(request.url)


@contextmanager
def serving(load: Callable[[AnswererSource], None], settings: Settings | None = None) -> Iterator[str]:
    """Serve our application on a free port, with what `load` puts in place; yield its address."""
    source = AnswererSource(load)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = create_app(settings or Settings(), source)
    config = uvicorn.Config(app, log_level="error", server_header=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    source.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")  # no longer: as long as Playwright is there, `asyncio.run` fails in every other test
def chromium() -> Iterator[Browser]:
    path = next((path for path in SYSTEM if Path(path).exists()), None)
    if path is None:
        pytest.skip("no Chromium: install it with `apt-get install chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def record() -> Record:
    return Record()


@pytest.fixture
def page(chromium: Browser, record: Record) -> Iterator[Page]:
    page = chromium.new_page(viewport=WIDE)
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    record.watch(page)
    yield page
    page.close()


def ask(page: Page, question: str) -> None:
    """Type a question, send it, wait for its answer."""
    answers = page.locator("[data-testid=bot]").count()
    page.fill("#sidenote-question textarea", question)
    page.keyboard.press("Enter")
    page.locator("[data-testid=bot] p").nth(answers).wait_for()
    page.wait_for_function("n => document.querySelectorAll('[data-testid=bot]').length > n", arg=answers)
