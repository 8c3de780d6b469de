"""A question answered in a thread of its own, so that the page can say what is going on meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue

from retrieval.stages import Stage, Tell
from schema import Answer


def told(ask: Callable[[Tell], Answer]) -> Iterator[Stage | Answer]:
    """Yield each stage as it begins, then the answer. What `ask` raises is raised here.

    Whoever stops listening leaves the thread to end by itself: an answer cannot be broken off within a stage.
    """
    heard: SimpleQueue[Stage | Answer | Exception] = SimpleQueue()

    def run() -> None:
        try:
            heard.put(ask(heard.put))
        except Exception as error:  # raised again where it is listened to
            heard.put(error)

    threading.Thread(target=run, name="sidenote-ask", daemon=True).start()
    while not isinstance(now := heard.get(), Answer):
        if isinstance(now, Exception):
            raise now
        yield now
    yield now
