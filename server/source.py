"""The answerer while it comes into being: the page is up long before the index is open."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from errors import CorpusError, SidenoteError
from ui.examples import questions

if TYPE_CHECKING:  # the real ones import the model and the index, which takes seconds
    from answering.answerer import Answerer

State = Literal["loading", "building", "ready", "empty", "failed"]

EXAMPLE_DOCUMENTS = 20  # that example questions are taken from; more would only cost time

log = logging.getLogger("sidenote")


@dataclass(frozen=True, slots=True)
class Status:
    """How far the answerer is. `message` is for the person, `stage` and `fraction` (0 to 1) tell of a build."""

    state: State
    message: str = ""
    stage: str = ""
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What goes on behind the page, whether or not something answers already: a build, or how the last one failed.

    `fraction` is of the stage, 0 to 1; `seconds_left` of it, too. None where it cannot be told yet.
    """

    state: Literal["idle", "building", "failed"] = "idle"
    stage: str = ""
    fraction: float | None = None
    seconds_left: float | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """An answerer, and what the page says of its documents: all titles by document id, and example questions."""

    answerer: Answerer
    titles: Mapping[str, str]
    examples: Sequence[Mapping[str, str]]


class AnswererSource:
    """Load an answerer in a thread of its own and say how far it is. Safe to use from several threads.

    `load` is called once with this source: it reports its progress by `report`, puts an answerer in place by
    `replace`, and may go on and put a newer one in its place.
    """

    def __init__(self, load: Callable[[AnswererSource], None]) -> None:
        self._load = load
        self._changed = threading.Condition()
        self._status = Status("loading")
        self._opened: Opened | None = None
        self.work = Work()  # replaced as a whole, by whoever builds
        self.begun = threading.Event()  # set once `load` has returned or failed

    @property
    def status(self) -> Status:
        """How far the answerer is."""
        return self._status

    @property
    def opened(self) -> Opened | None:
        """The answerer and its documents, or None as long as there is none."""
        return self._opened

    def start(self) -> threading.Thread:
        """Begin to load; return the thread that does it. It ends with the process."""
        thread = threading.Thread(target=self._run, name="sidenote-load", daemon=True)
        thread.start()
        return thread

    def report(self, status: Status) -> None:
        """Say how far the work is. An answerer that is there goes on answering."""
        with self._changed:
            if self._opened is None:
                self._status = status
            self._changed.notify_all()

    def replace(self, answerer: Answerer) -> None:
        """Answer with this one from now on."""
        index = answerer.index
        titles = index.titles()
        examples = questions(map(index.document, islice(titles, EXAMPLE_DOCUMENTS)))
        with self._changed:
            self._opened = Opened(answerer, titles, examples) if titles else None
            self._status = Status("ready" if titles else "empty")
            self._changed.notify_all()

    def wait(self, seconds: float) -> Answerer | None:
        """Return the answerer, after waiting that long for one that is being opened; None where there is none."""
        with self._changed:
            self._changed.wait_for(lambda: self._status.state != "loading", timeout=seconds)
            return self._opened.answerer if self._opened else None

    def failed(self, error: Exception) -> None:
        """Say why the work ended; whatever it is, the page must say so instead of loading for ever."""
        if not isinstance(error, SidenoteError):
            log.error("the index could not be loaded", exc_info=error)
        message = str(error) if isinstance(error, SidenoteError) else ""
        status = Status("empty" if isinstance(error, CorpusError) else "failed", message)
        log.error("%s", status.message or status.state)
        self.work = Work("failed", message=message)
        self.report(status)

    def _run(self) -> None:
        try:
            self._load(self)
        except Exception as error:
            self.failed(error)
        finally:
            self.begun.set()
