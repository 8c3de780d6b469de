"""A GGUF file, run in this process by llama.cpp (xllamacpp), and asked as an endpoint on the loopback address.

xllamacpp is optional (requirements-gguf.txt): whoever has an endpoint, or no language model, needs none of it.
"""

from __future__ import annotations

import os
import secrets
import weakref
from pathlib import Path
from typing import Any

from pydantic import PrivateAttr

from errors import ModelError, UsageError
from models.endpoint import Endpoint

BATCH = 128  # tokens read at a time; a request that was ended is noticed between two
CACHE_MEGABYTES = 256  # of earlier prompts; llama.cpp would take 8 GB


class GgufModel(Endpoint):
    """One GGUF file. It is loaded for as long as this object lives."""

    _served: list[Any] = PrivateAttr(default_factory=list)

    def __init__(self, path: Path, *, shown: str, window: int, seconds: float) -> None:
        """Load the file, to read and write `window` tokens at most.

        :raises UsageError: where there is no such file.
        :raises ModelError: where it, or what runs it, cannot be loaded.
        """
        if not path.is_file():
            raise UsageError(f"SIDENOTE_MODEL names the file {shown}, and there is none at that place")
        try:
            import xllamacpp
        except (ImportError, OSError) as error:
            raise ModelError(
                "a GGUF file needs the package xllamacpp: `.venv/bin/pip install -r requirements-gguf.txt`"
            ) from error
        key = secrets.token_urlsafe(16)  # for nobody but us: other programs reach the loopback address as well
        try:
            server = xllamacpp.Server(_parameters(xllamacpp.CommonParams(), path, shown, key, window))
        except RuntimeError as error:
            raise ModelError(
                f"{shown} cannot be loaded: is it a whole GGUF file, and is there memory for it?"
            ) from error
        super().__init__(f"{server.listening_address}/v1", shown, key, shown=shown, window=window, seconds=seconds)
        self._served.append(server)
        # llama.cpp crashes where the interpreter takes it down with a request under way. At exit this comes before.
        weakref.finalize(self, self._served.clear)
        self.window = min(window, self.trained_window() or window)


def _parameters(parameters: Any, path: Path, shown: str, key: str, window: int) -> Any:
    """Return the parameters of a server that nobody else can use, and that leaves a core to the rest of us."""
    parameters.model.path = str(path)
    parameters.model_alias = {shown}  # else its answers name the path
    parameters.n_ctx = window
    parameters.n_batch = parameters.n_ubatch = BATCH
    parameters.n_parallel = 1  # the window is divided by it, and two at a time on few cores take twice as long
    # A thread for every core is slower than one fewer as soon as anything else runs: 35 s against 2.8 s (measured).
    for threads in (parameters.cpuparams, parameters.cpuparams_batch):
        threads.n_threads = max(1, _cores() - 1)
        threads.poll = 0
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [key]
    parameters.cors_origins = "http://127.0.0.1"
    parameters.cors_credentials = False
    parameters.endpoint_slots = False  # shows prompts
    parameters.offline = True
    parameters.ui = False
    parameters.verbosity = 0  # else it prints paths
    parameters.cache_ram_mib = CACHE_MEGABYTES
    return parameters


def _cores() -> int:
    """Return how many processor cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(allowed(0)) if allowed else os.cpu_count() or 1
