"""DOCX: paragraphs, headings, lists, quotations, tables row by row, foot- and endnotes.

The stored text is the document's words in their order; a note stands right after the paragraph that refers to it, as
bracketed numbers tell in both places. What is deleted but still recorded (tracked changes) is left out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from docx import Document as open_docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from documents.extract import Extract
from documents.formats.archive import Archive, parse_xml
from documents.formats.builder import LINE, PARAGRAPH, TextBuilder
from documents.formats.metadata import clean_names, clean_title, iso_date, language_code
from errors import DocumentError
from schema import Role

HEADING = re.compile(r"heading ([1-9])")
CORE_PART = "docProps/core.xml"
MAIN_PART = "word/document.xml"
NOTE_PARTS = {"footnote": "word/footnotes.xml", "endnote": "word/endnotes.xml"}
STYLE_ROLES: dict[str, Role] = {
    **dict.fromkeys(("quote", "intense quote", "block text", "quotations"), "quotation"),
    **dict.fromkeys(("author", "date", "subtitle"), "metadata"),
    "abstract": "summary",
    "footnote text": "footnote",
}
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # the same words once more
DEEPEST_TABLE = 5  # tables inside tables


def read(data: bytes) -> Extract:
    """Read a Word document.

    :raises DocumentError: where it is damaged, encrypted, a bomb or no Word document.
    """
    archive = Archive(data)
    if MAIN_PART not in archive.names:
        raise DocumentError("not a DOCX although it is called .docx")
    for name in archive.names:
        if name.endswith((".xml", ".rels")):
            archive.xml(name)
    try:
        reader, stated = _open(data, archive)
    except (ValueError, AttributeError, TypeError, LookupError):
        raise DocumentError("damaged: it cannot be opened as a Word document") from None
    return Extract(
        reader.builder.text,
        "docx",
        marks=tuple(reader.builder.marks),
        **({"title": reader.title} | stated),
    )


def _open(data: bytes, archive: Archive) -> tuple[_Reader, dict[str, Any]]:
    """Return what was read and what the document states of itself; raise what python-docx raises for damage."""
    document = open_docx(io.BytesIO(data))
    reader = _Reader(_notes(archive))
    reader.read(document)
    return reader, _properties(document) if CORE_PART in archive.names else {}  # python-docx would make them up


def _properties(document: Any) -> dict[str, Any]:
    """Return what the document states of itself."""
    properties = document.core_properties
    return {
        **({"title": title} if (title := clean_title(properties.title)) else {}),
        "authors": clean_names([properties.author]),
        "date": iso_date(properties.created.date().isoformat()) if properties.created else None,
        "language": language_code(properties.language),
    }


def _notes(archive: Archive) -> dict[tuple[str, str], str]:
    """Return the words of the notes by their kind and number."""
    notes: dict[tuple[str, str], str] = {}
    for kind, name in NOTE_PARTS.items():
        if name not in archive.names:
            continue
        for note in parse_xml(archive.read(name)).iter(qn(f"w:{kind}")):
            if note.get(qn("w:type")) in (None, "normal"):
                paragraphs = (_words(paragraph) for paragraph in note.iter(qn("w:p")))
                notes[kind, note.get(qn("w:id"), "")] = " ".join(filter(None, paragraphs))
    return notes


class _Reader:
    """Walks over the body and adds what it finds to a builder."""

    def __init__(self, notes: dict[tuple[str, str], str]) -> None:
        self.builder = TextBuilder()
        self.title: str | None = None
        self._notes = notes
        self._pending: list[str] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._in_list = False

    def read(self, document: Any) -> None:
        """Add the whole body."""
        for item in _items(document):
            if isinstance(item, Table):
                self._add_table(item)
            else:
                self._add_paragraph(item)

    def _add_paragraph(self, paragraph: Paragraph) -> None:
        words = _words(paragraph._p, self._note_mark)
        style = (paragraph.style.name or "").lower() if paragraph.style is not None else ""
        heading = HEADING.match(style)
        if style == "title" and words.strip():
            self.title = self.title or clean_title(words)
            self.builder.add(words, "heading", level=1)
        elif heading:
            self.builder.add(words, "heading", level=int(heading.group(1)))
        else:
            in_list = _in_list(paragraph, style)
            separator = LINE if in_list and self._in_list else PARAGRAPH
            self.builder.add(words, STYLE_ROLES.get(style, "body"), list_item=in_list, separator=separator)
            self._in_list = in_list and bool(words.strip())
        if heading or style == "title":
            self._in_list = False
        self._add_notes()

    def _add_table(self, table: Table) -> None:
        """Add a table row by row, cells divided by a bar; cells that span several columns once."""
        separator = PARAGRAPH
        for row in table._tbl.iter(qn("w:tr")):
            if _depth(row) > DEEPEST_TABLE:
                continue
            cells = [_cell(cell, self._note_mark) for cell in row if cell.tag == qn("w:tc")]
            self.builder.add(" | ".join(cell for cell in cells if cell), separator=separator)
            separator = LINE
        self._in_list = False
        self._add_notes()

    def _note_mark(self, kind: str, number: str) -> str:
        """Return what stands in the text for a reference to a note, and keep the note for the paragraph's end."""
        words = self._notes.get((kind, number))
        if not words:
            return ""
        shown = self._numbers.setdefault((kind, number), len(self._numbers) + 1)
        self._pending.append(f"[{shown}] {words}")
        return f"[{shown}]"

    def _add_notes(self) -> None:
        for note in self._pending:
            self.builder.add(note, "footnote")
        self._pending.clear()


def _items(document: Any) -> Iterator[Paragraph | Table]:
    """Yield paragraphs and tables, also those inside content controls."""
    waiting = list(reversed(document.element.body))
    while waiting:
        element = waiting.pop()
        if element.tag == qn("w:p"):
            yield Paragraph(element, document._body)
        elif element.tag == qn("w:tbl"):
            yield Table(element, document._body)
        elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:smartTag"), qn("w:customXml")):
            waiting.extend(reversed(element))


def _words(paragraph: Any, note_mark: Any = None) -> str:
    """Return the words of a `w:p` element, with inserted and without deleted ones."""
    pieces: list[str] = []
    for element in paragraph.iter():
        if any(above.tag == FALLBACK for above in element.iterancestors()):
            continue
        if element.tag == qn("w:t"):
            pieces.append(element.text or "")
        elif element.tag == qn("w:tab"):
            pieces.append(" " if element.getparent().tag == qn("w:r") else "")
        elif element.tag in (qn("w:br"), qn("w:cr")):
            pieces.append("\n")
        elif element.tag == qn("w:noBreakHyphen"):
            pieces.append("-")
        elif note_mark and element.tag in (qn("w:footnoteReference"), qn("w:endnoteReference")):
            kind = "footnote" if element.tag == qn("w:footnoteReference") else "endnote"
            pieces.append(note_mark(kind, element.get(qn("w:id"), "")))
    return "".join(pieces).strip()


def _cell(cell: Any, note_mark: Any) -> str:
    """Return the words of a cell in one line; a table inside it is read by its own rows."""
    return " ".join(filter(None, (_words(p, note_mark).replace("\n", " ") for p in cell if p.tag == qn("w:p"))))


def _depth(row: Any) -> int:
    return sum(1 for above in row.iterancestors() if above.tag == qn("w:tbl"))


def _in_list(paragraph: Paragraph, style: str) -> bool:
    numbered = paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
    return numbered or style.startswith(("list bullet", "list number", "list paragraph"))
