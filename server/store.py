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
WRITING = "w"  # begins the id of an answer that is still being written; ui/static/answers.js relies on it
MOST_WRITING = 200  # such states of answers: each has some ten, and only the last ones are looked at
WRITING_SECONDS = 600.0  # that one is kept; the next state comes long before


class AnswerStore:
    """A bounded memory of answers under ids that cannot be guessed. Safe to use from several threads.

    :param limit: answers kept at most; some 10 kB each.
    :param seconds: how long an answer is kept.
    """

    def __init__(
        self, limit: int = 2_000, seconds: float = 24 * 3600.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._whole = _Shelf(limit, seconds, clock)
        self._writing = _Shelf(MOST_WRITING, min(seconds, WRITING_SECONDS), clock)
        self._lock = threading.Lock()
        self._collection: str | None = None

    def within(self, collection: str) -> AnswerStore:
        """Return the same store as one collection sees it: with its own answers only, under the same bounds."""
        seen = copy.copy(self)
        seen._collection = collection
        return seen

    def put(self, answer: Answer, writing: bool = False) -> Answer:
        """Keep an answer; return it with its new id. The oldest one goes where there are too many.

        :param writing: whether it is not whole yet; then it takes no other's place, and is soon forgotten.
        """
        answer = dataclasses.replace(answer, id=(WRITING if writing else "") + secrets.token_hex(ID_BYTES))
        with self._lock:
            self._shelf(answer.id).put(self._collection or "", answer)
        return answer

    def get(self, answer_id: str) -> Answer | None:
        """Return the answer of that id, or None where there never was one or it is gone."""
        with self._lock:
            found = self._shelf(answer_id).get(answer_id)
        return found[1] if found and self._collection in (None, found[0]) else None

    def __len__(self) -> int:
        return len(self._whole.kept)

    def _shelf(self, answer_id: str) -> _Shelf:
        return self._writing if answer_id.startswith(WRITING) else self._whole


class _Shelf:
    """Answers in the order in which they came, each with its collection and until when it is kept."""

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self.kept: OrderedDict[str, tuple[float, str, Answer]] = OrderedDict()

    def put(self, collection: str, answer: Answer) -> None:
        self._forget_old()
        self.kept[answer.id] = (self._clock() + self._seconds, collection, answer)
        while len(self.kept) > self._limit:
            self.kept.popitem(last=False)

    def get(self, answer_id: str) -> tuple[str, Answer] | None:
        self._forget_old()
        found = self.kept.get(answer_id)
        return found and found[1:]

    def _forget_old(self) -> None:
        now = self._clock()
        while self.kept and next(iter(self.kept.values()))[0] <= now:
            self.kept.popitem(last=False)
