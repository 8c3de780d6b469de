"""What runs inside a worker process: read a file under limits, answer, wait for the next. See `documents/worker.py`."""

from __future__ import annotations

import contextlib
import math
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from documents.rows import outcome_row
from errors import DocumentError
from settings import Settings

WALL_FACTOR = 4  # a busy machine, a slow disk: so much more time by the clock than on the processor
RETIREMENT_SHARE = 0.4  # of the memory limit: what libraries keep after a file must not count against the next one
LONGEST_REASON = 300  # characters


def describe(error: BaseException, settings: Settings) -> str:
    """Return the reason for the list of skipped files. Only our own words: what libraries say may be hostile."""
    if isinstance(error, DocumentError):
        reason = "".join(c if c.isprintable() else " " for c in str(error))
        return reason if len(reason) <= LONGEST_REASON else reason[:LONGEST_REASON] + "…"
    if isinstance(error, MemoryError):
        return say_memory(settings.parse_bytes)
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or type(error).__name__}"
    return f"the reader failed ({type(error).__name__}): the file may be damaged"


def say_seconds(seconds: int) -> str:
    """Return the reason of a file that took too long."""
    return f"took longer than {seconds} s"


def say_memory(size: int) -> str:
    """Return the reason of a file that took too much memory; `size` in bytes."""
    return f"needed more than {size / 1_000_000_000:.1f} GB of memory"


def say_characters(count: int) -> str:
    """Return the reason of a file with too much text."""
    return f"its text is longer than {count:,} characters"


def serve(connection: Connection) -> None:
    """Read files until the other side hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which closes the connection
    settings, read = pickle.loads(connection.recv_bytes())
    _limit(resource.RLIMIT_AS, settings.parse_bytes)
    _limit(resource.RLIMIT_CORE, 0)
    while True:
        file = pickle.loads(connection.recv_bytes())
        outcome, goes_on = _attempt(read, file, settings)
        connection.send_bytes(outcome_row(outcome, goes_on))
        if not goes_on:
            return


def _attempt(read: Callable[..., Any], file: Any, settings: Settings) -> tuple[Any, bool]:
    """Return the document or the reason, and whether this process is still good for another file."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, math.ceil(usage.ru_utime + usage.ru_stime) + settings.parse_seconds)
    signal.alarm(settings.parse_seconds * WALL_FACTOR)
    try:
        outcome = read(file, settings)
        if len(outcome.text) > settings.text_characters:
            outcome = say_characters(settings.text_characters)
    except DocumentError as error:
        outcome = describe(error, settings)
    except Exception as error:  # whatever a library throws at a hostile file: the file is named, the build goes on
        return describe(error, settings), False
    finally:
        signal.alarm(0)
    return outcome, _peak_bytes() < settings.parse_bytes * RETIREMENT_SHARE


def _peak_bytes() -> int:
    """Return the most memory that this process has held. On Linux `getrusage` would count what its parent held."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS, which has no /proc


def _limit(kind: int, soft: int) -> None:
    """Set a soft limit below the hard one. Where the system has no such limit, the clock is left as the last one."""
    hard = resource.getrlimit(kind)[1]
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


if __name__ == "__main__":
    with contextlib.suppress(EOFError, OSError):
        serve(Connection(int(sys.argv[1])))
