"""Markdown: the stored text is the file itself; markdown-it-py tells the blocks, which become marks on it.

Every line that is not blank gets a mark, what is markup only (`---`, fences, the `#` of a heading) as noise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from documents.extract import Extract, Mark
from documents.formats.encoding import decode
from documents.formats.metadata import clean_names, clean_title, iso_date, language_code, web_link
from schema import Role

LINE_END = re.compile(r"\r\n?|\n")  # what markdown-it takes for one
# What stands before the words of a block: quotation signs, bullets, numbers, hashes, in any nesting.
PREFIX = re.compile(r"[ \t]*(?:>[ \t]?|[-+*][ \t]+|\d{1,9}[.)][ \t]+|#{1,6}(?:[ \t]+|$)|\[[ xX]\][ \t]+|[ \t]+)*")
FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
FIELD = re.compile(r"""([A-Za-z_-]+)[ \t]*:[ \t]*(.*?)[ \t]*$""")
MARKUP_ONLY = re.compile(
    r"\s*(?:<!--.*-->|<(?:script|style)\b.*|(?:</?[A-Za-z][^<>]*>\s*)+)\s*", re.DOTALL | re.IGNORECASE
)
NOTE = re.compile(r" {0,3}\[\^[^\]\s]+\]:")  # of a footnote
CLOSING_HASHES = re.compile(r"[ \t]+#+[ \t]*$")


@dataclass(slots=True)
class _Place:
    """Where the walk over the tokens stands."""

    quotes: int = 0
    items: int = 0


def read(data: bytes) -> Extract:
    """Read a Markdown file, with YAML front matter if there is any.

    :raises DocumentError: where it is no text.
    """
    decoded = decode(data)
    text = decoded.text
    fields, front = _front_matter(text)
    marks = _MarkBuilder(text)
    if front:
        marks.add_front_matter(front)
    # Blank lines instead of the front matter: the line numbers stay true.
    body = "\n" * len(LINE_END.findall(text[:front])) + text[front:]
    parser = MarkdownIt("commonmark", {"maxNesting": 50}).enable("table")
    parser.disable(["inline", "text_join"])  # blocks are all we need
    marks.add_tokens(parser.parse(body))
    return Extract(
        text,
        "markdown",
        marks=tuple(marks.finish()),
        title=clean_title(fields.get("title")),
        authors=clean_names(_listed(fields.get("author") or fields.get("authors") or "")),
        date=iso_date(fields.get("date")),
        link=web_link(fields.get("link") or fields.get("url")),
        language=language_code(fields.get("lang") or fields.get("language")),
        warnings=decoded.warnings,
    )


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    """Return the simple `name: value` fields at the top and where they end. No YAML: nothing is constructed."""
    match = FRONT_MATTER.match(text.replace("\r\n", " \n"))  # same length
    if not match:
        return {}, 0
    fields: dict[str, str] = {}
    name = ""
    for line in match.group(1).split("\n"):
        if field := FIELD.match(line):
            name = field.group(1).lower()
            fields[name] = field.group(2).strip("\"'")
        elif name and line.strip().startswith("- "):
            fields[name] += ";" + line.strip()[2:].strip("\"'")
    return fields, match.end()


def _listed(value: str) -> list[str]:
    """Return the names of a YAML list in one line: "[Ada Moor, Jo Lund]" -> ["Ada Moor", "Jo Lund"]."""
    inner = value.strip()
    return [part.strip(" \"'") for part in inner[1:-1].split(",")] if inner[:1] == "[" else [inner]


class _MarkBuilder:
    """Turns line ranges into marks; lines that no block claims become noise."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in LINE_END.finditer(text))]
        self._claimed = 0  # offset up to which everything is marked
        self._marks: list[Mark] = []

    def add_front_matter(self, end: int) -> None:
        """Mark the fields at the top as metadata, their fences as noise."""
        lines = [line for line in self._starts if line < end]
        self._noise_until(lines[1])
        self._mark(lines[1], lines[-1], "metadata")

    def add_tokens(self, tokens: list[Token]) -> None:
        """Mark the leaf blocks in the order of the file."""
        place = _Place()
        level: int | None = None
        for token in tokens:
            if token.type in ("blockquote_open", "blockquote_close"):
                place.quotes += token.nesting
            elif token.type in ("list_item_open", "list_item_close"):
                place.items += token.nesting
            elif token.type == "heading_open":
                level = int(token.tag[1])
            elif token.type == "heading_close":
                level = None
            elif token.map and token.type in ("inline", "fence", "code_block", "html_block", "tr_open"):
                self._add_leaf(token, place, level)

    def finish(self) -> list[Mark]:
        """Mark what is left as noise and return all marks."""
        self._noise_until(len(self._text))
        return self._marks

    def _add_leaf(self, token: Token, place: _Place, level: int | None) -> None:
        first, last = token.map or [0, 0]
        if token.type == "fence":
            first, last = first + 1, last - (1 if self._closes(token, last) else 0)
        start, end = self._offset(first), self._offset(last)
        if start < self._claimed or start >= end:  # the cells of a row that is marked already; an empty fence
            return
        role: Role = "heading" if level else "quotation" if place.quotes else "body"
        if role == "body" and NOTE.match(self._text, start):
            role = "footnote"
        if token.type == "html_block" and MARKUP_ONLY.fullmatch(self._text[start:end]):
            role = "noise"
        if token.type in ("inline", "tr_open"):
            match = PREFIX.match(self._text, start, end)
            start = match.end() if match else start
        if level and (hashes := CLOSING_HASHES.search(self._text[start:end].rstrip())):
            end = start + hashes.start()
        self._mark(start, end, role, level=level, list_item=bool(place.items))

    def _closes(self, token: Token, last: int) -> bool:
        line = self._text[self._offset(last - 1) : self._offset(last)]
        return last - (token.map or [0])[0] > 1 and line.strip(" \t\r\n>").startswith(token.markup)

    def _offset(self, line: int) -> int:
        return self._starts[line] if line < len(self._starts) else len(self._text)

    def _mark(self, start: int, end: int, role: Role, level: int | None = None, list_item: bool = False) -> None:
        """Append one mark, trimmed, with noise for what lies before it."""
        inside = self._text[start:end]
        start += len(inside) - len(inside.lstrip())
        end = start + len(inside.strip())
        if start >= end:
            return
        self._noise_until(start)
        self._marks.append(Mark(start, end, role, level=level, list_item=list_item))
        self._claimed = end

    def _noise_until(self, offset: int) -> None:
        between = self._text[self._claimed : offset]
        if between.strip():
            start = self._claimed + len(between) - len(between.lstrip())
            self._marks.append(Mark(start, start + len(between.strip()), "noise"))
        self._claimed = max(self._claimed, offset)
