"""PDFs are read in reading order, as the text that was typeset; what cannot be read says why."""

import difflib
import re
from pathlib import Path

import pytest

from documents.extract import Extract
from documents.formats import pdf
from documents.formats.pdf_layout import Page, drop_running_heads, find_gutter, regions
from documents.formats.pdf_lines import Piece
from documents.formats.pdf_paragraphs import LineJoiner, paragraphs
from errors import DocumentError

DATA = Path(__file__).parent / "data" / "formats"
HEADINGS = ["The pole", "Why the tide is late", "A hundred years of numbers", "What remains to be done"]


def read(name: str) -> Extract:
    return pdf.read((DATA / name).read_bytes())


def source_words() -> list[str]:
    return re.sub(r"(?m)^(# |- )", "", (DATA / "tides.txt").read_text(encoding="utf-8")).split()


def found(extract: Extract, role: str) -> list[str]:
    return [extract.text[mark.start : mark.end] for mark in extract.marks if mark.role == role]


def lost_words(typeset: list[str], read: list[str]) -> list[str]:
    matcher = difflib.SequenceMatcher(None, typeset, read, autojunk=False)
    return [word for tag, start, end, *_ in matcher.get_opcodes() if tag != "equal" for word in typeset[start:end]]


def test_two_columns_give_the_typeset_text_back_in_order() -> None:
    extract = read("tides-typst.pdf")
    # A hyphen at a line's end cannot be told from one that was put in; the other word carries the footnote's mark.
    assert lost_words(source_words(), extract.text.split()) == ["again.", "machine-readable"]
    assert "again.¹" in extract.text
    assert found(extract, "footnote")[0].startswith("¹The method is described")
    assert found(extract, "heading")[1:] == [f"{n} {title}" for n, title in enumerate(HEADINGS, 1)]
    assert (extract.title, extract.authors, extract.date) == (
        "Reading the Tide at Skerry Harbour",
        ("Ada Moor", "Jon Lund"),
        "2023-05-17",
    )


def test_lists_pages_and_boxes_are_told() -> None:
    extract = read("tides-typst.pdf")
    items = [extract.text[mark.start : mark.end] for mark in extract.marks if mark.list_item]
    assert [item.split()[1:3] for item in items] == [["a", "strong"], ["low", "pressure,"], ["melting", "snow"]]
    assert [mark.page for mark in extract.marks] == sorted(mark.page or 0 for mark in extract.marks)
    assert {mark.page for mark in extract.marks} == {1, 2}
    for mark in extract.marks:
        for box in mark.boxes:
            assert 0 <= box.left < box.right <= 420
            assert 0 <= box.bottom < box.top <= 596
    over_columns = [mark for mark in extract.marks if len(mark.boxes) > 1]
    assert over_columns, "some paragraph runs over the end of a column"


def test_latex_is_read_over_three_pages_without_heads_and_numbers() -> None:
    extract = read("tides-latex.pdf")
    words = extract.text.replace("•", " ").split()
    middle = words.index("oldest") - 3
    half = len(source_words())
    assert set(lost_words(source_words(), words[middle : middle + half + 60])) <= {"again."}
    assert "A HUNDRED YEARS" not in extract.text
    assert not re.search(r"(?m)^\d+$", extract.text)
    numbered = [text for text in found(extract, "heading") if text[0].isdigit() and "2023" not in text]
    assert numbered == [f"{n} {title}" for n, title in enumerate(HEADINGS * 2, 1)]
    assert len(found(extract, "footnote")) == 2
    assert {mark.page for mark in extract.marks} == {1, 2, 3}


def test_turned_pages_read_like_upright_ones() -> None:
    turned, upright = read("rotated.pdf"), read("tides-typst.pdf")
    assert turned.text == upright.text


def test_one_column_of_libreoffice_keeps_its_table_by_rows() -> None:
    extract = read("brot-libreoffice.pdf")
    assert "Weizen 68 % 4 Stunden" in [extract.text[mark.start : mark.end] for mark in extract.marks]
    assert "höher auf.¹ Die Außentemperatur" in extract.text
    assert "3. 10 Gramm Salz, das erst nach einer Stunde zugegeben wird." in extract.text
    assert found(extract, "heading")[:2] == ["Vom Sauerteig", "Der Ansatz"]


def test_japanese_lines_are_joined_without_blanks() -> None:
    extract = read("hachimitsu.pdf")
    assert "最初に咲くのは川沿いの柳で、花粉は女王蜂の産卵を促す。養蜂家はこの時期に巣箱を開け、" in extract.text
    assert found(extract, "heading") == ["ミツバチの一年", "春の巣箱", "蜂蜜を採る", "冬を越す"]


def test_an_owner_password_does_not_keep_a_reader_out() -> None:
    assert read("restricted.pdf").text == read("tides-typst.pdf").text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ((DATA / "encrypted.pdf").read_bytes(), "encrypted: give it without a password"),
        ((DATA / "scan.pdf").read_bytes(), "no text layer: needs OCR"),
        ((DATA / "tides-typst.pdf").read_bytes()[:300], "damaged"),
        (b"%PDF-1.7\n" + b"\x00\xff" * 500, "damaged"),
        (b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>", "damaged|no text"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        pdf.read(data)


def test_a_pdf_cut_short_anywhere_is_read_or_refused() -> None:
    data = (DATA / "tides-typst.pdf").read_bytes()
    for length in range(0, len(data), 3500):
        try:
            assert pdf.read(data[:length]).text
        except DocumentError as error:
            assert str(error)


def piece(text: str, left: float, base: float, width: float | None = None, size: float = 10.0) -> Piece:
    return Piece(text, left, left + (width or 5.0 * len(text)), base - 2, base + 8, base, size)


def column(left: float, word: str, count: int = 6) -> list[Piece]:
    return [piece(f"{word}{n}", left, 500 - 12 * n, width=200) for n in range(count)]


def test_columns_are_read_one_after_the_other_whatever_the_order_in_the_file() -> None:
    rows = [line for pair in zip(column(50, "left"), column(270, "right"), strict=True) for line in pair]
    title = piece("A title over both columns", 100, 540, width=330, size=16)
    page = Page(1, 792, [*rows, title])
    assert 250 < (find_gutter(page.pieces) or 0) < 270
    texts = [line.text for region in regions(page, None) for line in region.lines]
    assert texts == [title.text, *(f"left{n}" for n in range(6)), *(f"right{n}" for n in range(6))]


def test_three_columns_are_three() -> None:
    pieces = [line for left in (50, 270, 490) for line in column(left, f"c{left}-")]
    texts = [line.text for region in regions(Page(1, 792, pieces[::-1]), None) for line in region.lines]
    assert texts == [line.text for line in pieces]


def test_a_table_is_read_by_rows() -> None:
    cells = [piece(f"cell{row}{col}", 50 + 150 * col, 500 - 12 * row) for row in range(6) for col in range(3)]
    texts = [line.text for region in regions(Page(1, 792, cells), None) for line in region.lines]
    assert texts == [f"cell{row}0 cell{row}1 cell{row}2" for row in range(6)]


def test_a_short_second_column_is_found_by_the_other_pages() -> None:
    pieces = [*column(50, "left"), piece("right0", 270, 500, width=200)]
    texts = [line.text for region in regions(Page(2, 792, pieces), 260.0) for line in region.lines]
    assert texts == [*(f"left{n}" for n in range(6)), "right0"]


def test_running_heads_go_and_chapter_titles_stay() -> None:
    pages = []
    for number in range(1, 5):
        head = piece(f"Tides {number}" if number % 2 else f"{number} Moor and Lund", 50, 750)
        body = [piece(f"page {number} line {n}", 50, 600 - 12 * n) for n in range(5)]
        title = [piece(f"Chapter {number}", 50, 730, size=18)]
        pages.append(Page(number, 792, [head, *title, *body, piece(str(number), 300, 40)]))
    drop_running_heads(pages, 10.0)
    left = [line.text for page in pages for line in page.pieces]
    assert [text for text in left if not text.startswith("page ")] == [f"Chapter {n}" for n in range(1, 5)]
    assert len(left) == 4 * 6


def test_hyphens_follow_the_usage_of_the_document() -> None:
    joiner = LineJoiner()
    joiner.learn([piece("a well-known pole and the sandbanks", 0, 0)])
    assert joiner.join([piece("the sand-", 0, 0), piece("banks wander", 0, 0)]) == "the sandbanks wander"
    assert joiner.join([piece("a well-", 0, 0), piece("known pole", 0, 0)]) == "a well-known pole"
    assert joiner.join([piece("1990-", 0, 0), piece("1995", 0, 0)]) == "1990-1995"
    assert joiner.join([piece("Anglo-", 0, 0), piece("Saxon", 0, 0)]) == "Anglo-Saxon"
    assert joiner.join([piece("二回", 0, 0), piece("満ちる", 0, 0)]) == "二回満ちる"


def test_a_sentence_over_two_columns_is_one_paragraph() -> None:
    left = [piece("The flood must squeeze between the sand", 50, 500 - 12 * n, width=200) for n in range(5)]
    right = [piece("banks and it is late. Nobody waits for it", 270, 500 - 12 * n, width=200) for n in range(5)]
    found = paragraphs(regions(Page(1, 792, [*right, *left]), None), 10.0)
    assert len(found) == 1
    assert len(found[0].boxes()) == 2
