"""How the page comes to an answerer: open the stored index, build it where it is missing, bring it up to date."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from errors import IndexBusyError, SidenoteError, StoredIndexError
from server.source import AnswererSource, Status
from settings import Settings

if TYPE_CHECKING:
    from answering.answerer import Answerer

BUSY_SECONDS = 2.0  # between two tries while another process builds
LINGER_SECONDS = 60.0  # that an index stays open for questions under way after a newer one took its place

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
        changed = _build(settings, source)
    except SidenoteError as error:
        if first is None:
            raise
        log.warning("the index stays as it was: %s", error)
        return
    if changed or first is None:
        source.replace(answerer.load(settings))
        if first is not None:
            _close_later(first)


def _build(settings: Settings, source: AnswererSource) -> bool:
    """Bring the stored index up to date; tell whether anything changed. Wait for another process that builds."""
    from index.build import build
    from models import embedding

    model = embedding.load(settings.embedding)
    while True:
        try:
            return not build(settings, model, _Reporting(source)).unchanged
        except IndexBusyError:
            source.report(Status("building"))
            time.sleep(BUSY_SECONDS)


def _close_later(answerer: Answerer) -> None:
    timer = threading.Timer(LINGER_SECONDS, answerer.index.close)
    timer.daemon = True
    timer.start()


class _Reporting:
    """Tell the page how far a build is; an `index.progress.Progress`."""

    def __init__(self, source: AnswererSource) -> None:
        self._source = source

    def say(self, line: str) -> None:
        log.info("%s", line)

    def step(self, stage: str, done: int, total: int) -> None:
        self._source.report(Status("building", stage=stage, fraction=done / total if total else None))

    def close(self) -> None:
        return
