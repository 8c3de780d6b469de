"""Builds the stored text of a format that has none of its own, with its marks, piece by piece."""

from __future__ import annotations

from documents.extract import Mark
from schema import Box, Role

PARAGRAPH = "\n\n"
LINE = "\n"


class TextBuilder:
    """Collects paragraphs in reading order; every mark covers exactly the words that were added with it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.marks: list[Mark] = []

    @property
    def text(self) -> str:
        """All that was added, with a blank line between paragraphs."""
        return "".join(self._pieces)

    def __len__(self) -> int:
        return self._length

    def add(
        self,
        words: str,
        role: Role = "body",
        *,
        level: int | None = None,
        list_item: bool = False,
        page: int | None = None,
        boxes: tuple[Box, ...] = (),
        separator: str = PARAGRAPH,
    ) -> None:
        """Append `words` as one marked span behind `separator`; nothing but blanks is left out."""
        words = words.strip()
        if not words:
            return
        if self._length:
            self._append(separator)
        start = self._length
        self._append(words)
        self.marks.append(Mark(start, self._length, role, level=level, list_item=list_item, page=page, boxes=boxes))

    def _append(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)
