"""A page of a PDF -> pieces of lines, as PDFium sees its characters. Nothing here knows of columns or paragraphs."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

WORD_GAP = 0.8  # of the type size: a wider gap ends the piece, because a gutter between columns may be as narrow
SAME_LINE = 0.5  # of the type size: a baseline that differs by less is the same line (raised and lowered signs)
RAISED = 0.15  # of the type size: a smaller character whose baseline is higher by this is a superscript
SMALLER = 0.87  # a superscript is at most this share of the type around it
LONGEST_MARK = 3  # characters of a footnote's mark
SAMPLE = 200  # characters that are asked how they stand
UPRIGHT = 0.1  # radians; text that leans more is a watermark or a stamp in the margin
BOLD_WEIGHT = 600
HYPHENS = {"\x02", "\ufffe", "\u00ad", "\u2010"}  # how PDFium and others write a hyphen at the end of a line
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
# What TeX's bitmap fonts of old files leave where Unicode should be (encodings T1 and OT1): never text otherwise.
LIGATURES |= dict(zip(range(0x0B, 0x10), ("ff", "fi", "fl", "ffi", "ffl"), strict=True))
LIGATURES |= dict(zip(range(0x10, 0x17), "“”„«»–—", strict=True))
LIGATURES |= dict(zip(range(0x1B, 0x20), ("ff", "fi", "fl", "ffi", "ffl"), strict=True))
LIGATURES[0x88] = "•"  # of the encoding TS1
SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
BLANKS = {" ", "\t", "\u00a0", "\u3000"}
DROPPED = {"\x00", "\ufeff", "\u200b"}


@dataclass(slots=True)
class Piece:
    """A run of characters on one baseline without a wide gap. Points, from the page's lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    base: float
    size: float  # of the type
    bold: bool = False
    cells: int = 1  # of a table's row; 1 for running text

    @property
    def width(self) -> float:
        """Return the width in points."""
        return self.right - self.left


@dataclass(slots=True)
class _Glyph:
    """One character with its place, turned with the page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    base: float
    foot: float | None = None  # lower edge of the ink of a digit


@dataclass(frozen=True, slots=True)
class PageText:
    """The pieces of a page, in the order in which the file draws them.

    Where most of the text is `turned` against the page, the page is read as if turned the other way: its places are
    then not those of the page.
    """

    pieces: list[Piece]
    height: float  # points
    turned: bool


def read_page(page: Any) -> PageText:
    """Return the text of a `pypdfium2.PdfPage`."""
    text_page = page.get_textpage()
    try:
        turn = _Turn(page, _direction(text_page.raw))
        pieces: list[Piece] = []
        current: Piece | None = None
        space = False
        for index, glyph in _glyphs(text_page.raw, turn):
            if glyph is None or glyph.text in BLANKS:
                space = True
                continue
            if current is None or not _continues(current, glyph):
                current = _begin(text_page.raw, index, glyph, turn)
                if current is not None:
                    pieces.append(current)
            else:
                if glyph.text.isalpha() and len(current.text) <= LONGEST_MARK and not current.text.isalpha():
                    _take_type(current, text_page.raw, index, glyph, turn)
                _append(current, glyph, space)
            space = False
        return PageText(pieces, turn.height, turn.quarters != 0)
    finally:
        text_page.close()


def _direction(text_page: Any) -> int:
    """Return how many quarter turns, counter-clockwise, most of a sample of the characters are away from upright."""
    count = pdfium.FPDFText_CountChars(text_page)
    matrix = pdfium.FS_MATRIX()
    quarters: Counter[int] = Counter()
    for index in range(0, count, max(1, count // SAMPLE)):
        if pdfium.FPDFText_GetMatrix(text_page, index, matrix) and (matrix.a or matrix.b):
            quarters[round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4] += 1
    return quarters.most_common(1)[0][0] if quarters else 0


class _Turn:
    """Maps places on a page to where they are when its text is upright (landscape tables, turned scans)."""

    def __init__(self, page: Any, quarters: int) -> None:
        self.quarters = quarters
        left, bottom, right, top = page.get_mediabox()
        self.left, self.bottom, self.right, self.top = left, bottom, right, top
        self.height = right - left if quarters % 2 else top - bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the page is after the turn."""
        if self.quarters == 1:
            return y - self.bottom, self.right - x
        if self.quarters == 2:
            return self.right - x, self.top - y
        if self.quarters == 3:
            return self.top - y, x - self.left
        return x - self.left, y - self.bottom


def _glyphs(text_page: Any, turn: _Turn) -> Iterator[tuple[int, _Glyph | None]]:
    """Yield every character with its index; None for a blank or a break that PDFium put in by itself."""
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    high = 0
    for index in range(pdfium.FPDFText_CountChars(text_page)):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if pdfium.FPDFText_IsGenerated(text_page, index) == 1 and code in (0x20, 0x0A, 0x0D):
            yield index, None
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if code < 0x20 and code not in LIGATURES and code not in (0x02, 0x09):
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
            continue
        pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
        text = LIGATURES.get(code) or chr(code)
        if text in DROPPED:
            continue
        one, other = turn.point(box.left, box.bottom), turn.point(box.right, box.top)
        left, right = min(one[0], other[0]), max(one[0], other[0])
        bottom, top = min(one[1], other[1]), max(one[1], other[1])
        glyph = _Glyph("-" if text in HYPHENS else text, left, right, bottom, top, turn.point(x.value, y.value)[1])
        if 0x30 <= code <= 0x39:
            glyph.foot = _foot(text_page, index, turn)
        yield index, glyph


def _foot(text_page: Any, index: int, turn: _Turn) -> float:
    """Return the lower edge of the ink: some fonts have raised digits of the full size."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
    return min(turn.point(left.value, bottom.value)[1], turn.point(right.value, top.value)[1])


def _continues(piece: Piece, glyph: _Glyph) -> bool:
    gap = glyph.left - piece.right
    return (
        abs(glyph.base - piece.base) < SAME_LINE * piece.size
        and -2 * piece.size < gap < WORD_GAP * piece.size
        and glyph.right > piece.left + piece.width * 0.5
    )


def _begin(text_page: Any, index: int, glyph: _Glyph, turn: _Turn) -> Piece | None:
    """Start a piece, or None where the text does not stand upright."""
    measured = _measure(text_page, index, turn)
    if measured is None:
        return None
    size = measured if measured > 0.5 else max(glyph.top - glyph.bottom, 1.0)
    text = glyph.text.translate(SUPERSCRIPTS) if _is_raised(glyph, size) else glyph.text
    bold = _is_bold(text_page, index)
    return Piece(text, glyph.left, glyph.right, glyph.bottom, glyph.top, glyph.base, size, bold)


def _measure(text_page: Any, index: int, turn: _Turn) -> float | None:
    """Return the type size of a character in points, None where it does not stand upright."""
    matrix = pdfium.FS_MATRIX()
    size: float = pdfium.FPDFText_GetFontSize(text_page, index)
    if pdfium.FPDFText_GetMatrix(text_page, index, matrix):
        angle = math.atan2(matrix.b, matrix.a) - turn.quarters * math.pi / 2
        if abs(math.remainder(angle, 2 * math.pi)) > UPRIGHT:
            return None
        size *= math.hypot(matrix.c, matrix.d)
    return size


def _is_raised(glyph: _Glyph, size: float) -> bool:
    return glyph.foot is not None and glyph.foot > glyph.base + RAISED * size


def _is_bold(text_page: Any, index: int) -> bool:
    """Tell bold type by its weight, or by the name of its font: many files state no weight."""
    if pdfium.FPDFText_GetFontWeight(text_page, index) >= BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(text_page, index, name, len(name), flags)
    shown = name.raw[: max(0, min(length, len(name)))].lower()
    return any(mark in shown for mark in (b"bold", b"black", b"heavy", b"cmbx", b"sfbx"))


def _append(piece: Piece, glyph: _Glyph, space: bool) -> None:
    smaller = glyph.top - glyph.bottom < SMALLER * (piece.top - piece.bottom)
    text = glyph.text
    if (smaller and glyph.base > piece.base + RAISED * piece.size) or _is_raised(glyph, piece.size):
        text = text.translate(SUPERSCRIPTS)
    piece.text += f" {text}" if space else text
    piece.right = max(piece.right, glyph.right)
    if not smaller:
        piece.bottom, piece.top = min(piece.bottom, glyph.bottom), max(piece.top, glyph.top)


def _take_type(piece: Piece, text_page: Any, index: int, glyph: _Glyph, turn: _Turn) -> None:
    """Take the type of a piece from its first letter: a bullet or the mark of a footnote has one of its own."""
    if piece.base > glyph.base + RAISED * piece.size:
        piece.text = piece.text.translate(SUPERSCRIPTS)
    piece.size = _measure(text_page, index, turn) or piece.size
    piece.bold = _is_bold(text_page, index)
    piece.base, piece.bottom, piece.top = glyph.base, glyph.bottom, glyph.top
