"""The characters of a page of a PDF with their places, as PDFium sees them."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

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
GENERATED = {0x20, 0x0A, 0x0D}  # what PDFium puts between words and lines
DROPPED = {"\x00", "\ufeff", "\u200b"}


@dataclass(slots=True)
class Glyph:
    """One character and its place."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    base: float
    foot: float | None = None  # lower edge of the ink of a digit


def direction(text_page: Any) -> int:
    """Return how many quarter turns, counter-clockwise, most of a sample of the characters are away from upright."""
    count = pdfium.FPDFText_CountChars(text_page)
    matrix = pdfium.FS_MATRIX()
    quarters: Counter[int] = Counter()
    for index in range(0, count, max(1, count // SAMPLE)):
        if pdfium.FPDFText_GetMatrix(text_page, index, matrix) and (matrix.a or matrix.b):
            quarters[round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4] += 1
    return quarters.most_common(1)[0][0] if quarters else 0


class Turn:
    """Maps places on a page to where they are when its text is upright (landscape tables, turned scans)."""

    def __init__(self, page: Any, quarters: int) -> None:
        self.quarters = quarters
        left, bottom, right, top = page.get_mediabox()
        self.left, self.bottom, self.right, self.top = left, bottom, right, top
        self.height = right - left if quarters % 2 else top - bottom

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Return left, right, bottom, top of a rectangle after the turn."""
        if not self.quarters:
            return left - self.left, right - self.left, bottom - self.bottom, top - self.bottom
        (x, y), (u, v) = self.point(left, bottom), self.point(right, top)
        return min(x, u), max(x, u), min(y, v), max(y, v)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the page is after the turn."""
        if self.quarters == 1:
            return y - self.bottom, self.right - x
        if self.quarters == 2:
            return self.right - x, self.top - y
        if self.quarters == 3:
            return self.top - y, x - self.left
        return x - self.left, y - self.bottom


def glyphs(text_page: Any, turn: Turn) -> Iterator[tuple[int, Glyph | None]]:
    """Yield every character with its index; None for a blank or a break that PDFium put in by itself."""
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    before: tuple[float, ...] = ()
    for index, code in _codes(text_page):
        if code in GENERATED and pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            yield index, None
            continue
        text = LIGATURES.get(code) or chr(code)
        if (code < 0x20 and code not in LIGATURES and code not in (0x02, 0x09)) or text in DROPPED:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
            continue
        edges = (box.left, box.bottom, box.right, box.top)
        if turn.quarters or edges[1::2] != before[1::2]:  # same height, same line: asking again would only cost time
            pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
        before = edges
        glyph = Glyph("-" if text in HYPHENS else text, *turn.box(*edges), turn.point(x.value, y.value)[1])
        if 0x30 <= code <= 0x39:
            glyph.foot = _foot(text_page, index, turn)
        yield index, glyph


def _codes(text_page: Any) -> Iterator[tuple[int, int]]:
    """Yield every character's index and code point; PDFium gives those above U+FFFF as two surrogates."""
    high = 0
    get = pdfium.FPDFText_GetUnicode
    for index in range(pdfium.FPDFText_CountChars(text_page)):
        code = get(text_page, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        yield index, code


def _foot(text_page: Any, index: int, turn: Turn) -> float:
    """Return the lower edge of the ink: some fonts have raised digits of the full size."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
    return min(turn.point(left.value, bottom.value)[1], turn.point(right.value, top.value)[1])


def type_size(text_page: Any, index: int, turn: Turn) -> float | None:
    """Return the type size of a character in points, None where it does not stand upright."""
    matrix = pdfium.FS_MATRIX()
    size: float = pdfium.FPDFText_GetFontSize(text_page, index)
    if pdfium.FPDFText_GetMatrix(text_page, index, matrix):
        angle = math.atan2(matrix.b, matrix.a) - turn.quarters * math.pi / 2
        if abs(math.remainder(angle, 2 * math.pi)) > UPRIGHT:
            return None
        size *= math.hypot(matrix.c, matrix.d)
    return size


def is_bold(text_page: Any, index: int) -> bool:
    """Tell bold type by its weight, or by the name of its font: many files state no weight."""
    if pdfium.FPDFText_GetFontWeight(text_page, index) >= BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(text_page, index, name, len(name), flags)
    shown = name.raw[: max(0, min(length, len(name)))].lower()
    return any(mark in shown for mark in (b"bold", b"black", b"heavy", b"cmbx", b"sfbx"))
