"""Several collections behind one page.

The first is the corpus of the settings and always open; each further one is a folder of its own, opened when somebody
comes to it. Of those only some stay open: the one used longest ago is closed.

A further collection has all routes of the first below `/in/NAME/`, made for it alone: no route knows of collections.
"""

from __future__ import annotations

import os
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException

from errors import SidenoteError, UsageError
from index import generations
from server.asking import Asking
from server.loading import load
from server.programs import Programs
from server.routes import status_of
from server.source import AnswererSource
from server.store import AnswerStore
from server.suggesting import Suggesting
from server.uploads import portable
from settings import MOST_COLLECTIONS, Settings, is_collection_name

OPEN = 4  # further collections that are open at the same time; each holds its vectors in memory

Row = dict[str, Any]
Routes = Callable[[Settings, AnswererSource, AnswerStore, Suggesting | None], FastAPI]


class RefusedError(SidenoteError):
    """A collection that cannot be used: 404, there is none of that name; 503, too many are being used."""

    def __init__(self, status: int) -> None:
        super().__init__({404: "There is no such collection.", 503: "Too many collections are in use."}[status])
        self.status = status
        self.word = {404: "refuse_collection", 503: "refuse_busy_collections"}[status]


@dataclass(eq=False, slots=True)
class Site:
    """One collection that is open: its settings, who answers from it, its routes. `users` counts requests under way."""

    settings: Settings
    source: AnswererSource
    asking: Asking
    app: FastAPI | None = None
    finder: Suggesting | None = None
    users: int = 0
    looked: tuple[int, int] | None = None  # at the folder, when it was opened
    looking: threading.Thread | None = field(default=None, repr=False)  # for questions to suggest
    programs: Programs = field(init=False, repr=False)  # what other programs ask it through

    def __post_init__(self) -> None:
        self.programs = Programs(self.asking, self.source)

    @property
    def idle(self) -> bool:
        """Whether nobody is asking and nothing is being built."""
        return not self.users and self.source.begun.is_set() and self.source.work.state != "building"

    @property
    def worth_another_try(self) -> bool:
        """Whether it could not be opened, and its folder is another one by now."""
        return self.idle and self.source.opened is None and self.looked != _look(self.settings.corpus)


class Sites:
    """The collections that are open. Safe to use from several threads.

    :param first: that of the settings, which somebody else opens and nobody closes.
    :param routes: makes the routes of a further one.
    :param suggest: whether questions are looked for that a further one can answer.
    """

    def __init__(self, settings: Settings, first: Site, store: AnswerStore, routes: Routes, suggest: bool) -> None:
        self.settings = settings
        self._first = first
        self._store = store
        self._routes = routes
        self._suggest = suggest
        self._lock = threading.Lock()
        self._open: OrderedDict[str, Site] = OrderedDict()  # the one used longest ago comes first
        self._rested: dict[str, Row] = {}  # what was last said of those that were closed

    @contextmanager
    def using(self, name: str) -> Iterator[Site]:
        """Give a collection, opened where it is not; it stays open meanwhile. :raises RefusedError: where it cannot."""
        site = self.take(name)
        try:
            yield site
        finally:
            self.leave(site)

    def take(self, name: str) -> Site:
        """Begin to use a collection. :raises RefusedError: where it cannot be had."""
        with self._lock:
            if not name:
                return self._first
            site = self._open.get(name)
            if site is not None and site.worth_another_try:
                _close(self._open.pop(name))
                site = None
            if site is None:
                site = self._begin(name)
            self._open.move_to_end(name)
            site.users += 1
            return site

    def leave(self, site: Site) -> None:
        """End what `take` began."""
        with self._lock:
            site.users -= 1

    def rested(self, name: str) -> Row | None:
        """Return what was last said of a collection that is there and was closed since: no reason to open it again."""
        known = name not in self._open and self._rested.get(name)
        return known if known and name in self.settings.collection_names() else None

    def rows(self) -> list[Row]:
        """Return what is known of every collection without opening one, the first one first."""
        return [self._row(name) for name in ("", *self.settings.collection_names())]

    def create(self, name: str, words: Mapping[str, str]) -> None:
        """Make a new and empty collection.

        :param words: the page's own ones, by name, in the reader's language.
        :raises HTTPException: with the reason where that may not be.
        """
        names = self.settings.collection_names()
        if not is_collection_name(name) or not portable(name):
            raise HTTPException(400, words["refuse_collection_name"])
        if len(names) >= MOST_COLLECTIONS:
            raise HTTPException(409, words["refuse_collections_many"].format(count=MOST_COLLECTIONS))
        if _plain(name) in map(_plain, names):
            raise HTTPException(409, words["refuse_collection_there"])
        try:
            self.settings.collections.mkdir(parents=True, exist_ok=True)
            (self.settings.collections / name).mkdir()
        except (FileExistsError, NotADirectoryError):
            raise HTTPException(409, words["refuse_collection_other"]) from None
        except OSError as error:
            reason = words["refuse_collection_disk"].format(reason=error.strerror or type(error).__name__)
            raise HTTPException(507, reason) from error

    def _begin(self, name: str) -> Site:
        """Open a collection, having closed another one where too many are open."""
        try:
            settings = self.settings.of_collection(name)
        except UsageError:
            raise RefusedError(404) from None
        while len(self._open) >= OPEN:
            resting = next((one for one, site in self._open.items() if site.idle), None)
            if resting is None:
                raise RefusedError(503)
            self._rest(resting)
        source, store = AnswererSource(partial(load, settings)), self._store.within(name)
        finder = Suggesting() if self._suggest else None
        site = Site(settings, source, Asking(source, store, settings), None, finder, looked=_look(settings.corpus))
        site.app = self._routes(settings, source, store, finder)
        source.start()
        site.looking = finder.start(source, settings) if finder else None
        self._open[name] = site
        return site

    def _rest(self, name: str) -> None:
        site = self._open.pop(name)
        if site.source.opened is not None:
            self._rested[name] = status_of(site.source, site.settings)
        _close(site)

    def _row(self, name: str) -> Row:
        site = self._first if not name else self._open.get(name)
        row: Row = {"name": name, "title": name or _title(self.settings), "state": "closed", "documents": None}
        if site is not None:
            opened = site.source.opened
            return row | {"state": site.source.status.state, "documents": len(opened.titles) if opened else None}
        if name in self._rested:
            return row | {"documents": self._rested[name]["total"]}
        built = generations.current(self.settings.of_collection(name).data)
        return row if built else row | {"state": "unbuilt"}


def _close(site: Site) -> None:
    """Let go of what a collection holds, as soon as no suggested question is being tried any more."""

    def close() -> None:
        if site.finder and site.looking:
            site.finder.end()
            site.looking.join()
        if site.source.opened is not None:
            site.source.opened.answerer.index.close()

    threading.Thread(target=close, name="sidenote-close", daemon=True).start()


def _look(folder: Path) -> tuple[int, int] | None:
    """Return what changes with the files that lie directly in a folder; None where it is not there."""
    try:
        status = os.stat(folder)
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _title(settings: Settings) -> str:
    """Return the name of the first collection, that of its folder; "" where it has not even got one of its own."""
    name = settings.corpus.resolve().name
    return name if is_collection_name(name) and name != "corpus" else ""


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
