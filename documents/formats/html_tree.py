"""An element tree -> text and marks, for web pages and the chapters of e-books alike.

Scripts, controls and what is hidden are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree, html

from documents.formats.builder import LINE, PARAGRAPH, TextBuilder
from errors import DocumentError
from schema import Role

DROPPED = set(
    "script style template noscript svg math canvas iframe object embed applet button input select textarea "
    "option datalist dialog audio video map area head meta link title param source track rp".split()
)
PARAGRAPHS = set(
    "p div section article main body html aside header footer nav figure figcaption address center fieldset details "
    "summary dl dt dd ul ol menu table caption thead tbody tfoot tr form pre blockquote h1 h2 h3 h4 h5 h6 li hr".split()
)
CELLS = {"td", "th"}
ROWS = {"table", "thead", "tbody", "tfoot", "tr"}
LONGEST_CELL = 300  # characters of a cell of data
CLOSE = {"li", "tr", "dt", "dd"}  # one stands right under the other
HEADING = re.compile(r"h([1-6])")
BLANKS = re.compile(r"[ \t\n\r\f]+")
RUNS = re.compile(r" {2,}")
LINE_EDGES = re.compile(r" *\n *")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
FOOTNOTE = re.compile(r"(?i)\b(sd)?(foot|end)notes?\d*\b")
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")  # names an encoding that the decoded text no longer has


def parse_html(text: str) -> Any:
    """Return the root element of a page that is decoded already.

    :raises DocumentError: where there is no element in it, or where the parser would lose its end: at 2,048 levels.
    """
    data = XML_DECLARATION.sub("", text).replace("\x00", "\ufffd").encode("utf-8", "replace")
    for deep in (False, True):  # unclosed tags of old pages reach hundreds of levels
        parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=deep)
        try:
            root = html.document_fromstring(data, parser=parser)
        except (etree.LxmlError, ValueError):
            raise DocumentError("no HTML in it") from None
        if not any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
            return root
    raise DocumentError("nested too deeply")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The words between two edges of the tree, and what it says of them."""

    words: str
    role: Role
    level: int | None
    list_item: bool
    follows_closely: bool  # the entry of a list or the row of a table after another one
    link_share: float  # of its characters: menus are made of links


def paragraphs(root: Any) -> list[Paragraph]:
    """Return the paragraphs below `root` in the order of the page; nothing that is hidden or no text."""
    reader = _TreeReader()
    reader.read(root)
    return reader.found


def add_all(builder: TextBuilder, found: Iterable[Paragraph]) -> None:
    """Add paragraphs to the text of a document."""
    for paragraph in found:
        builder.add(
            paragraph.words,
            paragraph.role,
            level=paragraph.level,
            list_item=paragraph.list_item,
            separator=LINE if paragraph.follows_closely else PARAGRAPH,
        )


@dataclass(frozen=True, slots=True)
class _Context:
    """What holds for the words at one place of the tree."""

    role: Role = "body"
    level: int | None = None
    list_item: bool = False
    verbatim: bool = False  # inside <pre>
    linked: bool = False
    in_cell: bool = False  # of a table of data: its paragraphs are no paragraphs


class _TreeReader:
    """Walks over a tree without recursion and collects its paragraphs."""

    def __init__(self) -> None:
        self.found: list[Paragraph] = []
        self._words: list[str] = []
        self._linked = 0  # characters of the words that are links
        self._context = _Context()
        self._closely = False

    def read(self, root: Any) -> None:
        """Collect the paragraphs below `root`."""
        for step, item, context in _steps(root):
            if step == "open":
                self._open(item, context)
            elif step == "close":
                if not context.in_cell:
                    self._flush()
                    self._closely = item.tag in CLOSE
            else:
                self._context = context
                words = item if context.verbatim else BLANKS.sub(" ", item)
                self._words.append(words)
                self._linked += len(words.strip()) if context.linked else 0
        self._flush()

    def _open(self, element: Any, context: _Context) -> None:
        tag = element.tag
        if tag == "br":
            self._words.append("\n")
        elif tag in CELLS and context.in_cell:
            if any(word.strip() for word in self._words):
                self._words.append(" | ")
        elif context.in_cell and tag not in ROWS:
            self._words.append(" ")
        else:
            self._flush()
            self._context = context

    def _flush(self) -> None:
        words, linked, context = "".join(self._words), self._linked, self._context
        self._words.clear()
        self._linked = 0
        if not words.strip():
            return
        words = words.strip("\n") if context.verbatim else LINE_EDGES.sub("\n", RUNS.sub(" ", words)).strip()
        share = min(1.0, linked / len(words))
        self.found.append(Paragraph(words, context.role, context.level, context.list_item, self._closely, share))
        self._closely = False


def _steps(root: Any) -> Iterator[tuple[str, Any, _Context]]:
    """Yield openings and closings of paragraphs and the text between, in the order of the page."""
    waiting: list[tuple[str, Any, _Context]] = [("element", root, _Context())]
    while waiting:
        step, item, context = waiting.pop()
        if step != "element":
            yield step, item, context
            continue
        if not isinstance(item.tag, str) or item.tag in DROPPED or is_hidden(item):
            continue
        inner = _inside(item, context)
        block = item.tag in PARAGRAPHS or item.tag in CELLS or item.tag == "br"
        if block:
            yield "open", item, inner
            if item.tag in PARAGRAPHS:
                waiting.append(("close", item, context))
        for child in reversed(item):
            if child.tail:
                waiting.append(("text", child.tail, inner))
            waiting.append(("element", child, inner))
        if item.text:
            waiting.append(("text", item.text, inner))


def _inside(element: Any, context: _Context) -> _Context:
    """Return what holds inside an element."""
    tag = element.tag
    if heading := HEADING.fullmatch(tag):
        return _Context("heading", int(heading.group(1)))
    if tag == "a":
        return replace(context, linked=True) if element.get("href") else context
    if tag == "blockquote":
        return replace(context, role="quotation")
    if tag == "pre":
        return replace(context, verbatim=True)
    if tag in ("nav", "menu"):
        return _Context("noise")
    if _is_footnotes(element):
        return _Context("footnote")
    if tag in CELLS:
        return replace(context, in_cell=_is_data(element))
    if tag in ROWS:
        return replace(context, in_cell=False)
    if tag in ("li", "dd", "dt") and context.role != "heading":
        return replace(context, list_item=True)
    return context


def _is_footnotes(element: Any) -> bool:
    """Tell a section of footnotes: by its role, its EPUB type or the class that pandoc and others give it."""
    kind = " ".join(element.get(name, "") for name in ("role", "{http://www.idpf.org/2007/ops}type", "epub:type"))
    if ("footnote" in kind and "ref" not in kind) or "endnotes" in kind:
        return True
    return element.tag in ("section", "aside", "div", "ol") and bool(
        FOOTNOTE.search(f"{element.get('class', '')} {element.get('id', '')}")
    )


def _is_data(cell: Any) -> bool:
    """Tell a cell of data from one that lays out a page."""
    if any(True for _ in cell.iter("table", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote", "pre")):
        return False
    length = 0
    for words in cell.itertext():
        length += len(words.strip())
        if length > LONGEST_CELL:
            return False
    return True


def is_hidden(element: Any) -> bool:
    """Tell what a reader of the page does not see."""
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(HIDDEN.search(element.get("style", "")))
    )
