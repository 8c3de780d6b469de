"""Pages of PDFs: drawn and searched in a process of their own, bounded, and only of the file that was indexed."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from documents.discover import discover
from documents.reading import read_file
from schema import Document, Span
from server import pages
from server.pages import PageError, Pages
from settings import Settings

DATA = Path(__file__).parent / "data" / "formats"
READABLE = (
    "tides-typst.pdf",
    "tides-latex.pdf",
    "rotated.pdf",
    "hachimitsu.pdf",
    "brot-libreoffice.pdf",
    "restricted.pdf",
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name in READABLE:
        shutil.copy(DATA / name, tmp_path)
    return Settings(corpus=tmp_path)


def document(settings: Settings, name: str) -> Document:
    return next(read_file(file, settings) for file in discover(settings.corpus, settings).files if file.id == name)


def pixels(picture: bytes) -> tuple[int, int]:
    return int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])


@pytest.mark.parametrize("name", READABLE)
def test_words_are_found_on_their_page_line_by_line(settings: Settings, name: str) -> None:
    source = document(settings, name)
    shown = Pages(settings)
    exact = 0
    blocks = [block for block in source.blocks if block.end - block.start > 60][:8]
    for block in blocks:
        quote = Span(block.start + (block.end - block.start) // 3, block.end)
        found = shown.places(source, quote)
        assert found["marks"], source.text[quote.start : quote.end]
        assert found["page"] in {block.page, *(box.page for box in block.boxes)}
        exact += all(mark["exact"] for mark in found["marks"])
        for mark in found["marks"]:
            assert 0 <= mark["left"] <= mark["left"] + mark["width"] <= 1.001
            assert 0 <= mark["top"] <= mark["top"] + mark["height"] <= 1.001
    assert exact >= len(blocks) - 2, "most are found to the line"


QUARTERS = {90: (0, -1, 1, 0), 180: (-1, 0, 0, -1), 270: (0, 1, -1, 0)}  # how /Rotate turns a page that is shown


def turned(settings: Settings, rotate: int, upright: bool) -> Document:
    """Return a document whose pages have this /Rotate: with its text turned along, or upright once it is shown."""
    made = pypdfium2.PdfDocument(DATA / "tides-typst.pdf")
    for page in made:
        width, height = page.get_size()
        if upright and rotate:
            a, b, c, d = QUARTERS[360 - rotate]
            across, down = (height, width) if rotate % 180 else (width, height)
            matrix = pdfium.FS_MATRIX(a, b, c, d, across * (a + c < 0), down * (b + d < 0))
            pdfium.FPDFPage_TransFormWithClip(page, matrix, pdfium.FS_RECTF(0, 2000, 2000, 0))
            page.set_mediabox(0, 0, across, down)
            page.set_cropbox(0, 0, across, down)
        page.set_rotation(rotate)
    made.save(settings.corpus / "turned.pdf")
    return document(settings, "turned.pdf")


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_quote_on_a_turned_page_is_marked_where_it_is_seen(settings: Settings, rotate: int, upright: bool) -> None:
    straight = document(settings, "tides-typst.pdf")
    boxes = []
    for source in (straight, turned(settings, rotate, upright)):
        start, end = source.text.index("Twelve copper bands"), source.text.index("over the highest band")
        marks = Pages(settings).places(source, Span(start, end))["marks"]
        assert len(marks) >= 3 and all(mark["exact"] for mark in marks), "each line of the quote"
        left, top = min(mark["left"] for mark in marks), min(mark["top"] for mark in marks)
        right, bottom = (
            max(mark[side] + mark[size] for mark in marks) for side, size in (("left", "width"), ("top", "height"))
        )
        boxes.append((left, top, right, bottom))
    left, top, right, bottom = boxes[0]
    seen = {
        90: (1 - bottom, left, 1 - top, right), 180: (1 - right, 1 - bottom, 1 - left, 1 - top),
        270: (top, 1 - right, bottom, 1 - left),
    }  # fmt: skip
    expected = boxes[0] if upright else seen.get(rotate, boxes[0])
    assert boxes[1] == pytest.approx(expected, abs=0.01)


def test_a_picture_has_a_width_of_a_few_and_is_kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    source = document(settings, "tides-typst.pdf")
    shown = Pages(settings)
    picture = shown.picture(source, 1, 900)
    assert picture.startswith(b"\x89PNG")
    assert abs(pixels(picture)[0] - 1_200) <= 1
    monkeypatch.setattr(shown, "_child", None)  # drawing again would fail
    assert shown.picture(source, 1, 1_000) is picture


def test_what_is_kept_is_bounded(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    source = document(settings, "tides-typst.pdf")
    shown = Pages(settings)
    monkeypatch.setattr(pages, "CACHE_BYTES", len(shown.picture(source, 1, 800)))
    shown.picture(source, 2, 800)
    assert len(shown._kept) == 1


def reason(shown: Pages, source: Document, page: int = 1) -> str:
    with pytest.raises(PageError) as caught:
        shown.picture(source, page, 800)
    return caught.value.reason


def test_another_file_in_its_place_is_never_drawn(settings: Settings) -> None:
    source = document(settings, "tides-typst.pdf")
    shown = Pages(settings)
    shown.picture(source, 1, 800)
    shutil.copy(DATA / "tides-latex.pdf", settings.corpus / "tides-typst.pdf")
    assert reason(shown, source) == "changed"
    (settings.corpus / "tides-typst.pdf").unlink()
    assert reason(shown, source) == "gone"
    (settings.corpus / "tides-typst.pdf").symlink_to(DATA / "tides-typst.pdf")
    assert reason(shown, source) == "gone"


def test_a_page_that_is_not_there_and_a_file_that_is_none_fail_quietly(settings: Settings) -> None:
    source = document(settings, "tides-typst.pdf")
    shown = Pages(settings)
    assert reason(shown, source, 99) == "failed"
    hostile = b"%PDF-1.7\n" + b"\xff" * 5_000
    (settings.corpus / "hostile.pdf").write_bytes(hostile)
    assert reason(shown, replace(source, id="hostile.pdf", sha256=hashlib.sha256(hostile).hexdigest())) == "failed"


def test_a_process_without_memory_or_room_for_its_answer_only_fails(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = document(settings, "tides-typst.pdf")
    assert reason(Pages(replace(settings, parse_bytes=30_000_000)), source) == "failed"
    monkeypatch.setattr(pages, "PICTURE_BYTES", 1_000)
    assert reason(Pages(settings), source) == "failed"
