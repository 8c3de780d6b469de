"""PDF: the stored text is what PDFium sees, in reading order, with lines joined to paragraphs.

Not read: vertical Japanese, right-to-left lines that the file stores in visual order, pages that are images.
"""

from __future__ import annotations

from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from documents.extract import Extract
from documents.formats.builder import LINE, PARAGRAPH, TextBuilder
from documents.formats.metadata import clean_names, clean_title, iso_date
from documents.formats.pdf_layout import Page, drop_running_heads, find_gutter, regions
from documents.formats.pdf_lines import read_page
from documents.formats.pdf_paragraphs import LineJoiner, Paragraph, body_size, paragraphs
from errors import DocumentError

REFUSALS = {
    pdfium.FPDF_ERR_PASSWORD: "encrypted: give it without a password",
    pdfium.FPDF_ERR_SECURITY: "encrypted in a way that cannot be read: give it without protection",
    pdfium.FPDF_ERR_FORMAT: "damaged: it cannot be opened as a PDF",
}
DAMAGED_SHARE = 0.2  # of the characters that have no Unicode: the text layer is useless
NAMED_PAGES = 10  # pages that a warning names


def read(data: bytes) -> Extract:
    """Read a PDF with a text layer.

    :raises DocumentError: where it is encrypted, damaged or holds no text.
    """
    document = _open(data)
    try:
        pages, warnings = _read_pages(document)
        info = document.get_metadata_dict()
    finally:
        document.close()
    turned = {page.number for page in pages if page.turned}
    found, joiner = _arrange(pages)
    builder = TextBuilder()
    before: Paragraph | None = None
    for paragraph in found:
        siblings = before is not None and (
            (before.list_item and paragraph.list_item) or (before.is_row and paragraph.is_row)
        )
        builder.add(
            joiner.join(paragraph.lines),
            paragraph.role,
            level=paragraph.level,
            list_item=paragraph.list_item,
            page=paragraph.page,
            boxes=tuple(box for box in paragraph.boxes() if box.page not in turned),
            separator=LINE if siblings else PARAGRAPH,
        )
        before = paragraph
    _check_characters(builder.text)
    return Extract(
        builder.text,
        "pdf",
        marks=tuple(builder.marks),
        title=clean_title(info.get("Title")) or _largest_heading(found, joiner),
        authors=clean_names([info.get("Author")]),
        date=iso_date(info.get("CreationDate")),
        warnings=warnings,
    )


def _open(data: bytes) -> Any:
    """Return the document of pypdfium2. :raises DocumentError: where it is encrypted or damaged."""
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        raise DocumentError(REFUSALS.get(code, "damaged: it cannot be opened")) from None


def _read_pages(document: Any) -> tuple[list[Page], tuple[str, ...]]:
    """Return the pages that have text, and what the reader should know of the others.

    :raises DocumentError: where there is no text at all.
    """
    pages: list[Page] = []
    silent: list[int] = []
    for index in range(len(document)):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            silent.append(index + 1)
            continue
        text = read_page(page)
        if text.pieces:
            pages.append(Page(index + 1, text.height, text.pieces, text.turned))
        elif next(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2), None) is not None:
            silent.append(index + 1)
        page.close()
    if not pages:
        raise DocumentError("no text layer: needs OCR" if silent else "no text in it")
    if not silent:
        return pages, ()
    named = ", ".join(map(str, silent[:NAMED_PAGES])) + (" …" if len(silent) > NAMED_PAGES else "")
    return pages, (f"no text layer on {len(silent)} of {len(document)} pages ({named}): they need OCR",)


def _arrange(pages: list[Page]) -> tuple[list[Paragraph], LineJoiner]:
    """Bring pieces into paragraphs in reading order."""
    body = body_size(piece for page in pages for piece in page.pieces)
    drop_running_heads(pages, body)
    gutters = sorted(x for page in pages if (x := find_gutter(page.pieces)) is not None)
    hint = gutters[len(gutters) // 2] if len(gutters) > 0 else None
    columns = [region for page in pages for region in regions(page, hint)]
    joiner = LineJoiner()
    for column in columns:
        joiner.learn(column.lines)
    return paragraphs(columns, body), joiner


def _check_characters(text: str) -> None:
    """Refuse a text of fonts that say nothing of Unicode. :raises DocumentError: where much of it is of that kind."""
    strange = sum(1 for c in text if c == "\ufffd" or 0xE000 <= ord(c) < 0xF900 or ord(c) < 0x0A)
    if strange > len(text) * DAMAGED_SHARE:
        raise DocumentError("its text layer is unreadable (fonts without Unicode): needs OCR")


def _largest_heading(found: list[Paragraph], joiner: LineJoiner) -> str | None:
    """Return the heading of the first page that is larger than all others, as the title."""
    largest = [paragraph for paragraph in found if paragraph.level == 1]
    if len(largest) != 1 or largest[0].page != found[0].page:
        return None
    return clean_title(joiner.join(largest[0].lines))
