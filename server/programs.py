"""What other programs may ask, whether through Gradio's API or as MCP tools: the same three things, the same JSON."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from fastapi import HTTPException

from answering.citing import cite
from errors import SidenoteError, UsageError
from schema import Block, Document, Filters, Span
from server.asking import PATIENCE_SECONDS, Asking
from server.searching import Searching
from server.source import AnswererSource, Opened
from ui.context import Context, mode_of

PASSAGES = 10  # found for a question
MOST_CHARACTERS = 20_000  # of a document in one response
MOST_BLOCKS = 500  # of a document in one response

_SURROGATES = re.compile("[\ud800-\udfff]")

Row = dict[str, Any]


class Programs:
    """Answers programs. Every method returns what JSON can carry and raises SidenoteError with a sentence."""

    def __init__(self, asking: Asking, source: AnswererSource) -> None:
        self._asking = asking
        self._source = source
        self._searching = Searching(source)

    def ask(self, question: str, mode: str, visitor: str) -> Row:
        """Ask once, without a conversation; return the answer as in docs/answer-format.md.

        :param mode: "extractive" or "composed"; "" leaves that to the settings.
        :param visitor: who asks, as the guard tells visitors apart.
        """
        wanted = mode_of(mode)
        if mode and wanted is None:
            raise UsageError("There is no such mode: give extractive or composed.")
        return _sendable(self._asking.ask(question, context=Context(mode=wanted), visitor=visitor).to_json())

    def search(self, text: str, exact: bool, document: str, after: str) -> Row:
        """Find an exact phrase, or else the passages nearest to a question.

        :param document: its id, to look in it alone; "" looks in all.
        :param after: `next` of the page before; "" begins.
        """
        if not exact:
            return self._passages(text, document)
        self._opened()
        try:
            return _sendable(self._searching.find(text, document or None, after or "0"))
        except HTTPException as error:
            raise SidenoteError(str(error.detail)) from error

    def document(self, document: str, start: int, end: int) -> Row:
        """Return the stored text of a document between two offsets, and the blocks that meet it.

        :param end: 0 means as far as one response goes, which is `MOST_CHARACTERS`; a longer range is cut there.
        """
        opened = self._opened()
        if document not in opened.titles:
            raise UsageError("There is no such document.")
        whole = opened.answerer.index.document(document)
        length = len(whole.text)
        if not (0 <= start <= length and (end == 0 or start <= end)):
            raise UsageError(f"There is no such range: this document has {length:,} characters.")
        end = min(end or length, length, start + MOST_CHARACTERS)
        return _sendable(_range(whole, start, end) | {"generation": opened.answerer.index.generation})

    def _passages(self, question: str, document: str) -> Row:
        question = self._asking.bounded(question)
        opened = self._opened()
        if document and document not in opened.titles:
            raise UsageError("There is no such document.")
        index = opened.answerer.index
        filters = Filters(documents=(document,)) if document else Filters()
        found = opened.answerer.retriever.retrieve(question, k=PASSAGES, filters=filters)
        rows = []
        for number, scored in enumerate(found, 1):
            passage = scored.passage
            quoted = cite(index.document(passage.document_id), number, Span(passage.start, passage.end), passage)
            rows.append(quoted.to_json() | {"score": round(scored.score, 4)})
        return _sendable({"question": question, "passages": rows, "generation": index.generation})

    def _opened(self) -> Opened:
        self._source.wait(PATIENCE_SECONDS)
        if self._source.opened is None:
            raise SidenoteError("The documents are not open yet. Please try again in a moment.")
        return self._source.opened


def _range(document: Document, start: int, end: int) -> Row:
    met = (block for block in document.blocks if block.start < end and start < block.end)
    return {
        "document": document.id,
        "title": document.title,
        "authors": list(document.authors),
        "date": document.date,
        "kind": document.kind,
        "languages": list(document.languages),
        "link": document.link,
        "length": len(document.text),
        "start": start,
        "end": end,
        "text": document.text[start:end],
        "blocks": [_block(block) for block in islice(met, MOST_BLOCKS)],
        "next": end if end < len(document.text) else None,
    }


def _block(block: Block) -> Row:
    time = block.time
    return {
        "start": block.start,
        "end": block.end,
        "role": block.role,
        "section": list(block.section),
        "speaker": block.speaker,
        "speaker_inferred": block.speaker_inferred,
        "quoted_by": block.quoted_by,
        "time": time and {"start": time.start_seconds, "end": time.end_seconds},
        "page": block.page,
        "language": block.language,
    }


def _sendable(row: Row) -> Row:
    """Return the same with U+FFFD for lone surrogates, which neither road can send; all offsets stay right."""
    return {key: _replaced(value) for key, value in row.items()}


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _replaced(one) for key, one in value.items()}
    return [_replaced(one) for one in value] if isinstance(value, list | tuple) else value
