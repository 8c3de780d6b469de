"""How the page comes to an answerer: open the stored index, build it where it is missing, bring it up to date."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from errors import IndexBusyError, SidenoteError, StoredIndexError
from server.source import AnswererSource, Status, Work
from settings import Settings

if TYPE_CHECKING:
    from answering.answerer import Answerer

BUSY_SECONDS = 2.0  # between two tries while another process builds
PACE_SECONDS = 1.0  # before the pace of a stage tells how long it will take
LINGER_SECONDS = 60.0  # that an index stays open for questions under way after a newer one took its place

_building = threading.Lock()  # one build at a time: several at once make each of them as slow as all together

log = logging.getLogger("sidenote")


def load(settings: Settings, source: AnswererSource) -> None:
    """Put an answerer in place as soon as there is one, then again where the corpus has changed since.

    :raises SidenoteError: where there is none and none can be made.
    """
    # Models and index take seconds to import. The page must not wait for that, so it happens here, in its thread.
    from answering import answerer

    first: Answerer | None = None
    try:
        first = answerer.load(settings)
        source.replace(first)
    except StoredIndexError as error:
        log.warning("%s", error)
    try:
        renew(settings, source)
    except SidenoteError as error:
        if first is None:
            raise
        source.failed(error)


def renew(settings: Settings, source: AnswererSource) -> bool:
    """Bring the index up to date while the old one answers, then let the new one answer; tell whether it changed.

    :raises SidenoteError: where that cannot be done; the old one goes on answering.
    """
    from answering import answerer

    old = source.opened
    changed = _build(settings, source)
    if changed or old is None:
        source.replace(answerer.load(settings))
    source.work = Work()
    if changed and old is not None:
        _close_later(old.answerer)
    return changed


def _build(settings: Settings, source: AnswererSource) -> bool:
    """Bring the stored index up to date; tell whether anything changed. Wait for another process that builds."""
    from index.build import build
    from models import embedding

    source.work = Work("building")
    model = embedding.load(settings.embedding)
    while True:
        try:
            with _turn(source):
                return not build(settings, model, _Reporting(source)).unchanged
        except IndexBusyError:
            source.report(Status("building"))
            time.sleep(BUSY_SECONDS)


@contextmanager
def _turn(source: AnswererSource) -> Iterator[None]:
    """Wait until no other collection is being built, and say so."""
    if not _building.acquire(blocking=False):
        source.report(Status("building", stage="waiting"))
        source.work = Work("building", "waiting")
        _building.acquire()
    try:
        yield
    finally:
        _building.release()


def _close_later(answerer: Answerer) -> None:
    timer = threading.Timer(LINGER_SECONDS, answerer.index.close)
    timer.daemon = True
    timer.start()


class _Reporting:
    """Tell the page how far a build is; an `index.progress.Progress`."""

    def __init__(self, source: AnswererSource) -> None:
        self._source = source
        self._stage = ""
        self._begun = (0.0, 0)  # when the stage began, and how much of it was done then

    def say(self, line: str) -> None:
        log.info("%s", line)

    def step(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._begun = stage, (now, done)
        fraction = done / total if total else None
        self._source.report(Status("building", stage=stage, fraction=fraction))
        self._source.work = Work("building", stage, fraction, self._left(now, done, total))

    def close(self) -> None:
        return

    def _left(self, now: float, done: int, total: int) -> float | None:
        """Return the seconds that the stage will take at its pace so far, once there is a pace."""
        begun, before = self._begun
        if done <= before or now - begun < PACE_SECONDS:
            return None
        return (now - begun) * (total - done) / (done - before)
