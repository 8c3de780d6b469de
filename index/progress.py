"""How a build tells how far it is: a bar on a terminal, a line now and then elsewhere, nothing in a program."""

from __future__ import annotations

import time
from typing import Any, Protocol, TextIO

from tqdm import tqdm

_QUIET_SECONDS = 10.0  # between two lines where there is no terminal


class Progress(Protocol):
    """What a build reports to."""

    def say(self, line: str) -> None:
        """Take note of something that a person wants to know."""

    def step(self, stage: str, done: int, total: int) -> None:
        """Take note that `done` of `total` things of a stage are ready; a new stage name ends the one before."""

    def close(self) -> None:
        """Leave the terminal clean."""


class Silent:
    """Reports nothing."""

    def say(self, line: str) -> None:
        """Ignore it."""

    def step(self, stage: str, done: int, total: int) -> None:
        """Ignore it."""

    def close(self) -> None:
        """Do nothing."""


class Terminal:
    """Reports to a person: a bar with the time left, or plain lines where the stream is no terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._stage = ""
        self._bar: tqdm[Any] | None = None
        self._last = time.monotonic()

    def say(self, line: str) -> None:
        """Write a line above the bar."""
        self.close()
        self._stream.write(f"{line}\n")
        self._stream.flush()

    def step(self, stage: str, done: int, total: int) -> None:
        """Move the bar, or start the next one."""
        if stage != self._stage:
            self.close()
            self._stage = stage
        if self._stream.isatty():
            if self._bar is None:
                self._bar = tqdm(total=total, desc=stage, file=self._stream, dynamic_ncols=True, leave=False)
            self._bar.update(done - self._bar.n)
        elif time.monotonic() - self._last > _QUIET_SECONDS:
            self._last = time.monotonic()
            self._stream.write(f"{stage} {done:,} of {total:,}\n")
            self._stream.flush()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
        self._bar = None
        self._stage = ""
