"""What a reader waits for, measured in a browser: bytes until he can ask, an answer that has come, a long document."""

from __future__ import annotations

import random
import statistics
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from evaluation.costs import bring_up_to_date
from evaluation.page_costs import running
from settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LONG = 2_000_000  # characters of the document that the reader opens, one byte each
_QUESTIONS = ("What is this about?", "Who said that, and when?", "What was decided?", "Why?", "What is said of it?")
_OPENINGS = 3  # each on a page of its own, so that nothing of the reader is loaded
_PATIENCE = 120_000  # milliseconds
_QUIET = 1_500  # milliseconds after the page can be used in which what it still asks for arrives
_NAME = "long.txt"
_QUOTE = "The harbour bell rang twice."  # stands once in the long document, in its middle
_SENTENCE = 14  # words of a made-up sentence
_PARAGRAPH = 5  # sentences

# Looks at the stream in which Gradio sends an answer, and at what the page makes of it. The stream itself goes on as it
# is; times are those after which the browser has painted.
_WATCH = """
const answers = () => document.querySelectorAll("#sidenote-chat [data-testid=bot]");
const painted = (then) => requestAnimationFrame(() => setTimeout(then));
window.sidenoteTimes = { came: null, answer: null, quotes: null, before: 0, question: "" };
window.sidenotePainted = painted;
const known = new Set(); // answers
const own = window.fetch;
window.fetch = async (...given) => {
  const response = await own(...given);
  if (!response.body || !response.url.includes("/queue/data")) return response;
  const [kept, watched] = response.body.tee();
  (async () => {
    const [reader, decoder] = [watched.getReader(), new TextDecoder()];
    for (let text = ""; ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      for (const [id] of text.matchAll(/#q-[0-9a-f]{32}/g)) {
        if (!known.has(id)) window.sidenoteTimes.came ??= performance.now(); // those before it are sent again
        known.add(id);
      }
    }
  })();
  return new Response(kept, { status: response.status, headers: response.headers });
};
new MutationObserver(() => {
  const times = window.sidenoteTimes;
  const last = [...answers()].at(-1)?.querySelector("a[href^='#q-']");
  if (answers().length <= times.before || !last) return;
  if (times.answer === null) painted(() => (times.answer ??= performance.now()));
  const quoted = document.querySelector(".evidence .for bdi")?.textContent.includes(times.question);
  if (quoted) painted(() => (times.quotes ??= performance.now()));
}).observe(document, { childList: true, subtree: true });
"""
_BEGIN = """question => {
  const before = document.querySelectorAll("#sidenote-chat [data-testid=bot]").length;
  // A new object: what is late goes to the old one.
  window.sidenoteTimes = { came: null, answer: null, quotes: null, before, question };
}"""
_OPEN = """address => new Promise((done) => {
  const begun = performance.now();
  new MutationObserver((_, observer) => {
    if (!document.querySelector(".reader mark")) return;
    observer.disconnect();
    sidenotePainted(() => done(performance.now() - begun));
  }).observe(document.body, { childList: true, subtree: true });
  history.pushState({ sidenote: 1 }, "", address);
  dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
})"""


@dataclass(frozen=True, slots=True)
class BrowserCost:
    """Bytes sent until a question can be asked; the others are medians in milliseconds.

    `answer` and `quotes`: from when an answer has come until it, and its first quote, is painted. `opening`: of a place
    in a document of `LONG` characters.
    """

    first_bytes: int
    answer: float
    quotes: float
    opening: float


def measure(browser: Browser, settings: Settings) -> BrowserCost:
    """Visit the page of a corpus, and that of a corpus of one long document.

    :raises SidenoteError: where a page does not come up.
    """
    from models.embedding import load

    with running(settings) as address:
        sent = first_bytes(browser, address)
        answers, quotes = zip(*answered(browser, address), strict=True)
    with TemporaryDirectory(prefix="sidenote-speed-") as folder:
        alone = long_document(settings, Path(folder))
        bring_up_to_date(alone, load(alone.embedding))
        with running(alone) as address:
            openings = [opened(browser, address) for _ in range(_OPENINGS)]
    return BrowserCost(sent, statistics.median(answers), statistics.median(quotes), statistics.median(openings))


def first_bytes(browser: Browser, address: str) -> int:
    """Return the bytes of all responses, heads included, of a first visit up to where nothing more comes."""
    page = browser.new_page()
    lengths: list[float] = []
    network = page.context.new_cdp_session(page)
    network.on("Network.loadingFinished", lambda event: lengths.append(event["encodedDataLength"]))
    network.send("Network.enable")
    _visit(page, address)
    page.wait_for_timeout(_QUIET)
    page.close()
    return int(sum(lengths))


def answered(browser: Browser, address: str) -> list[tuple[float, float]]:
    """Ask questions in one conversation; return milliseconds until each answer, and its first quote, was painted."""
    page = browser.new_page()
    page.add_init_script(_WATCH)
    _visit(page, address)
    waited = []
    for question in _QUESTIONS:
        page.evaluate(_BEGIN, question)
        page.fill("#sidenote-question textarea", question)
        page.keyboard.press("Enter")
        page.wait_for_function("() => Object.values(sidenoteTimes).every((value) => value !== null)")
        times: dict[str, Any] = page.evaluate("sidenoteTimes")
        waited.append((times["answer"] - times["came"], times["quotes"] - times["came"]))
    page.close()
    return waited


def opened(browser: Browser, address: str) -> float:
    """Open a place in the middle of the long document on a fresh page; return milliseconds until it was painted."""
    page = browser.new_page()
    page.add_init_script(_WATCH)
    _visit(page, address)
    start = long_text().index(_QUOTE)
    took = float(page.evaluate(_OPEN, f"#read/{_NAME}/{start}-{start + len(_QUOTE)}"))
    page.close()
    return took


def long_document(settings: Settings, folder: Path) -> Settings:
    """Write a corpus of one long document into a folder; return settings under which it is indexed at once.

    How well it is found does not matter here, so neither the embedding model nor the reranker is needed.
    """
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / _NAME).write_text(long_text(), encoding="ascii", newline="")
    return replace(settings, corpus=corpus, data=folder / "data", embedding="hash", reranker="off")


def long_text() -> str:
    """Return paragraphs of made-up words, `LONG` characters in all, with the quote in the middle."""
    chance = random.Random(LONG)
    words = ["".join(chance.choices("abdefgiklmnoprstuvz", k=chance.randint(3, 9))) for _ in range(2_000)]
    paragraphs, length = [], 0
    while length < LONG // 2:
        sentences = (" ".join(chance.choices(words, k=_SENTENCE)).capitalize() for _ in range(_PARAGRAPH))
        paragraphs.append(". ".join(sentences) + ".\n\n")
        length += len(paragraphs[-1])
    half = "".join(paragraphs)
    return f"{half}{_QUOTE}\n\n{half}"[:LONG]


def _visit(page: Page, address: str) -> None:
    page.set_default_timeout(_PATIENCE)
    page.goto(address)
    page.wait_for_selector("#sidenote-welcome .examples")
