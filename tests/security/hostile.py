"""An answerer whose every word was written by an attacker, and the look at what became of it in the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from playwright.sync_api import Page

from schema import EVERYTHING, Also, Answer, Block, Citation, Document, Filters, Turn
from tests.browser.fake_answerer import FakeAnswerer, cite

BATCH = 250  # strings on one page
MARKERS = 99  # of them that a marker of the answer can name


class HostileAnswerer(FakeAnswerer):
    """Question "batch n" is answered with the n-th batch of strings, in every field that a page shows."""

    def __init__(self, strings: Sequence[str]) -> None:
        self.batches = [strings[start : start + BATCH] for start in range(0, len(strings), BATCH)]
        super().__init__([_document(number, batch) for number, batch in enumerate(self.batches)])

    def answer(self, question: str, turns: Sequence[Turn] = (), filters: Filters = EVERYTHING, **more: Any) -> Answer:
        number = int(question.split()[-1])
        source, batch = self.index.documents()[number], self.batches[number]
        citations = tuple(_citation(source, block, n) for n, block in enumerate(source.blocks, 1))
        lines = (f"{text} [{n}]" if n <= MARKERS else text for n, text in enumerate(batch, 1))
        return Answer(
            id="", question="\n".join(batch), query="", text="\n\n".join(lines), abstained=False, language="en",
            citations=citations, sources=1, notice=batch[0],
        )  # fmt: skip


def _document(number: int, batch: Sequence[str]) -> Document:
    text, blocks = "", []
    for string in batch:
        blocks.append(Block(len(text), len(text) + len(string), "heading", (string,)))
        text += string + "\n"
    name = f"{batch[0]}/{number}?#%41"
    return Document(name, text, "", batch[-1], "text", tuple(blocks), origin=name, link=batch[0])


def _citation(source: Document, block: Block, number: int) -> Citation:
    text = source.text[block.start : block.end]
    also = (Also(source.id, block.start, block.end, "copy"), Also(text, 0, 1, "quotation"))
    hostile: dict[str, Any] = {
        "title": text, "speaker": text, "quoted_by": f"{text} ", "section": (text, text), "date": text, "link": text,
        "speaker_inferred": True, "also": also,
    }  # fmt: skip
    return cite(source, block.start, block.end, number, **hostile)


# Through prototypes: a document that could name its elements might shadow `element.attributes` (DOM clobbering).
_AUDIT = """() => {
  const get = (proto, name) => Object.getOwnPropertyDescriptor(proto, name).get;
  const attributes = get(Element.prototype, "attributes"), tag = get(Element.prototype, "tagName");
  const all = Document.prototype.querySelectorAll.call(document, "#sidenote *, body > *:not(gradio-app) *");
  const allowed = new Set(("A ARTICLE BDI BLOCKQUOTE BR BUTTON CITE DETAILS DIV EM FIELDSET FOOTER FORM H1 H2 H3 " +
    "HEADER INPUT LABEL LEGEND LI MARK P PROGRESS SECTION SPAN STRONG SUMMARY TEXTAREA UL").split(" "));
  const found = [];
  for (const element of all) {
    const name = tag.call(element), gradio = Element.prototype.closest.call(element, "button svg") !== null;
    if (!allowed.has(name) && !gradio) found.push(`<${name}>`);
    for (const { name: key, value } of attributes.call(element)) {
      if (/^on/i.test(key)) found.push(`${name} ${key}`);
      if (/^(href|src|srcset|action|formaction|poster|background|data|xlink:href)$/i.test(key)) {
        const outward = name === "A" && /^https?:\\/\\//i.test(value) && element.target === "_blank"
          && element.rel === "noopener noreferrer nofollow";
        if (!value.startsWith("#q-") && !outward) found.push(`${name} ${key}=${value}`);
      }
      if (key === "style" && /url\\(|fixed/i.test(value)) found.push(`${name} style=${value}`);
    }
    for (const kind of ["mouseover", "mouseenter", "focus", "pointerover"]) {
      EventTarget.prototype.dispatchEvent.call(element, new Event(kind, { bubbles: true }));
    }
  }
  return found;
}"""


def audit(page: Page) -> list[str]:
    """Return what is in the page that no text of ours makes; wake up what waits for the mouse."""
    found: list[str] = page.evaluate(_AUDIT)
    return found


def texts(page: Page, selector: str) -> Iterator[str]:
    """Return the exact text of each element that matches."""
    yield from page.eval_on_selector_all(selector, "all => all.map((one) => one.textContent)")
