"""Lines -> paragraphs: joined over line ends, columns and pages, with headings, list items and footnotes told apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from documents.formats.pdf_layout import Region
from documents.formats.pdf_lines import Piece
from schema import Box, Role

LEADING = 1.4  # times the usual distance of lines: a wider one begins a paragraph
WIDEST_STEP = 2.2  # type sizes from line to line; more ends a paragraph even in a text of one-line paragraphs
INDENT = 0.7  # in type sizes: lines that begin further in begin a paragraph
SHORT = 0.85  # share of the column's width: a sentence that ends before this ends its paragraph
SAME_SIZE = 0.06  # relative difference of type sizes that are one
HEADING_SIZE = 1.1  # times the size of the body
COMMON_SHARE = 0.15  # of all characters: a type size that has more is not that of headings
FOOTNOTE_SIZE = 0.93
LONGEST_HEADING = 200  # characters
LONGEST_SENTENCE = 80  # characters; what is longer and ends like a sentence is one, in whatever type
BULLET = re.compile(r"(?:[•◦▪‣∙●○■–—*·-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])(?=\s)")
NOTE_MARK = re.compile(r"[\d⁰¹²³⁴⁵⁶⁷⁸⁹*†‡§]{1,3}[.)]?\s?(?=\S)")
SENTENCE_END = re.compile(r"[.!?:…。！？：][\"'”’»」』)\]⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
CJK = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
BROKEN_WORD = re.compile(r"([^\W\d_]+)-$")


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, and where they stand."""

    lines: list[Piece]
    page: int
    parts: list[tuple[int, list[Piece]]]  # page and lines, for the boxes
    role: Role = "body"
    level: int | None = None
    list_item: bool = False
    indented: bool = False

    @property
    def size(self) -> float:
        """Return the type size of its first line, in points."""
        return self.lines[0].size

    @property
    def is_row(self) -> bool:
        """Tell a row of a table from running text."""
        return self.lines[0].cells > 1

    def boxes(self) -> tuple[Box, ...]:
        """Return the rectangle that it fills in each column that it runs through."""
        return tuple(
            Box(
                page,
                round(min(line.left for line in lines), 1),
                round(min(line.bottom for line in lines), 1),
                round(max(line.right for line in lines), 1),
                round(max(line.top for line in lines), 1),
            )
            for page, lines in self.parts
        )


def body_size(lines: Iterable[Piece]) -> float:
    """Return the type size in points that most characters have."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def paragraphs(regions: Sequence[Region], body: float) -> list[Paragraph]:
    """Return the paragraphs of a document in reading order; `body` is the usual type size in points."""
    usual = _usual_sizes(regions)
    found: list[Paragraph] = []
    flowing: Paragraph | None = None  # the last one of the body, which may go on in the next column
    for region in regions:
        for number, paragraph in enumerate(_split(region)):
            _classify(paragraph, body, usual)
            if number == 0 and flowing is not None and _goes_on(flowing, paragraph):
                flowing.lines += paragraph.lines
                flowing.parts += paragraph.parts
                continue
            found.append(paragraph)
            if paragraph.role == "body":
                flowing = paragraph
            elif paragraph.role == "heading":
                flowing = None
    _set_levels(found)
    return found


def _split(region: Region) -> list[Paragraph]:
    """Cut the lines of one column where a paragraph begins."""
    lines = region.lines
    steps = [a.base - b.base for a, b in pairwise(lines)]
    usual = median([step for step in steps if step > 0] or [0.0])
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    result: list[Paragraph] = []
    for line in lines:
        current = result[-1] if result else None
        if current is not None and not _begins(current, line, usual, left, right):
            current.lines.append(line)
            current.parts[0][1].append(line)
            continue
        indented = line.left - left > INDENT * line.size
        result.append(Paragraph([line], region.page, [(region.page, [line])], indented=indented))
    return result


def _begins(current: Paragraph, line: Piece, usual: float, left: float, right: float) -> bool:
    """Tell whether a line begins a new paragraph after the current one."""
    before = current.lines[-1]
    size = max(before.size, line.size)
    step = before.base - line.base
    if before.cells > 1 or line.cells > 1 or abs(before.size - line.size) > SAME_SIZE * size:
        return True
    if (before.bold and not line.bold) or step > min(LEADING * max(usual, size), WIDEST_STEP * size):
        return True
    ended = bool(SENTENCE_END.search(before.text))
    short = before.right < left + SHORT * (right - left)
    if BULLET.match(line.text) and (ended or short or BULLET.match(current.lines[0].text)):
        return True
    return (ended and short) or (ended and _is_set_apart(current, line, size))


def _is_set_apart(current: Paragraph, line: Piece, size: float) -> bool:
    """Tell by its indent whether a line after a whole sentence begins a paragraph."""
    further = line.left - current.lines[-1].left
    if further > INDENT * size:  # a first line; but after a bullet, the second line of its entry
        return not (len(current.lines) == 1 and BULLET.match(current.lines[-1].text))
    return further < -INDENT * size and len(current.lines) > 1  # back at the margin after an indented entry


def _usual_sizes(regions: Sequence[Region]) -> list[float]:
    """Return the type sizes that are too common for headings: slides are set larger than the listings on them."""
    sizes: Counter[float] = Counter()
    for region in regions:
        for line in region.lines:
            sizes[round(line.size, 1)] += len(line.text)
    return [size for size, count in sizes.items() if count > COMMON_SHARE * sizes.total()]


def _classify(paragraph: Paragraph, body: float, usual: Sequence[float]) -> None:
    text = paragraph.lines[0].text
    length = sum(len(line.text) for line in paragraph.lines)
    if paragraph.size <= FOOTNOTE_SIZE * body and NOTE_MARK.match(text) and not BULLET.match(text):
        paragraph.role = "footnote"
    elif (
        not paragraph.is_row
        and length <= LONGEST_HEADING
        and any(c.isalpha() for line in paragraph.lines for c in line.text)
    ):
        last = paragraph.lines[-1].text.rstrip()
        bold = all(line.bold for line in paragraph.lines) and not last.endswith((".", ",", ";", "。", "、"))
        large = paragraph.size >= HEADING_SIZE * body and all(abs(paragraph.size - size) > 0.2 for size in usual)
        large = large and (length <= LONGEST_SENTENCE or not SENTENCE_END.search(last))
        if large or (bold and paragraph.size >= 0.95 * body):
            paragraph.role = "heading"
    paragraph.list_item = paragraph.role == "body" and bool(BULLET.match(text))


def _goes_on(flowing: Paragraph, paragraph: Paragraph) -> bool:
    """Tell whether a paragraph at the top of a column goes on from the column before."""
    if paragraph.role != "body" or paragraph.list_item or paragraph.is_row or flowing.is_row:
        return False
    if abs(flowing.size - paragraph.size) > SAME_SIZE * flowing.size:
        return False
    last, first = flowing.lines[-1].text.rstrip(), paragraph.lines[0].text
    if SENTENCE_END.search(last):
        return False
    return first[:1].islower() or last.endswith("-") or not paragraph.indented


def _set_levels(found: Sequence[Paragraph]) -> None:
    """Give headings their level by the size of their type, the largest first."""
    sizes: list[float] = []
    headings = [paragraph for paragraph in found if paragraph.role == "heading"]
    for size in sorted((paragraph.size for paragraph in headings), reverse=True):
        if not sizes or sizes[-1] - size > SAME_SIZE * size:
            sizes.append(size)
    for paragraph in headings:
        nearest = min(sizes, key=lambda size: abs(size - paragraph.size))
        paragraph.level = min(6, sizes.index(nearest) + 1)


@dataclass(slots=True)
class LineJoiner:
    """Joins lines to running text. A hyphen at a line's end stays where the document elsewhere writes the word so."""

    words: Counter[str] = field(default_factory=Counter)

    def learn(self, lines: Iterable[Piece]) -> None:
        """Count the words that stand unbroken inside lines."""
        for line in lines:
            self.words.update(word.lower() for word in WORD.findall(line.text.rstrip()))

    def join(self, lines: Sequence[Piece]) -> str:
        """Return the text of a paragraph in one line."""
        text = lines[0].text.strip()
        for line in lines[1:]:
            text = self._attach(text, line.text.strip())
        return text

    def _attach(self, text: str, after: str) -> str:
        broken = BROKEN_WORD.search(text)
        follows = WORD.match(after)
        if broken and follows:
            return (text if self._keeps_hyphen(broken.group(1), follows.group()) else text[:-1]) + after
        if text.endswith("-") and len(text) > 1 and text[-2].isalnum():  # "1990-" "95"
            return text + after
        if text and after and CJK.match(text[-1]) and CJK.match(after[0]):
            return text + after
        return f"{text} {after}"

    def _keeps_hyphen(self, before: str, after: str) -> bool:
        if after[0].isupper() and not before.isupper():
            return True
        first = after.split("-", 1)[0]
        joined, hyphened = (before + first).lower(), f"{before}-{first}".lower()
        return self.words[hyphened] > self.words[joined]
