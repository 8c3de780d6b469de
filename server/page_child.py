"""What runs in a process of its own to draw a page of a PDF or to find words on it. See `server/pages.py`.

A PDF is hostile: PDFium may crash of it, run for ever or fill the memory. Here it can only end this process. The first
line of the input is the order as JSON, the rest the file; the answer is a PNG, or JSON, on standard output.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import resource
import signal
import sys
import unicodedata
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

CHARACTERS = 200_000  # of a page that are looked through
BETWEEN = 6  # characters between two letters of a line: a stop, a quotation mark, a blank
MOST_LINES = 400  # of one part of a quote on one page
LEAST = 12  # letters of a quote's end or beginning by which it is found where it runs over two pages
PIXELS = 8_000_000  # of a picture
LONGEST_SIDE = 6_000  # pixels

Rectangle = list[float]


def main() -> None:
    """Take one order, answer it."""
    order = json.loads(sys.stdin.buffer.readline())
    _limit(resource.RLIMIT_AS, order["bytes"])
    _limit(resource.RLIMIT_CPU, order["seconds"])
    _limit(resource.RLIMIT_FSIZE, order["answer"])
    _limit(resource.RLIMIT_CORE, 0)
    signal.alarm(order["seconds"] * 4)
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    if order["what"] == "picture":
        picture = draw(document[order["page"] - 1], order["width"])
        picture.save(sys.stdout.buffer, "PNG", compress_level=3)
    else:
        marks = [mark for part in order["parts"] for mark in find(document, part)]
        sys.stdout.buffer.write(json.dumps({"pages": len(document), "marks": marks}).encode("ascii"))
    sys.stdout.buffer.flush()


def draw(page: Any, width: int) -> Any:
    """Return a page as a picture of so many pixels across, fewer where it would be too large."""
    across, down = page.get_size()
    scale = min(width / across, LONGEST_SIDE / down, (PIXELS / (across * down)) ** 0.5)
    return page.render(scale=scale, may_draw_forms=False).to_pil()


def find(document: Any, part: dict[str, Any]) -> list[dict[str, Any]]:
    """Return where the words of a part of a quote stand: line by line where they are found, else its whole boxes.

    A part is `{"text", "pages", "boxes"}`; boxes are `[page, left, bottom, right, top]` in points from the lower left
    corner of the page. A mark is `{"page", "left", "top", "width", "height", "exact"}` in shares of the page.
    """
    wanted = letters(part["text"])
    rest, marks = wanted, []
    for number in part["pages"]:
        page = document[number - 1]
        boxes = [_in_space(page, box[1:]) for box in part["boxes"] if box[0] == number]
        lines, found = on_page_however_turned(page, rest, boxes)
        marks += [_mark(page, number, line, True) for line in lines]
        rest = rest[found:]
        if not rest:
            return marks
    if rest == wanted:
        whole = [(document[box[0] - 1], box) for box in part["boxes"]]
        return [_mark(page, box[0], _in_space(page, box[1:]), False) for page, box in whole]
    return marks


def _in_space(page: Any, box: Rectangle) -> Rectangle:
    """Return a box in the page's own coordinates, whose zero may lie anywhere."""
    left, bottom, _, _ = page.get_mediabox()
    return [box[0] + left, box[1] + bottom, box[2] + left, box[3] + bottom]


def letters(text: str) -> str:
    """Return what a text has in common with its typeset form: letters and digits, no blanks, hyphens or ligatures."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def on_page_however_turned(page: Any, wanted: str, boxes: list[Rectangle]) -> tuple[list[Rectangle], int]:
    """Return what `on_page` finds most of, reading the page as it is shown, then turned in every other way.

    PDFium tells lines as they stand on the page that is shown; where that turns its text, from the last to the first.
    """
    shown = page.get_rotation()
    best: tuple[list[Rectangle], int] = ([], 0)
    try:
        for turn in dict.fromkeys((shown, 0, 90, 180, 270)):
            page.set_rotation(turn)
            best = max(best, on_page(page, wanted, boxes), key=lambda found: found[1])
            if best[1] == len(wanted):
                break
    finally:
        page.set_rotation(shown)
    return best


def on_page(page: Any, wanted: str, boxes: list[Rectangle]) -> tuple[list[Rectangle], int]:
    """Return the lines of the words on a page, in points, and how many of the letters were found there.

    They are looked for inside the boxes, then on the whole page. Where they run over to the next page, the longest
    beginning of them that stands here is found.
    """
    text_page = page.get_textpage()
    whole = _seen(text_page)
    inside = [(letter, at) for letter, at in whole if _is_inside(text_page.get_charbox(at), boxes)]
    for seen in (inside, whole):
        if (first := _text(seen).find(wanted)) >= 0:
            return _lines(text_page, [at for _, at in seen[first : first + len(wanted)]]), len(wanted)
    seen, low, high = inside or whole, 0, len(wanted)
    while low < high:  # the longest beginning, by bisection
        middle = (low + high + 1) // 2
        low, high = (middle, high) if wanted[:middle] in _text(seen) else (low, middle - 1)
    if low < LEAST:
        return [], 0
    first = _text(seen).find(wanted[:low])
    return _lines(text_page, [at for _, at in seen[first : first + low]]), low


def _seen(text_page: Any) -> list[tuple[str, int]]:
    """Return the letters of a page with the index of the character that each belongs to."""
    codes = (
        (index, pdfium.FPDFText_GetUnicode(text_page, index))
        for index in range(min(text_page.count_chars(), CHARACTERS))
    )
    return [(letter, index) for index, code in codes for letter in letters(chr(code))]


def _text(seen: list[tuple[str, int]]) -> str:
    return "".join(letter for letter, _ in seen)


def _is_inside(place: tuple[float, ...], boxes: list[Rectangle]) -> bool:
    x, y = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2
    return any(box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1 for box in boxes)


def _lines(text_page: Any, indices: list[int]) -> list[Rectangle]:
    """Return rectangles around characters, one for each line; between two of them may stand what is no letter."""
    lines: list[Rectangle] = []
    start = before = indices[0]
    for index in [*indices[1:], None]:
        if index is not None and index - before <= BETWEEN:
            before = index
            continue
        count = text_page.count_rects(start, before - start + 1)
        lines += [list(text_page.get_rect(number)) for number in range(count)]
        if index is not None:
            start = before = index
    return lines[:MOST_LINES]


def _mark(page: Any, number: int, line: Rectangle, exact: bool) -> dict[str, Any]:
    """Return a rectangle in points as shares of the page as it is drawn, turned and cut as the file says."""
    size = 10_000
    x, y = ctypes.c_int(), ctypes.c_int()
    corners = []
    for across, down in ((line[0], line[1]), (line[2], line[3])):
        pdfium.FPDF_PageToDevice(page, 0, 0, size, size, 0, across, down, x, y)
        corners.append((x.value / size, y.value / size))
    (a, b), (c, d) = corners
    left, top = min(a, c), min(b, d)
    return {
        "page": number, "left": left, "top": top, "width": abs(a - c), "height": abs(b - d), "exact": exact,
    }  # fmt: skip


def _limit(kind: int, soft: int) -> None:
    """Set a soft limit below the hard one; where the system has no such limit, the parent's clock is the last one."""
    hard = resource.getrlimit(kind)[1]
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


if __name__ == "__main__":
    main()
