"""A page of a PDF -> pieces of lines. Nothing here knows of columns or paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from documents.formats.pdf_glyphs import Glyph, Turn, direction, glyphs, is_bold, type_size

WORD_GAP = 0.8  # of the type size: a wider gap ends the piece, because a gutter between columns may be as narrow
SAME_LINE = 0.5  # of the type size: a baseline that differs by less is the same line (raised and lowered signs)
RAISED = 0.15  # of the type size: a smaller character whose baseline is higher by this is a superscript
SMALLER = 0.87  # a superscript is at most this share of the type around it
LONGEST_MARK = 3  # characters of a footnote's mark
SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
BLANKS = {" ", "\t", "\u00a0", "\u3000"}


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
        turn = Turn(page, direction(text_page.raw))
        pieces: list[Piece] = []
        current: Piece | None = None
        space = False
        for index, glyph in glyphs(text_page.raw, turn):
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


def _continues(piece: Piece, glyph: Glyph) -> bool:
    gap = glyph.left - piece.right
    return (
        abs(glyph.base - piece.base) < SAME_LINE * piece.size
        and -2 * piece.size < gap < WORD_GAP * piece.size
        and glyph.right > piece.left + piece.width * 0.5
    )


def _begin(text_page: Any, index: int, glyph: Glyph, turn: Turn) -> Piece | None:
    """Start a piece, or None where the text does not stand upright."""
    measured = type_size(text_page, index, turn)
    if measured is None:
        return None
    size = measured if measured > 0.5 else max(glyph.top - glyph.bottom, 1.0)
    text = glyph.text.translate(SUPERSCRIPTS) if _is_raised(glyph, size) else glyph.text
    bold = is_bold(text_page, index)
    return Piece(text, glyph.left, glyph.right, glyph.bottom, glyph.top, glyph.base, size, bold)


def _is_raised(glyph: Glyph, size: float) -> bool:
    return glyph.foot is not None and glyph.foot > glyph.base + RAISED * size


def _append(piece: Piece, glyph: Glyph, space: bool) -> None:
    smaller = glyph.top - glyph.bottom < SMALLER * (piece.top - piece.bottom)
    text = glyph.text
    if (smaller and glyph.base > piece.base + RAISED * piece.size) or _is_raised(glyph, piece.size):
        text = text.translate(SUPERSCRIPTS)
    piece.text += f" {text}" if space else text
    piece.right = max(piece.right, glyph.right)
    if not smaller:
        piece.bottom, piece.top = min(piece.bottom, glyph.bottom), max(piece.top, glyph.top)


def _take_type(piece: Piece, text_page: Any, index: int, glyph: Glyph, turn: Turn) -> None:
    """Take the type of a piece from its first letter: a bullet or the mark of a footnote has one of its own."""
    if piece.base > glyph.base + RAISED * piece.size:
        piece.text = piece.text.translate(SUPERSCRIPTS)
    piece.size = type_size(text_page, index, turn) or piece.size
    piece.bold = is_bold(text_page, index)
    piece.base, piece.bottom, piece.top = glyph.base, glyph.bottom, glyph.top
