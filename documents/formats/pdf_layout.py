"""Pieces of lines -> lines in reading order: running heads taken out, columns one after the other.

Columns are found by their gutter, the strip that hardly any line crosses; what does cross it (a title, a wide
caption) cuts the page into bands that are read from top to bottom. Compare the recursive X-Y cut of Nagy and Seth,
"Hierarchical representation of optically scanned documents", ICPR 1984.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from documents.formats.pdf_lines import SAME_LINE, Piece

COLUMN_WIDTH = 7.0  # in type sizes: narrower columns are those of a table, which is read by rows
COLUMN_LINES = 3  # lines that a column has at least
CROSSING_SHARE = 0.3  # of a region's pieces may cross the gutter; more, and it is none
LEVELS = 6  # numbers of crossing pieces that are tried, from the lowest
GUTTER = 0.5  # in type sizes: narrowest gutter
MARGIN_SHARE = 0.15  # of the page's height at the top and at the bottom, where running heads and page numbers stand
HEAD_ROWS = 2  # rows that are looked at there
SAME_PLACE = 3.0  # points by which the place of a running head may differ from page to page
SPACE_GAP = 0.15  # of the type size: pieces further apart than this are different words
CELL_GAP = 2.0  # of the type size: a wider gap inside a line divides the cells of a table
PAGE_NUMBER = re.compile(
    r"(?i)(?:page|seite|s\.|p\.|第)?\s*[-–—|·]?\s*(\d{1,4}|[ivxlc]{1,7})\s*[-–—|·頁]?"
    r"(?:\s*(?:of|/|von|sur|de)\s*\d{1,4})?"
)
NUMBER_AT_EDGE = re.compile(r"(?:^\W*|\s\W*)(\d{1,4})(?=\W*$)|^\W*(\d{1,4})(?=\s)")
OUTER_NUMBER = re.compile(r"^[\s|·•–—-]*\d{1,4}[\s|·•–—-]+|[\s|·•–—-]+\d{1,4}[\s|·•–—-]*$")


@dataclass(slots=True)
class Page:
    """One page: its number from 1, its height in points and its pieces."""

    number: int
    height: float
    pieces: list[Piece]
    turned: bool = False  # its places are not those of the page


@dataclass(slots=True)
class Region:
    """Lines that stand below each other in one column of one page, from top to bottom."""

    page: int
    lines: list[Piece]


def drop_running_heads(pages: Sequence[Page], body_size: float) -> None:
    """Take running heads, feet and page numbers out of the pages: what repeats at the same place of other pages."""
    seen: dict[str, list[tuple[int, float]]] = defaultdict(list)  # text without page number -> page, baseline
    counted: dict[int, list[tuple[int, float]]] = defaultdict(list)  # how far a number is ahead of its page -> same
    rows: list[tuple[tuple[int, float], str, set[int], Page, list[Piece]]] = []
    for page in pages:
        for row in _outer_rows(page, body_size):
            text = " ".join(piece.text for piece in row).strip()
            place = (page.number, row[0].base)
            core = OUTER_NUMBER.sub("", text).strip()
            ahead = {int(digits) - page.number for found in NUMBER_AT_EDGE.findall(text) for digits in found if digits}
            seen[core].append(place)
            for number in ahead:
                counted[number].append(place)
            rows.append((place, core, ahead, page, row))
    for place, core, ahead, page, row in rows:
        lonely = PAGE_NUMBER.fullmatch(" ".join(piece.text for piece in row).strip())
        others = seen[core] + [other for number in ahead for other in counted[number]]
        if _elsewhere(place, others) or (lonely and len(pages) > 1):
            page.pieces = [piece for piece in page.pieces if not any(piece is gone for gone in row)]


def _elsewhere(place: tuple[int, float], others: Sequence[tuple[int, float]]) -> bool:
    """Tell whether something stands at the same height of another page."""
    return any(page != place[0] and abs(base - place[1]) <= SAME_PLACE for page, base in others)


def _outer_rows(page: Page, body_size: float) -> list[list[Piece]]:
    """Return the first and last rows of a page, as far as they stand in its margins and are not large."""
    rows = _rows(page.pieces)
    outer = {id(row): row for row in rows[:HEAD_ROWS] + rows[-HEAD_ROWS:]}.values()
    margin = page.height * MARGIN_SHARE
    return [
        row
        for row in outer
        if (row[0].base < margin or row[0].base > page.height - margin)
        and max(piece.size for piece in row) <= body_size * 1.15
    ]


def regions(page: Page, hint: float | None) -> list[Region]:
    """Return the columns of a page in reading order. `hint` is where other pages have their gutter."""
    return [Region(page.number, lines) for lines in _columns(page.pieces, hint, depth=0)]


def find_gutter(pieces: Sequence[Piece]) -> float | None:
    """Return the x of the widest strip that splits the pieces into two columns of running text, if any."""
    if len(pieces) < 2 * COLUMN_LINES:
        return None
    size = median(piece.size for piece in pieces)
    left, right = min(p.left for p in pieces), max(p.right for p in pieces)
    first, last = int(left + 0.15 * (right - left)), int(left + 0.85 * (right - left))
    crossings = [0] * (last - first + 2)
    for piece in pieces:
        for x in range(max(first, int(piece.left)), min(last, int(piece.right)) + 1):
            crossings[x - first] += 1
    levels = sorted({count for count in crossings if count <= len(pieces) * CROSSING_SHARE})[:LEVELS]
    strips = {strip for level in levels for strip in _strips(crossings, level)}
    for start, end in sorted(strips, key=lambda strip: strip[0] - strip[1]):  # the widest first
        middle = first + (start + end) / 2
        if end - start >= GUTTER * size and _is_gutter(pieces, middle, size):
            return middle
    return None


def _strips(crossings: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Return the stretches in which at most so many pieces cross."""
    edges = [count <= most for count in (*crossings, most + 1)]
    changes = [x for x, (before, after) in enumerate(pairwise((False, *edges))) if before != after]
    return list(zip(changes[::2], changes[1::2], strict=True))


def _is_gutter(pieces: Sequence[Piece], x: float, size: float) -> bool:
    left, right = [p for p in pieces if p.right <= x], [p for p in pieces if p.left >= x]
    if min(len(_rows(left)), len(_rows(right))) < COLUMN_LINES:
        return False
    if min(median(p.width for p in left), median(p.width for p in right)) < COLUMN_WIDTH * size:
        return False
    top, bottom = min(_top(left), _top(right)), max(_bottom(left), _bottom(right))
    shorter = min(_top(left) - _bottom(left), _top(right) - _bottom(right))
    return top - bottom > 0.5 * shorter


def _top(pieces: Sequence[Piece]) -> float:
    return max(piece.top for piece in pieces)


def _bottom(pieces: Sequence[Piece]) -> float:
    return min(piece.bottom for piece in pieces)


def _columns(pieces: Sequence[Piece], hint: float | None, depth: int) -> list[list[Piece]]:
    x = find_gutter(pieces) if depth < 4 else None
    if x is None and hint is not None and not any(piece.left < hint < piece.right for piece in pieces):
        x = hint
    if x is None:
        return [_lines(pieces)] if pieces else []
    bands: list[tuple[bool, list[Piece]]] = []
    for row in _rows(pieces):
        spans = any(piece.left < x < piece.right for piece in row)
        if not bands or bands[-1][0] != spans:
            bands.append((spans, []))
        bands[-1][1].extend(row)
    return [lines for spans, band in bands for lines in ([_lines(band)] if spans else _split(band, x, depth))]


def _split(band: Sequence[Piece], x: float, depth: int) -> list[list[Piece]]:
    """Read what stands left of the gutter, then what stands right of it."""
    sides = ([p for p in band if p.right <= x], [p for p in band if p.right > x])
    return [lines for side in sides if side for lines in _columns(side, None, depth + 1)]


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Group pieces by baseline, from top to bottom, each row from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (-p.base, p.left)):
        if rows and abs(rows[-1][0].base - piece.base) < SAME_LINE * max(rows[-1][0].size, piece.size) * 0.8:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        row.sort(key=lambda p: p.left)
    return rows


def _lines(pieces: Sequence[Piece]) -> list[Piece]:
    return [_join(row) for row in _rows(pieces)]


def _join(row: Sequence[Piece]) -> Piece:
    """Join the pieces of one row to one line; its type is that of its longest piece."""
    text = row[0].text
    for before, after in pairwise(row):
        text += (" " if after.left - before.right > SPACE_GAP * after.size else "") + after.text
    gaps = [after.left - before.right for before, after in pairwise(row)]
    main = max(row, key=lambda p: len(p.text))
    return Piece(
        text,
        row[0].left,
        max(p.right for p in row),
        _bottom(row),
        _top(row),
        main.base,
        main.size,
        all(p.bold for p in row),
        1 + sum(gap > CELL_GAP * main.size for gap in gaps),
    )
