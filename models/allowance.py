"""What questions may cost: tokens of a language model, for each visitor and for all together, in any 24 hours."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from errors import WriterError

HOURS = 24
MOST_VISITORS = 10_000  # that are remembered; the one who asked longest ago is forgotten first
_HOUR_SECONDS = 3_600.0


class _Spent:
    """Tokens by the hour in which they were taken. What is a day old is forgotten at the next full hour."""

    def __init__(self) -> None:
        self._by_hour: dict[int, int] = {}

    def total(self, hour: int) -> int:
        """Return what was spent in the 24 hours before, the current one included."""
        self._by_hour = {then: spent for then, spent in self._by_hour.items() if then >= hour - HOURS}
        return sum(self._by_hour.values())

    def add(self, hour: int, tokens: int) -> None:
        self._by_hour[hour] = self._by_hour.get(hour, 0) + tokens

    def remove(self, tokens: int) -> None:
        """Take back tokens, the last spent first, and never more than there are."""
        for hour in sorted(self._by_hour, reverse=True):
            back = min(tokens, self._by_hour[hour])
            self._by_hour[hour] -= back
            tokens -= back


class Allowance:
    """Counts tokens in memory. Safe to use from several threads; `clock` gives seconds and must not run backwards."""

    def __init__(self, visitor: int, day: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow `visitor` tokens to each visitor and `day` tokens to all together."""
        self._visitor = visitor
        self._day = day
        self._clock = clock
        self._lock = threading.Lock()
        self._all = _Spent()
        self._visitors: OrderedDict[bytes, _Spent] = OrderedDict()

    def take(self, visitor: str, tokens: int) -> None:
        """Count tokens that are about to be used. :raises WriterError: "budget", where that would be too many."""
        _check(tokens)
        with self._lock:
            hour = int(self._clock() // _HOUR_SECONDS)
            own = self._visitors.get(_who(visitor)) or _Spent()
            if own.total(hour) + tokens > self._visitor or self._all.total(hour) + tokens > self._day:
                raise WriterError("budget")
            own.add(hour, tokens)
            self._all.add(hour, tokens)
            self._visitors[_who(visitor)] = own
            self._visitors.move_to_end(_who(visitor))
            if len(self._visitors) > MOST_VISITORS:
                self._visitors.popitem(last=False)

    def give_back(self, visitor: str, tokens: int) -> None:
        """Count tokens as not used that were taken and turned out not to be needed."""
        _check(tokens)
        with self._lock:
            self._all.remove(tokens)
            if own := self._visitors.get(_who(visitor)):
                own.remove(tokens)


def _check(tokens: int) -> None:
    if tokens < 0:
        raise ValueError(f"{tokens} tokens: neither taken nor given back can be fewer than none")


def _who(visitor: str) -> bytes:
    """Return a key for a visitor that is short whatever was sent, and that is no address."""
    return hashlib.blake2b(visitor.encode("utf-8", "surrogatepass"), digest_size=16).digest()
