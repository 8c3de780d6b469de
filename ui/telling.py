"""A question answered in a thread of its own, so that the page can say what is going on meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from retrieval.stages import Stage, Tell
from schema import Answer

BEAT_SECONDS = 0.5  # without news until whoever listens gets a turn: only then can it be told that nobody does


@dataclass(frozen=True, slots=True)
class Growing:
    """An answer that is still being written, as far as it goes."""

    answer: Answer


Show = Callable[[Answer], None]  # called from the thread that answers; must return at once
Heard = Stage | Growing | Answer | None


def unseen(answer: Answer) -> None:
    """Show nobody."""
    del answer


def told(ask: Callable[[Tell, Show], Answer]) -> Generator[Heard, None, None]:
    """Yield each stage as it begins, an answer that is being written each time it grew, then the answer.

    None comes again and again where there is nothing new. What `ask` raises is raised here. Whoever stops listening
    ends the thread the next time it has something to tell, and with it what it asked of a language model.
    """
    heard: SimpleQueue[Stage | Growing | Answer | Exception] = SimpleQueue()
    left = threading.Event()
    latest: list[Answer] = []

    def listening() -> None:
        if left.is_set():
            from answering.composing import Stopped  # loaded by now; the page itself must not wait for its models

            raise Stopped

    def tell(stage: Stage) -> None:
        listening()
        heard.put(stage)

    def show(answer: Answer) -> None:
        listening()
        if latest != [answer]:
            latest[:] = [answer]
            heard.put(Growing(answer))

    def run() -> None:
        try:
            heard.put(ask(tell, show))
        except Exception as error:  # raised again where it is listened to
            heard.put(error)

    threading.Thread(target=run, name="sidenote-ask", daemon=True).start()
    try:
        yield from _coming(heard)
    finally:
        left.set()


def _coming(heard: SimpleQueue[Stage | Growing | Answer | Exception]) -> Iterator[Heard]:
    while True:
        try:
            now = heard.get(timeout=BEAT_SECONDS)
        except Empty:
            yield None
            continue
        if isinstance(now, Exception):
            raise now
        yield now
        if isinstance(now, Answer):
            return
