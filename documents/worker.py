"""Reads files side by side in processes of their own, which may die of a hostile file without taking us along.

Each worker is a fresh interpreter (never a fork: it inherits no thread and no lock, and imports only what its files
need) that talks over a socket. It sets its own limits before each file and lets the system kill it when one is
passed: that ends loops inside C libraries too. The parent names the reason and starts another.
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait

from documents.child import WALL_FACTOR, say_seconds
from documents.discover import FoundFile
from documents.reading import read_file
from documents.rows import outcome_from
from schema import Document, Skipped
from settings import ROOT, Settings

Reader = Callable[[FoundFile, Settings], Document]
Result = Document | Skipped

BYTES_PER_WORKER = 1_000_000  # a second process costs more than it gains on less
AHEAD = 4  # files that may be read ahead of the slowest, per worker: bounds the memory of finished documents
GRACE_SECONDS = 10.0  # how much later than its own alarm a worker is killed from outside


def read_all(files: Sequence[FoundFile], settings: Settings, read: Reader = read_file) -> Iterator[Result]:
    """Yield each file's Document, or Skipped with the reason, in the order of `files`.

    `read` runs in another process: it must be a function at the top level of an importable module. Limits are
    `parse_seconds`, `parse_bytes`, `text_characters` for each file. Closing the iterator ends the workers.
    """
    pool = _Pool(files, settings, read)
    try:
        for position in range(len(files)):
            yield pool.result(position)
    finally:
        pool.close()


class _Worker:
    """One process that reads one file at a time."""

    def __init__(self, settings: Settings, read: Reader) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", "-m", "documents.child", str(theirs.fileno())]
            path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
            self._process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what libraries say about a hostile file is hostile too
                env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            )
        self.connection = Connection(ours.detach())
        self.position: int | None = None
        self.deadline = 0.0
        self._settings = settings
        self._send((settings, read))

    def start(self, position: int, file: FoundFile) -> None:
        """Hand over a file; its answer arrives on `connection`, or the connection ends."""
        self.position = position
        self.deadline = time.monotonic() + self._settings.parse_seconds * WALL_FACTOR + GRACE_SECONDS
        self._send(file)

    def answer(self) -> tuple[Result | str, bool]:
        """Return the document, or the reason why there is none; and whether the worker goes on."""
        try:
            return outcome_from(self.connection.recv_bytes())
        except (EOFError, OSError):
            return self._cause_of_death(), False
        except (ValueError, KeyError, TypeError):
            return "the reader gave no sensible answer", False

    def close(self) -> None:
        """End the process, whatever it is doing, and take its exit status so that no zombie stays."""
        self.connection.close()
        self._process.kill()
        self._process.wait()

    def _send(self, message: object) -> None:
        try:
            self.connection.send_bytes(pickle.dumps(message))
        except OSError:
            return  # it died already: reading the answer finds that out

    def _cause_of_death(self) -> str:
        try:
            code = self._process.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            code = 0
        if code == -signal.SIGXCPU:
            return say_seconds(self._settings.parse_seconds)
        if code == -signal.SIGALRM:
            return say_seconds(self._settings.parse_seconds * WALL_FACTOR)
        return "the reader crashed"


class _Pool:
    """Keeps the workers busy, replaces the dead, and hands results out in order."""

    def __init__(self, files: Sequence[FoundFile], settings: Settings, read: Reader) -> None:
        self._files = files
        self._settings = settings
        self._read = read
        self._results: dict[int, Result] = {}
        self._next = 0
        self._workers: list[_Worker] = []
        useful = 1 + sum(file.size for file in files) // BYTES_PER_WORKER
        self._size = min(settings.workers, len(files), useful)

    def result(self, position: int) -> Result:
        """Return the result of one file, reading others meanwhile."""
        while position not in self._results:
            self._hand_out(position)
            self._collect()
        self._hand_out(position)
        return self._results.pop(position)

    def close(self) -> None:
        """End all workers."""
        while self._workers:
            self._workers.pop().close()

    def _hand_out(self, position: int) -> None:
        last = min(len(self._files), position + 1 + AHEAD * self._size)
        while self._next < last:
            worker = next((worker for worker in self._workers if worker.position is None), None)
            if worker is None:
                if len(self._workers) >= self._size:
                    return
                worker = _Worker(self._settings, self._read)
                self._workers.append(worker)
            worker.start(self._next, self._files[self._next])
            self._next += 1

    def _collect(self) -> None:
        """Wait until a worker answers, dies or is late."""
        busy = [worker for worker in self._workers if worker.position is not None]
        patience = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
        ready = wait([worker.connection for worker in busy], timeout=patience)
        for worker in busy:
            if worker.connection in ready:
                self._finish(worker, *worker.answer())
            elif time.monotonic() >= worker.deadline:
                self._finish(worker, say_seconds(self._settings.parse_seconds * WALL_FACTOR), False)

    def _finish(self, worker: _Worker, outcome: Result | str, goes_on: bool) -> None:
        position, worker.position = worker.position, None
        assert position is not None, "only a busy worker finishes"
        name = self._files[position].id
        self._results[position] = Skipped(name, outcome) if isinstance(outcome, str) else outcome
        if not goes_on:
            self._workers.remove(worker)
            worker.close()
