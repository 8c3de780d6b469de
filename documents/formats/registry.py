"""Picks the reader of a file: by what its first bytes are, then by its name. Readers are imported when needed."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from documents.extract import Extract
from errors import DocumentError
from settings import Settings

FORMATS = {
    "plain": ("", ".txt", ".text", ".rst", ".org", ".adoc"),
    "markdown": (".md", ".markdown", ".mdown", ".mkd"),
    "html": (".html", ".htm", ".xhtml"),
    "pdf": (".pdf",),
    "docx": (".docx",),
    "epub": (".epub",),
    "subtitles": (".srt", ".vtt"),
}
READER = {suffix: format_ for format_, suffixes in FORMATS.items() for suffix in suffixes}
BINARY = {"pdf", "docx", "epub"}  # formats that no other format's file can pass for
HEAD = 1024  # bytes; a PDF may begin with some rubbish
FOREIGN = (
    (b"{\\rtf", "an RTF file: save it as DOCX"),
    (b"\xd0\xcf\x11\xe0", "an old Office file or an encrypted one: save it as DOCX without a password"),
    (b"\x89PNG", "an image, not text"),
    (b"\xff\xd8\xff", "an image, not text"),
    (b"GIF8", "an image, not text"),
    (b"\x1f\x8b", "a compressed file: unpack it"),
    (b"7z\xbc\xaf", "a compressed file: unpack it"),
    (b"%!PS", "a PostScript file: save it as PDF"),
)
TIMING = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:WEBVTT(?=\s|\Z)|\d+[ \t]*\r?\n\d+:\d\d:\d\d[,.]\d+[ \t]+-->)")
ZIP_MEMBERS = ((b"application/epub+zip", "epub"), (b"word/", "docx"))


def reader_for_name(name: str) -> str | None:
    """Return the format that a file name promises: "a.PDF" -> "pdf", "a.xyz" -> None."""
    return READER.get(os.path.splitext(name)[1].lower())


def extract(path: Path, settings: Settings) -> Extract:
    """Read one file: its text as it will be stored, with what its markup and metadata say.

    :raises DocumentError: with the reason, in words for the person whose file it is.
    """
    data = read_bytes(path, settings)
    promised = reader_for_name(path.name)
    if promised is None:
        raise DocumentError("no reader for this kind of file")
    sniffed = sniff(data, promised)
    if promised in BINARY and sniffed != promised:
        raise DocumentError(f"not a {promised.upper()} although it is called {path.suffix.lower()}")
    found = sniffed or promised
    result: Extract = import_module(f"documents.formats.{found}").read(data)
    if len(result.text) > settings.text_characters:
        raise DocumentError(f"its text is longer than {settings.text_characters:,} characters")
    if not result.text.strip():
        raise DocumentError("no text in it")
    if found != promised and found in BINARY:
        warning = f"a {found.upper()} although it is called {path.suffix.lower() or path.name[:80]}"
        result = replace(result, warnings=(warning, *result.warnings))
    return result


def read_bytes(path: Path, settings: Settings) -> bytes:
    """Return the bytes of a regular file of bearable size; never waits for a pipe.

    :raises DocumentError: where it is something else by now.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError as error:
        raise DocumentError(f"cannot be read: {error.strerror}") from None
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise DocumentError("not a file")
        data = file.read(settings.file_bytes + 1)
    if len(data) > settings.file_bytes:
        raise DocumentError(f"larger than {settings.file_bytes:,} bytes")
    return data


def sniff(data: bytes, promised: str) -> str | None:
    """Return the format that the bytes themselves tell, None for text of any kind.

    :raises DocumentError: for what is plainly something that no reader is for.
    """
    for magic, reason in FOREIGN:
        if data.startswith(magic):
            raise DocumentError(reason)
    if data.startswith(b"%PDF-") or (promised == "pdf" and b"%PDF-" in data[:HEAD]):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        found = next((found for member, found in ZIP_MEMBERS if member in data), None)
        if found is None:
            damaged = f"damaged: it cannot be opened as {promised.upper()}"
            raise DocumentError(damaged if promised in BINARY else "a zip archive: unpack it")
        return found
    return "subtitles" if TIMING.match(data) else None
