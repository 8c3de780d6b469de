"""A circuit breaker (Nygard, Release It!, 2007): after failures in a row nobody asks, or waits, for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from errors import WriterError
from models.faults import RanOutError

ENOUGH = 2  # failures in a row; two calls make a question
PAUSE_SECONDS = 30.0

# What says that the next call would fail as well. Not among them: `refused` and `overflow` are about what was asked.
# `slow` has made a reader wait for as long as one may, which once is enough.
_WEIGHT = {"unreachable": 1, "busy": 1, "failed": 1, "garbled": 1, "cut": 1, "slow": ENOUGH}


class Breaker:
    """Counts how calls end. Safe to use from several threads; `clock` must never run backwards."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._paused_until = 0.0
        self._trying = False  # one call finds out, after a pause, whether it is over

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch one call. :raises WriterError: "paused", at once, while nobody is to ask."""
        trial = self._enter()
        try:
            yield
        except WriterError as error:
            self._count(0 if isinstance(error, RanOutError) else _WEIGHT.get(error.fault, 0))
            raise
        else:
            self._count(0)
        finally:
            if trial:
                with self._lock:
                    self._trying = False

    def _enter(self) -> bool:
        """Tell whether the call is the one that finds out."""
        with self._lock:
            if self._failures < ENOUGH:
                return False
            if self._trying or self._clock() < self._paused_until:
                raise WriterError("paused")
            self._trying = True
            return True

    def _count(self, weight: int) -> None:
        """Count an end of that weight; one without any shows that the endpoint works."""
        with self._lock:
            self._failures = self._failures + weight if weight else 0
            if self._failures >= ENOUGH:
                self._paused_until = self._clock() + PAUSE_SECONDS
