"""Answers that were given, for a while: what the page draws its evidence from and what a follow-up may lean on."""

from __future__ import annotations

import copy
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
        self._kept: OrderedDict[str, tuple[float, str, Answer]] = OrderedDict()
        self._collection: str | None = None

    def within(self, collection: str) -> AnswerStore:
        """Return the same store as one collection sees it: with its own answers only, under the same bounds."""
        seen = copy.copy(self)
        seen._collection = collection
        return seen

    def put(self, answer: Answer) -> Answer:
        """Keep an answer; return it with its new id. The oldest one goes where there are too many."""
        answer = dataclasses.replace(answer, id=secrets.token_hex(ID_BYTES))
        with self._lock:
            self._kept[answer.id] = (self._clock() + self._seconds, self._collection or "", answer)
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)
        return answer

    def get(self, answer_id: str) -> Answer | None:
        """Return the answer of that id, or None where there never was one or it is gone."""
        with self._lock:
            self._forget_old()
            found = self._kept.get(answer_id)
        return found[2] if found and self._collection in (None, found[1]) else None

    def __len__(self) -> int:
        return len(self._kept)

    def _forget_old(self) -> None:
        now = self._clock()
        while self._kept and next(iter(self._kept.values()))[0] <= now:
            self._kept.popitem(last=False)
