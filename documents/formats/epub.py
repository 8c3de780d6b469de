"""EPUB: the chapters in the order of the book's spine, each read like a web page that is all main text.

Read from the zip archive directly (https://www.w3.org/TR/epub-33/): ebooklib is under the AGPL.
"""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote

from documents.extract import Extract
from documents.formats.archive import Archive
from documents.formats.builder import TextBuilder
from documents.formats.encoding import decode
from documents.formats.html_tree import Paragraph, add_all, paragraphs, parse_html
from documents.formats.metadata import clean_names, clean_title, iso_date, language_code, web_link
from errors import DocumentError

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
CHAPTER_TYPES = {"application/xhtml+xml", "text/html", "text/x-oeb1-document"}
FONT_ALGORITHMS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # hide fonts, not text
MOST_CHAPTERS = 2_000


def read(data: bytes) -> Extract:
    """Read an e-book.

    :raises DocumentError: where it is damaged, protected, a bomb or no EPUB.
    """
    archive = Archive(data)
    if CONTAINER not in archive.names:
        raise DocumentError("not an EPUB although it is called .epub")
    if ENCRYPTION in archive.names and _is_protected(archive.xml(ENCRYPTION)):
        raise DocumentError("protected by DRM: give it without protection")
    package_name = next(iter(archive.xml(CONTAINER).xpath("//*[local-name()='rootfile']/@full-path")), "")
    package = archive.xml(str(package_name))
    builder = TextBuilder()
    missing = 0
    for name in _spine(package, posixpath.dirname(str(package_name)))[:MOST_CHAPTERS]:
        if name in archive.names:
            add_all(builder, _chapter(archive.read(name)))
        else:
            missing += 1
    return Extract(
        builder.text,
        "epub",
        marks=tuple(builder.marks),
        title=clean_title(_first(package, "title")),
        authors=clean_names(_stated(package, "creator")),
        date=iso_date(_first(package, "date")),
        link=next((link for value in _stated(package, "source") if (link := web_link(value))), None),
        language=language_code(_first(package, "language")),
        warnings=(f"{missing} chapters are missing from the file",) if missing else (),
    )


def _is_protected(encryption: Any) -> bool:
    algorithms = encryption.xpath("//*[local-name()='EncryptionMethod']/@Algorithm")
    return any(algorithm not in FONT_ALGORITHMS for algorithm in algorithms)


def _spine(package: Any, folder: str) -> list[str]:
    """Return the names of the chapters in reading order, without tables of contents and covers."""
    items = {item.get("id"): item for item in package.xpath("//*[local-name()='manifest']/*[local-name()='item']")}
    names = []
    for reference in package.xpath("//*[local-name()='spine']/*[local-name()='itemref']"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in CHAPTER_TYPES or "nav" in item.get("properties", "").split():
            continue
        names.append(posixpath.normpath(posixpath.join(folder, unquote(item.get("href", "")))))
    return list(dict.fromkeys(names))


def _chapter(data: bytes) -> list[Paragraph]:
    """Return the paragraphs of one chapter; an empty one is no reason to refuse the book."""
    try:
        return [paragraph for paragraph in paragraphs(parse_html(decode(data).text)) if paragraph.role != "noise"]
    except DocumentError:
        return []


def _stated(package: Any, name: str) -> list[str]:
    path = f"//*[local-name()='metadata']//*[local-name()='{name}']"
    return ["".join(element.itertext()) for element in package.xpath(path)]


def _first(package: Any, name: str) -> str | None:
    return next(iter(_stated(package, name)), None)
