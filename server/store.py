"""Answers that were given, for a while: what the page draws its evidence from and what a follow-up may lean on."""

from __future__ import annotations

import dataclasses
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from schema import Answer

ID_BYTES = 16  # 128 bits: an id cannot be guessed, so nobody reads the questions of others


class AnswerStore:
    """A bounded memory of answers under ids that cannot be guessed. Safe to use from several threads.

    :param limit: answers kept at most; some 10 kB each.
    :param seconds: how long an answer is kept.
    """

    def __init__(
        self, limit: int = 2_000, seconds: float = 24 * 3600.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, Answer]] = OrderedDict()

    def put(self, answer: Answer) -> Answer:
        """Keep an answer; return it with its new id. The oldest one goes where there are too many."""
        answer = dataclasses.replace(answer, id=secrets.token_hex(ID_BYTES))
        with self._lock:
            self._kept[answer.id] = (self._clock() + self._seconds, answer)
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)
        return answer

    def get(self, answer_id: str) -> Answer | None:
        """Return the answer of that id, or None where there never was one or it is gone."""
        with self._lock:
            self._forget_old()
            found = self._kept.get(answer_id)
        return found and found[1]

    def __len__(self) -> int:
        return len(self._kept)

    def _forget_old(self) -> None:
        now = self._clock()
        while self._kept and next(iter(self._kept.values()))[0] <= now:
            self._kept.popitem(last=False)
