"""DOCX and EPUB: structure, notes and metadata; and archives that were made to do harm."""

import io
import zipfile
from pathlib import Path

import pytest

from documents.extract import Extract
from documents.formats import docx, epub
from documents.formats.archive import Archive
from errors import DocumentError

DATA = Path(__file__).parent / "data" / "formats"
BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><b>&b;</b>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]><b>&x;</b>"""


def parts(extract: Extract) -> list[tuple[str, str]]:
    return [(mark.role, extract.text[mark.start : mark.end]) for mark in extract.marks]


def with_member(name: str, member: str, data: bytes) -> bytes:
    """Return a real file with one member replaced or added."""
    result = io.BytesIO()
    with zipfile.ZipFile(DATA / name) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for other in old.namelist():
            if other != member:
                new.writestr(other, old.read(other))
        new.writestr(member, data)
    return result.getvalue()


@pytest.mark.parametrize("name", ["brot-pandoc.docx", "brot-libreoffice.docx"])
def test_docx_of_two_programs_has_the_same_structure(name: str) -> None:
    extract = docx.read((DATA / name).read_bytes())
    found = parts(extract)
    levels = [(mark.level, extract.text[mark.start : mark.end]) for mark in extract.marks if mark.role == "heading"]
    assert levels == [
        (1, "Vom Sauerteig"),
        (1, "Der Ansatz"),
        (2, "Was gebraucht wird"),
        (2, "Warum Salz später kommt"),
        (1, "Das Backen"),
    ]
    assert ("quotation", "Der Teig hat Zeit, nur der Bäcker hat keine.") in found
    assert ("footnote", "[1] Gemessen wurde an zwölf Broten, jeweils mit und ohne diese Wartezeit.") in found
    assert "höher auf.[1] Die Außentemperatur" in extract.text
    assert ("body", "Weizen | 68 % | 4 Stunden") in found
    assert [mark.list_item for mark in extract.marks].count(True) == 3
    assert extract.title == "Vom Sauerteig"


def test_docx_states_its_author() -> None:
    extract = docx.read((DATA / "brot-pandoc.docx").read_bytes())
    assert (extract.authors, extract.language) == (("Hanna Keil",), "de")


def test_what_was_deleted_in_a_docx_stays_deleted() -> None:
    with zipfile.ZipFile(DATA / "brot-pandoc.docx") as archive:
        body = archive.read("word/document.xml").decode()
    changed = body.replace(
        "<w:sectPr", "<w:p><w:ins><w:r><w:t>added</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>removed</w:delText></w:r></w:del></w:p><w:sectPr", 1
    )  # fmt: skip
    text = docx.read(with_member("brot-pandoc.docx", "word/document.xml", changed.encode())).text
    assert "added" in text
    assert "removed" not in text


def test_epub_is_read_in_the_order_of_its_spine() -> None:
    extract = epub.read((DATA / "brot.epub").read_bytes())
    found = parts(extract)
    assert [text for role, text in found if role == "heading"][1:] == [
        "Der Ansatz",
        "Was gebraucht wird",
        "Warum Salz später kommt",
        "Das Backen",
    ]
    assert any(role == "footnote" and "zwölf Broten" in text for role, text in found)
    stated = (extract.title, extract.authors, extract.date, extract.language)
    assert stated == ("Vom Sauerteig", ("Hanna Keil",), "2022-11-03", "de")
    assert "toc" not in extract.text.lower()


def test_an_epub_without_a_chapter_says_so() -> None:
    with zipfile.ZipFile(DATA / "brot.epub") as archive:
        package = archive.read("EPUB/content.opf").decode()
    item = '<item id="lost" href="lost.xhtml" media-type="application/xhtml+xml" /></manifest>'
    changed = package.replace("</manifest>", item).replace("</spine>", '<itemref idref="lost" /></spine>')
    extract = epub.read(with_member("brot.epub", "EPUB/content.opf", changed.encode()))
    assert extract.warnings == ("1 chapters are missing from the file",)


def test_an_epub_under_drm_is_named() -> None:
    encryption = b'<encryption><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/></encryption>'
    with pytest.raises(DocumentError, match="DRM"):
        epub.read(with_member("brot.epub", "META-INF/encryption.xml", encryption))


@pytest.mark.parametrize("bomb", [BOMB, OUTSIDE, BOMB.decode().encode("utf-16")])
def test_entities_in_xml_are_refused(bomb: bytes) -> None:
    for name, member, reader in (
        ("brot-pandoc.docx", "word/document.xml", docx),
        ("brot-pandoc.docx", "docProps/core.xml", docx),
        ("brot.epub", "EPUB/content.opf", epub),
        ("brot.epub", "META-INF/container.xml", epub),
    ):
        with pytest.raises(DocumentError, match="entities"):
            reader.read(with_member(name, member, bomb))


def test_zip_bombs_are_refused_before_they_are_unpacked() -> None:
    with pytest.raises(DocumentError, match="tightly"):
        docx.read(with_member("brot-pandoc.docx", "word/media/image.bin", bytes(150_000_000)))
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"word/{number}", b"")
    with pytest.raises(DocumentError, match="more than 2,000 files"):
        docx.read(many.getvalue())


def test_a_member_that_is_larger_than_it_says_is_refused() -> None:
    data = with_member("brot-pandoc.docx", "word/document.xml", b"<a>" + b"x" * 1000 + b"</a>")
    size = (1007).to_bytes(4, "little")
    assert data.count(size)
    with pytest.raises(DocumentError, match=r"damaged|refused"):
        Archive(data.replace(size, (10).to_bytes(4, "little"))).read("word/document.xml")


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "a/../../b", "..\\x"])
def test_paths_that_lead_outside_are_refused(name: str) -> None:
    with pytest.raises(DocumentError, match="path"):
        docx.read(with_member("brot-pandoc.docx", name, b"x"))


@pytest.mark.parametrize("name", ["brot-pandoc.docx", "brot.epub"])
def test_an_archive_cut_short_or_altered_is_read_or_refused(name: str) -> None:
    data = (DATA / name).read_bytes()
    reader = docx if name.endswith("docx") else epub
    damaged = [data[:length] for length in range(0, len(data), 1500)]
    damaged += [
        data[:at] + bytes(byte ^ 0xFF for byte in data[at : at + 8]) + data[at + 8 :] for at in range(0, len(data), 400)
    ]
    for version in damaged:
        try:
            reader.read(version)
        except DocumentError as error:
            assert str(error)


def test_missing_parts_are_a_damage_that_is_named() -> None:
    for member in ("word/styles.xml", "[Content_Types].xml", "word/_rels/document.xml.rels", "_rels/.rels"):
        try:
            docx.read(with_member("brot-pandoc.docx", member, b"<x/>"))
        except DocumentError as error:
            assert str(error)
