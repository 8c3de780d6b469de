"""The index follows the documents: after a change it is built anew behind the page, one build at a time."""

from __future__ import annotations

import threading

from server.loading import renew
from server.source import AnswererSource, Work
from settings import Settings


class Updating:
    """Builds when asked. A change during a build causes another one afterwards. Safe to use from several threads."""

    def __init__(self, settings: Settings, source: AnswererSource) -> None:
        self._settings = settings
        self._source = source
        self._lock = threading.Lock()
        self._wanted = False
        self._thread: threading.Thread | None = None

    @property
    def work(self) -> Work:
        """How far the build under way is, or how the last one failed."""
        now = self._source.work
        return Work("building") if now.state != "building" and self._thread is not None else now

    def request(self) -> None:
        """Have the index brought up to date; return at once."""
        with self._lock:
            self._wanted = True
            if self._source.work.state != "building":
                self._source.work = Work("building")  # at once: a collection in which something goes on is not closed
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sidenote-update", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is left to do; tell whether that came to be."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return self._thread is None

    def _run(self) -> None:
        self._source.begun.wait()  # the page's own first build is the same work
        while self._take():
            try:
                renew(self._settings, self._source)
            except Exception as error:  # the next change must find a thread that can be started
                self._source.failed(error)

    def _take(self) -> bool:
        """Take the wish for a build; where there is none, end."""
        with self._lock:
            wanted, self._wanted = self._wanted, False
            if not wanted:
                self._thread = None
            return wanted
