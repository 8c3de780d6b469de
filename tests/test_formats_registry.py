"""The reader of a file is picked by its content and its name; what cannot be read says why."""

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from documents.formats.registry import extract, reader_for_name
from errors import DocumentError
from settings import Settings

DATA = Path(__file__).parent / "data" / "formats"
SETTINGS = Settings()


def test_every_real_file_is_read_or_says_why() -> None:
    refused = {}
    for path in sorted(DATA.iterdir()):
        try:
            assert extract(path, SETTINGS).text.strip()
        except DocumentError as error:
            refused[path.name] = str(error)
    assert refused == {
        "encrypted.pdf": "encrypted: give it without a password",
        "scan.pdf": "no text layer: needs OCR",
    }


@pytest.mark.parametrize(
    ("name", "format_"),
    [("a.PDF", "pdf"), ("a.b.txt", "plain"), ("NOTES", "plain"), ("a.htm", "html"), ("a.xyz", None), ("a.doc", None)],
)
def test_names_promise_a_format(name: str, format_: str | None) -> None:
    assert reader_for_name(name) == format_


@pytest.mark.parametrize(
    ("source", "name", "format_"),
    [("tides-typst.pdf", "a.txt", "pdf"), ("brot.epub", "b.txt", "epub"), ("brot-pandoc.docx", "c.md", "docx")],
)
def test_a_file_under_a_wrong_name_is_read_as_what_it_is(tmp_path: Path, source: str, name: str, format_: str) -> None:
    shutil.copy(DATA / source, tmp_path / name)
    found = extract(tmp_path / name, SETTINGS)
    assert found.format == format_
    assert "although it is called" in found.warnings[0]


def test_subtitles_are_recognised_under_another_name(tmp_path: Path) -> None:
    shutil.copy(DATA / "backstube.srt", tmp_path / "a.txt")
    assert extract(tmp_path / "a.txt", SETTINGS).kind == "transcript"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", b"just words", "not a PDF although it is called .pdf"),
        ("a.docx", b"just words", "not a DOCX although it is called .docx"),
        ("a.docx", b"PK\x03\x04 nothing inside", "damaged: it cannot be opened as DOCX"),
        ("a.txt", b"PK\x03\x04 nothing inside", "a zip archive"),
        ("a.docx", b"\xd0\xcf\x11\xe0 old", "old Office file or an encrypted one"),
        ("a.txt", b"{\\rtf1 words}", "RTF"),
        ("a.txt", b"\x89PNG\r\n", "an image"),
        ("a.txt", b"\x00" * 1000, "binary"),
        ("a.txt", b" \r\n\t\n", "no text in it"),
        ("a.html", b"<html><body><script>1</script></body></html>", "no text in it"),
        ("a.html", b"", "no HTML|no text"),
        ("a.srt", b"nothing here", "no cue"),
        ("a.xyz", b"words", "no reader"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DocumentError, match=reason):
        extract(tmp_path / name, SETTINGS)


def test_a_text_about_pdf_is_a_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A file that begins with %PDF-1.7 is a PDF.")
    assert extract(tmp_path / "a.txt", SETTINGS).format == "plain"


def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(DocumentError, match="not a file"):
        extract(tmp_path / "a.txt", SETTINGS)


def test_a_link_in_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("/etc/hostname")
    with pytest.raises(DocumentError, match="cannot be read"):
        extract(tmp_path / "a.txt", SETTINGS)


def test_sizes_are_bounded(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words " * 100)
    with pytest.raises(DocumentError, match="larger than 599 bytes"):
        extract(tmp_path / "a.txt", replace(SETTINGS, file_bytes=599))
    with pytest.raises(DocumentError, match="longer than 599 characters"):
        extract(tmp_path / "a.txt", replace(SETTINGS, text_characters=599))


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".vtt"])
def test_one_line_of_five_megabytes_is_read_in_seconds(tmp_path: Path, suffix: str) -> None:
    head = "WEBVTT\n\n00:00.000 --> 00:01.000\n" if suffix == ".vtt" else ""
    for unit in ("a",) if suffix == ".html" else ("a", "["):
        (tmp_path / f"a{suffix}").write_text(head + unit * (4_900_000 // len(unit)))
        started = time.process_time()
        assert len(extract(tmp_path / f"a{suffix}", SETTINGS).text) >= 4_900_000
        assert time.process_time() - started < SETTINGS.parse_seconds
