"""The pages of a PDF as pictures, with the places of a quote on them. The file is read by a process of its own.

What is shown is always the file that the index was made from: its hash is compared before anything is drawn.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from typing import Any

from documents.discover import discover
from documents.formats.registry import read_bytes
from errors import CorpusError, DocumentError, SidenoteError
from schema import Block, Document, Span
from settings import ROOT, Settings

WIDTHS = (800, 1_200, 1_800, 2_600)  # pixels; others are rounded up, so that few pictures are kept of a page
CACHE_BYTES = 48_000_000  # of pictures, all documents together
PICTURE_BYTES = 16_000_000  # of one picture
PLACES_BYTES = 1_000_000
SECONDS = 10  # of processor time for one page
AT_ONCE = 2  # pages drawn at the same time
PATIENCE_SECONDS = 20.0  # that a page waits for its turn
MOST_PAGES = 50  # that one quote may run over
MOST_MARKS = 2_000


class PageError(SidenoteError):
    """A page cannot be shown. `reason` is "gone", "changed", "failed" or "busy": a name of the page's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the page cannot be shown: {reason}")
        self.reason = reason


class Pages:
    """Draws pages, and keeps those that were drawn last. Safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()

    def picture(self, document: Document, page: int, width: int) -> bytes:
        """Return a page (from 1) as PNG, at least `width` pixels wide where that is not too large.

        :raises PageError: where it cannot be shown.
        """
        width = next((known for known in WIDTHS if known >= width), WIDTHS[-1])
        key = document.sha256, page, width
        data = self._read(document)  # also where it is kept: a file that is gone or changed must not be shown
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        picture = self._child({"what": "picture", "page": page, "width": width}, data, PICTURE_BYTES)
        if not picture.startswith(b"\x89PNG"):
            raise PageError("failed")
        with self._lock:
            self._kept[key] = picture
            while sum(map(len, self._kept.values())) > CACHE_BYTES:
                self._kept.popitem(last=False)
        return picture

    def places(self, document: Document, quote: Span) -> dict[str, Any]:
        """Return `{"pages", "page", "marks", "version"}`: how many there are, the first one of the quote, its marks.

        A mark is `{"page", "left", "top", "width", "height", "exact"}` in shares of the page; `exact` where it is a
        line of the quote and not the paragraph that holds it. `version` names the file's content.

        :raises PageError: where they cannot be shown.
        """
        parts = [part for block in document.blocks if (part := _part(document, block, quote))][:MOST_PAGES]
        answer = self._child({"what": "places", "parts": parts}, self._read(document), PLACES_BYTES)
        try:
            found = json.loads(answer)
            pages = int(found["pages"])
            marks = [_checked(mark, pages) for mark in found["marks"][:MOST_MARKS]]
        except (ValueError, KeyError, TypeError) as error:
            raise PageError("failed") from error
        first = min((mark["page"] for mark in marks), default=parts[0]["pages"][0] if parts else 1)
        return {"pages": pages, "page": min(first, pages), "marks": marks, "version": document.sha256[:16]}

    def _read(self, document: Document) -> bytes:
        """Return the bytes of the file that the document was read from."""
        path = self._settings.corpus / document.id
        try:
            if path.is_symlink() or "\\" in document.id:  # kept by git-annex, or its name is escaped: look it up
                files = discover(self._settings.corpus, self._settings).files
                path = next((file.path for file in files if file.id == document.id), path)
            data = read_bytes(path, self._settings)
        except (DocumentError, CorpusError, OSError, ValueError) as error:
            raise PageError("gone") from error
        if hashlib.sha256(data).hexdigest() != document.sha256:
            raise PageError("changed")
        return data

    def _child(self, order: dict[str, Any], data: bytes, most: int) -> bytes:
        """Have a process of its own do the work; its answer is a file that it cannot make larger than `most`."""
        limits = {"bytes": self._settings.parse_bytes, "seconds": SECONDS, "answer": most}
        if not self._turns.acquire(timeout=PATIENCE_SECONDS):
            raise PageError("busy")
        try:
            with tempfile.TemporaryFile() as answer:
                done = subprocess.run(
                    [sys.executable, "-P", "-m", "server.page_child"],
                    input=json.dumps(order | limits).encode("ascii") + b"\n" + data,
                    stdout=answer,
                    stderr=subprocess.DEVNULL,  # what libraries say about a hostile file is hostile too
                    env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
                    cwd=ROOT,
                    timeout=SECONDS * 5,
                    check=False,
                )
                answer.seek(0)
                answered = answer.read(most + 1)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PageError("failed") from error
        finally:
            self._turns.release()
        if done.returncode != 0 or len(answered) > most:
            raise PageError("failed")
        return answered


def _part(document: Document, block: Block, quote: Span) -> dict[str, Any] | None:
    """Return what stands of the quote in a block, and where on its pages the block stands."""
    start, end = max(block.start, quote.start), min(block.end, quote.end)
    if start >= end or block.page is None:
        return None
    pages = sorted({block.page, *(box.page for box in block.boxes)})[:MOST_PAGES]
    boxes = [[box.page, box.left, box.bottom, box.right, box.top] for box in block.boxes if box.page in pages]
    return {"text": document.text[start:end], "pages": pages, "boxes": boxes}


def _checked(mark: dict[str, Any], pages: int) -> dict[str, Any]:
    """Return a mark with its numbers in bounds. :raises ValueError, KeyError, TypeError: where it is none."""
    page = int(mark["page"])
    if not 1 <= page <= pages:
        raise ValueError(page)
    shares = {name: min(1.0, max(0.0, float(mark[name]))) for name in ("left", "top", "width", "height")}
    return {"page": page, **shares, "exact": mark["exact"] is True}
