"""What a language model writes, from the event loop that receives it to whoever reads it, within a deadline."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
import weakref
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, suppress

from errors import WriterError

BEAT_SECONDS = 0.2
_GRACE_SECONDS = 0.2  # for a loop to notice the deadline itself, or to end

_Item = str | Exception | None  # None: that was all
Source = Callable[[], AsyncGenerator[str, None]]


def streamed(source: Source, seconds: float) -> Generator[str, None, None]:
    """Yield what an asynchronous source yields, and "" every BEAT_SECONDS while nothing comes.

    The beat lets whoever reads stop while a model is silent: a generator can only be closed where it yields. Closing
    cancels the source, which ends its connection. A source that blocks its thread cannot be cancelled; it is left
    behind in that thread, and nobody waits for it.

    :raises WriterError: "slow" when `seconds` are over, however the source spends them; else whatever it raises.
    """
    until = time.monotonic() + seconds + _GRACE_SECONDS
    items: queue.SimpleQueue[_Item] = queue.SimpleQueue()
    # A loop for each call: a model whose asynchronous methods block would hold up every other call in a shared one.
    loop = asyncio.new_event_loop()
    task = loop.create_task(_fill(items, source, seconds))
    thread = threading.Thread(target=_run, args=(loop, task), daemon=True, name="language model")
    thread.start()
    # When this program ends, too: calls end before what they talk to, which may run in this process.
    end = weakref.finalize(task, _end, loop, task, thread)
    try:
        while (item := _next(items, until)) is not None:
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        end()


def _end(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None], thread: threading.Thread) -> None:
    """Cancel what runs, and see it close its connection, which takes milliseconds unless it blocks."""
    with suppress(RuntimeError):  # the loop is closed: all is done
        loop.call_soon_threadsafe(task.cancel)
        thread.join(_GRACE_SECONDS)


def _next(items: queue.SimpleQueue[_Item], until: float) -> _Item:
    left = until - time.monotonic()
    try:
        return items.get(timeout=max(0.0, min(BEAT_SECONDS, left)))
    except queue.Empty:
        return "" if left > BEAT_SECONDS else WriterError("slow")


def _run(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    try:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()


async def _fill(items: queue.SimpleQueue[_Item], source: Source, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds), aclosing(source()) as texts:
            async for text in texts:
                items.put(text)
        items.put(None)
    except TimeoutError:
        items.put(WriterError("slow"))
    except Exception as error:  # handed over, to be raised where it is read
        items.put(error)
