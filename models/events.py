"""What an OpenAI-compatible endpoint sends, read as text: server-sent events, or one whole answer. All of it bounded.

Formats: "Chat completion chunk" of OpenAI's API reference in server-sent events
(https://html.spec.whatwg.org/multipage/server-sent-events.html).
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator

from errors import WriterError
from models import faults

LONGEST_EVENT = 256 * 1024  # bytes of one line of a stream
LONGEST_WHOLE = 1024 * 1024  # bytes of an answer that is not streamed although it was asked to be
LONGEST_STREAM = 16 * 1024 * 1024  # bytes: what some send around every token is a kilobyte

_FIELDS = (b":", b"event:", b"id:", b"retry:")  # lines of server-sent events that carry nothing for us


async def texts(kind: str, received: AsyncIterator[bytes]) -> AsyncGenerator[str, None]:
    """Yield what was written, from the body of an answer of that content type.

    :raises WriterError: where it is no answer, or does not come to its end.
    """
    some, stop = False, None
    if kind.startswith("application/json"):
        text, stop = _read(await beginning(received, LONGEST_WHOLE), "message")
        some = bool(text)
        yield text
    else:
        async for data in _events(received):
            text, stop = _read(data, "delta")
            if text:
                some = True
                yield text
            if stop:
                break
    if stop == "length":
        raise faults.RanOutError
    if stop == "content_filter":
        raise WriterError("refused")
    if not some or not stop:
        raise WriterError("cut" if some else "garbled")


async def _events(received: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Yield the data of each event of a stream, up to the one that says that it is done."""
    pending, total = b"", 0
    async for data in received:
        total += len(data)
        *lines, pending = (pending + data).split(b"\n")
        if total > LONGEST_STREAM or max(map(len, (*lines, pending))) > LONGEST_EVENT:
            raise WriterError("garbled")
        for line in map(bytes.strip, lines):
            if line.startswith(b"data:"):
                if (said := line[5:].strip()) == b"[DONE]":
                    return
                yield said
            elif line and not line.startswith(_FIELDS):
                raise WriterError("garbled")


def _read(data: bytes, part: str) -> tuple[str, str | None]:
    """Return the text of one event, and why it was the last one, if it was."""
    try:
        event = json.loads(data)
        if error := event.get("error"):
            code = error.get("code") if isinstance(error, dict) else None
            raise WriterError(faults.of_status(code if isinstance(code, int) else 500, str(error)[:LONGEST_WHOLE]))
        if not event["choices"]:
            return "", None
        choice = event["choices"][0]
        text, stop = (choice.get(part) or {}).get("content"), choice.get("finish_reason")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise WriterError("garbled") from None
    if not isinstance(text, str | None) or not isinstance(stop, str | None):
        raise WriterError("garbled")
    return text or "", stop


async def beginning(received: AsyncIterator[bytes], most: int) -> bytes:
    """Return what is received, up to so many bytes."""
    body = b""
    async for data in received:
        body += data
        if len(body) >= most:
            break
    return body[:most]
