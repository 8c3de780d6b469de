"""What readers say of an answer, one JSON object a line, which `python -m evaluation golden` reads back as questions.

An answer that a reader calls right is a judged question: its quotes are the evidence. One with a wrong quote, or in
which something is missing, says nothing of what would have been right; its line is kept and marked as not judged.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from errors import SidenoteError, UsageError
from schema import Answer, Citation
from settings import Settings

Verdict = Literal["right", "wrong_quote", "missing"]

FILE = "feedback.jsonl"  # in the data folder
MOST_BYTES = 5_000_000  # of the file: some 2,000 lines; then it takes no more until somebody moves it away
MOST_A_MINUTE = 20  # lines, of all readers together
MOST_OF_ANSWER = 3  # lines about one answer


class FeedbackRefusedError(SidenoteError):
    """A line that is not written down. The message is for the reader."""


def is_on(settings: Settings, environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether readers may say what they think of an answer.

    :raises UsageError: where the setting is none of on, off and auto.
    """
    if settings.feedback not in ("on", "off", "auto"):
        raise UsageError(f"SIDENOTE_FEEDBACK is {settings.feedback!r}: give on, off or auto")
    return settings.feedback == "on" or (settings.feedback == "auto" and "SPACE_ID" not in environ)


def line_of(
    answer: Answer, history: Sequence[str], verdict: Verdict, wrong: Citation | None, words: str
) -> dict[str, Any]:
    """Return a verdict as a question in the format of docs/evaluation.md."""
    judged = verdict == "right"
    return {
        "id": f"feedback-{secrets.token_hex(8)}",
        "question": answer.question,
        "history": list(history),
        "lang": answer.language,
        "type": "feedback",
        "kind": verdict,
        "judged": judged,
        "answerable": not answer.abstained if judged else None,
        "expected": "abstain" if judged and answer.abstained else "answer",
        "evidence": [_span(citation) for citation in answer.citations] if judged else [],
        "evidence_mode": "any",  # a reader who calls an answer right does not say that he needed every quote
        "cited": [_span(citation) for citation in answer.citations],
        "wrong": _span(wrong) if wrong else None,
        "words": words,
        "mode": answer.mode,
        "generation": answer.generation,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def _span(citation: Citation) -> dict[str, Any]:
    return {"doc": citation.document, "start": citation.start, "end": citation.end, "quote": citation.quote}


class FeedbackFile:
    """The file, bounded in bytes and in how fast it grows. Safe to use from several threads."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = folder / FILE
        self._clock = clock
        self._lock = threading.Lock()
        self._times: deque[float] = deque(maxlen=MOST_A_MINUTE)
        self._of_answer: deque[str] = deque(maxlen=1_000)

    def write(self, answer_id: str, row: Mapping[str, Any]) -> None:
        """Add a line. :raises FeedbackRefusedError: where there is too much of it, or the disk refuses."""
        line = (json.dumps(row) + "\n").encode("ascii")
        with self._lock:
            now = self._clock()
            if len(self._times) == MOST_A_MINUTE and now - self._times[0] < 60.0:
                raise FeedbackRefusedError("Too many readers said something just now; please try again in a minute.")
            if self._of_answer.count(answer_id) >= MOST_OF_ANSWER:
                raise FeedbackRefusedError("This answer has been judged already.")
            try:
                self._append(line)
            except OSError as error:
                raise FeedbackRefusedError(f"The file cannot be written ({error.strerror or 'disk error'}).") from error
            self._times.append(now)
            self._of_answer.append(answer_id)

    def _append(self, line: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        handle = os.open(self._path, flags, 0o600)
        try:
            size = os.fstat(handle).st_size
            if size + len(line) > MOST_BYTES:
                raise FeedbackRefusedError("The file for this is full; its owner has to move it away first.")
            if os.write(handle, line) != len(line):
                os.ftruncate(handle, size)  # half a line would spoil the next one
                raise FeedbackRefusedError("The disk is full.")
        finally:
            os.close(handle)
