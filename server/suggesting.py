"""Filters and suggested questions for the page: what there is to filter by, and what the corpus was seen to answer.

Candidates are asked in the background, one at a time and only while no visitor's question is being answered. What was
found out is kept in the data folder under the name of the generation, and removed when that is.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Query

from index.reader import Index
from schema import MOST_FILTERED, Answer
from server.routes import JSON
from server.source import AnswererSource, Opened
from server.store import AnswerStore
from server.suggested import Found, read, remove_old, write
from settings import Settings
from ui import suggestions
from ui.candidates import Candidate, candidates, plain
from ui.suggestions import Ready

MOST_LISTED = 50  # documents or speakers that one request is told
LONGEST_PART = 200  # characters of what is typed to look up a document or a speaker
MOST_ASKED = 30  # answers of a conversation whose questions are not suggested again
EXAMINED = 60  # documents that questions are taken from; of more, that many evenly spread

POLL_SECONDS = 3.0  # between two looks whether another index was opened
IDLE_SECONDS = 0.2  # between two looks whether visitors are still being answered
REST = 1.0  # rest after each question, as a multiple of the time it took
LOW = 10  # added to the niceness of the thread that asks
_SAVED_EVERY = 10  # questions asked between two times that what was found out is written down

log = logging.getLogger("sidenote")


class Suggesting:
    """Finds questions that the open index answers well. Safe to use from several threads."""

    def __init__(self) -> None:
        self._found = Found()
        self._ended = threading.Event()

    def start(self, source: AnswererSource, settings: Settings) -> threading.Thread:
        """Begin to look for questions, for every index that is opened; return the thread that does it."""
        thread = threading.Thread(target=self._run, args=(source, settings.data), name="sidenote-suggest", daemon=True)
        thread.start()
        return thread

    def end(self) -> None:
        """Stop after the question that is being asked."""
        self._ended.set()

    def ready(self, generation: str) -> list[Ready]:
        """Return the questions that this generation was seen to answer, in the order in which they were asked."""
        found = self._found
        return found.ready if found.generation == generation else []

    def _run(self, source: AnswererSource, data: Path) -> None:
        with suppress(OSError, AttributeError):  # low priority is a kindness; not every system lets a thread have it
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOW)
        done: Opened | None = None
        while not self._ended.wait(POLL_SECONDS if done else IDLE_SECONDS):
            opened = source.opened
            if opened is None or opened is done:
                continue
            done = opened
            try:
                self._look(source, opened, data)
            except Exception as error:  # suggestions are an extra: without them the page shows its examples
                log.warning("no suggested questions because of %s", type(error).__name__, exc_info=True)

    def _look(self, source: AnswererSource, opened: Opened, data: Path) -> None:
        """Ask the candidates of an index that were not asked yet, as long as it is the open one."""
        index = opened.answerer.index
        remove_old(data, index.generation)
        self._found = found = Found(index.generation, read(data, index.generation))
        for number, candidate in enumerate(candidates(_documents(index)), 1):
            if candidate.text in found.asked:
                continue
            if not self._may_ask(source, opened):
                break
            started = time.monotonic()
            found.asked[candidate.text] = _asked(opened, candidate)
            if number % _SAVED_EVERY == 0:
                write(data, found)
            self._ended.wait(REST * (time.monotonic() - started))
        write(data, found)

    def _may_ask(self, source: AnswererSource, opened: Opened) -> bool:
        """Wait until no visitor is being answered; tell whether the index is still the open one."""
        while opened.answerer.busy:
            if self._ended.wait(IDLE_SECONDS):
                return False
        return source.opened is opened and not self._ended.is_set()


def build(source: AnswererSource, store: AnswerStore, suggesting: Suggesting | None = None) -> APIRouter:
    """Return the routes /filters and /suggestions.

    :param suggesting: who looks for questions, started by the caller; without it the page shows its examples.
    """
    router = APIRouter()
    suggesting = suggesting or Suggesting()

    @router.get("/filters")
    def filters(
        part: str = Query("", max_length=LONGEST_PART),
        named: list[str] = Query([], max_length=MOST_FILTERED),  # noqa: B008
    ) -> JSON:
        opened = source.opened
        if opened is None:
            raise HTTPException(503, "no index is open yet")
        titles = {name: opened.titles[name] for name in named if name in opened.titles}
        return JSON(_choices(opened, part.strip().casefold()) | {"titles": titles})

    @router.get("/suggestions")
    def suggested(
        answer: str = Query("", max_length=100),
        asked: list[str] = Query([], max_length=MOST_ASKED),  # noqa: B008
    ) -> JSON:
        opened = source.opened
        if opened is None:
            return JSON({"questions": []})
        ready = suggesting.ready(opened.answerer.index.generation)
        if not answer:
            first = [{"text": one.text, "language": one.language} for one in suggestions.starting(ready)]
            return JSON({"questions": first or list(map(dict, opened.examples))})
        given = store.get(answer)
        if given is None:
            raise HTTPException(404, "no such answer, or it is gone")
        earlier = [found.question for found in map(store.get, asked) if found]
        return JSON({"questions": _following(opened, ready, given, earlier)})

    return router


def _following(opened: Opened, ready: Sequence[Ready], given: Answer, asked: Sequence[str]) -> list[dict[str, str]]:
    """Return what may be asked after an answer; of another generation's answer, what the open one has nearest."""
    if not ready:
        said = {plain(question) for question in (*asked, given.question)}
        left = [dict(row) for row in opened.examples if plain(row["text"]) not in said]
        return left[: suggestions.FOLLOWING]
    index = opened.answerer.index
    evidence = given.citations or given.nearest
    passages = [
        passage.id
        for cited in evidence
        if cited.document in opened.titles
        for passage in index.passages_of(cited.document)
        if passage.start <= cited.start < passage.end
    ]
    found = suggestions.following(ready, given, asked, index.passage_vectors, passages)
    return [{"text": one.text, "language": one.language} for one in found]


def _choices(opened: Opened, part: str) -> dict[str, Any]:
    """Return what there is to filter by, most first; of documents and speakers, those that hold what was typed."""
    choices, titles = opened.answerer.choices, opened.titles
    documents = [name for name in choices.documents if name in titles]
    named = [name for name in documents if part in titles[name].casefold() or part in name.casefold()]
    speakers = {name: count for name, count in choices.speakers.items() if part in name.casefold()}
    return {
        "documents": [{"id": name, "title": titles[name]} for name in named[:MOST_LISTED]],
        "kinds": _counted(choices.kinds),
        "languages": _counted(choices.languages),
        "speakers": _counted(speakers),
        "more": {
            "documents": max(0, len(named) - MOST_LISTED),
            "speakers": max(0, len(speakers) - MOST_LISTED),
        },
    }


def _counted(choices: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"name": name, "count": count} for name, count in islice(choices.items(), MOST_LISTED)]


def _documents(index: Index) -> Iterator[Any]:
    ids = index.document_ids()
    return map(index.document, ids[:: max(1, -(-len(ids) // EXAMINED))])


def _asked(opened: Opened, candidate: Candidate) -> Ready | None:
    """Ask a candidate; return it with the place of its first quote where the corpus answers it well."""
    answer, sure = opened.answerer.answer_with_confidence(candidate.text)
    if not suggestions.holds(candidate, answer, sure):
        return None
    first = answer.citations[0]
    number = next(p.id for p in opened.answerer.index.passages_of(first.document) if p.start == first.passage.start)
    return Ready(
        text=candidate.text,
        language=candidate.language,
        document=first.document,
        start=first.start,
        end=first.end,
        section=first.section,
        speaker=first.speaker,
        passage=number,
        source=candidate.source,
    )
