"""What the page costs: seconds until it answers over HTTP, beside its bare imports, and its peak memory."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from errors import SidenoteError, UsageError
from settings import ROOT, Settings

_IMPORTS = "import gradio, chromadb, llama_index.core"
_ROUNDS = 2  # of each, taking turns; the best counts, for anything else on the machine only adds
_PATIENCE = 180.0  # seconds until the page must answer, and until its index must be there
_PAUSE = 0.05  # seconds between two looks at the page
_QUESTIONS = ("What is this about?", "Who said that, and when?", "これは何についての文書ですか?", "Why?")


@dataclass(frozen=True, slots=True)
class PageCost:
    """Seconds until the first answer, seconds of the bare imports, bytes of memory at the peak."""

    first_answer: float
    imports: float
    peak_bytes: int


def measure(settings: Settings) -> PageCost:
    """Start the page and the bare imports in turn, then ask a page some questions.

    :raises UsageError: where psutil is not installed.
    :raises SidenoteError: where the page does not come up.
    """
    imports, answers, peak = [], [], 0
    for number in range(_ROUNDS):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", _IMPORTS], check=True, cwd=ROOT, env=_environment(settings, 1))
        imports.append(time.perf_counter() - started)
        with _started(settings) as (process, address, begun):
            answers.append(_first_answer(process, address) - begun)
            if number == _ROUNDS - 1:
                peak = _peak(process, address)
    return PageCost(min(answers), min(imports), peak)


def _environment(settings: Settings, port: int) -> dict[str, str]:
    own = {
        "SIDENOTE_CORPUS": settings.corpus,
        "SIDENOTE_DATA": settings.data,
        "SIDENOTE_PORT": port,
        "SIDENOTE_EMBEDDING": settings.embedding,
        "SIDENOTE_RERANKER": settings.reranker,
    }
    quiet = {"GRADIO_ANALYTICS_ENABLED": "False", "ANONYMIZED_TELEMETRY": "False", "SIDENOTE_HOST": "127.0.0.1"}
    return os.environ | quiet | {name: str(value) for name, value in own.items()}


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """Run the page on a free port; yield its address once it answers.

    :raises SidenoteError: where it does not come up.
    """
    with _started(settings) as (process, address, _):
        _first_answer(process, address)
        yield address


@contextmanager
def _started(settings: Settings) -> Iterator[tuple[subprocess.Popen[bytes], str, float]]:
    """Run the page on a free port; yield its process, its address, and when it was started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=_environment(settings, port), stdout=subprocess.DEVNULL
    )
    try:
        yield process, f"http://127.0.0.1:{port}", begun
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _first_answer(process: subprocess.Popen[bytes], address: str) -> float:
    """Return when the page first answered."""
    deadline = time.perf_counter() + _PATIENCE
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise SidenoteError(f"the page ended with code {process.returncode} before it answered: try python app.py")
        try:
            with urllib.request.urlopen(f"{address}/", timeout=5):
                return time.perf_counter()
        except (urllib.error.URLError, OSError):
            time.sleep(_PAUSE)
    raise SidenoteError(f"the page did not answer within {_PATIENCE:.0f} s: try python app.py")


def _peak(process: subprocess.Popen[bytes], address: str) -> int:
    """Ask questions until one is answered from the index, then a few more; return the peak in bytes."""
    try:
        import psutil
    except ImportError as error:
        raise UsageError("psutil is missing: pip install -r requirements-dev.txt") from error

    watched = psutil.Process(process.pid)
    deadline, peak = time.perf_counter() + _PATIENCE, 0
    while not _ask(address, _QUESTIONS[0]):
        if time.perf_counter() > deadline:
            raise SidenoteError(f"the page has no index after {_PATIENCE:.0f} s: try python app.py")
        peak = max(peak, watched.memory_info().rss)
        time.sleep(_PAUSE)
    for text in _QUESTIONS:
        _ask(address, text)
        peak = max(peak, watched.memory_info().rss)
    return max(peak, _high_water(process.pid))


def _high_water(pid: int) -> int:
    """Return the peak that the system itself kept, where it keeps one (Linux), in bytes."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as lines:
            return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


def _ask(address: str, text: str) -> bool:
    """Ask through the page's API; tell whether an answer from an index came back."""
    body = json.dumps({"data": [text]}).encode()
    request = urllib.request.Request(
        f"{address}/gradio_api/call/ask", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        event = json.load(response)["event_id"]
    with urllib.request.urlopen(f"{address}/gradio_api/call/ask/{event}", timeout=120) as response:
        lines = response.read().decode("utf-8").splitlines()
    rows: list[Any] = [json.loads(line.removeprefix("data:")) for line in lines if line.startswith("data:")]
    return any(isinstance(answer, dict) and answer.get("generation") for row in rows for answer in row or ())
