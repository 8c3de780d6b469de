"""Every error that Sidenote raises on purpose, as one tree.

SidenoteError                  exit code 1
├── UsageError                 2   an argument, a setting or a question file is wrong
├── CorpusError                3   the corpus folder is missing, unreadable or holds nothing that can be indexed
│   └── DocumentError          3   one file cannot be read; the build lists it by name and goes on
├── StoredIndexError                4
│   ├── IndexMissingError      4   nothing was built yet
│   ├── IndexDamagedError      5   no generation passes verification
│   └── IndexBusyError         75  another process is writing (EX_TEMPFAIL: try again later)
└── ModelError                 6   the embedding or language model cannot be loaded or does not answer
    └── WriterError            6   the language model gave no usable text for a question; `fault` says how it failed

A message says what happened, where, and what to do, in one line. Commands print it as `sidenote: …` on standard
error and leave with the exit code; `--debug` shows the traceback.
"""

from __future__ import annotations


class SidenoteError(Exception):
    """Anything that Sidenote can name. The message is shown to the person as it is."""

    exit_code = 1


class UsageError(SidenoteError):
    """An argument, a setting or a question file is wrong."""

    exit_code = 2


class CorpusError(SidenoteError):
    """The corpus folder is missing, unreadable or holds nothing that can be indexed."""

    exit_code = 3


class DocumentError(CorpusError):
    """One file cannot be read. The message is the reason alone; whoever catches it knows the file."""


class StoredIndexError(SidenoteError):
    """Something is wrong with the stored index."""

    exit_code = 4


class IndexMissingError(StoredIndexError):
    """Nothing was built yet."""


class IndexDamagedError(StoredIndexError):
    """No generation passes verification."""

    exit_code = 5


class IndexBusyError(StoredIndexError):
    """Another process holds the writer's lock."""

    exit_code = 75


class ModelError(SidenoteError):
    """The embedding or language model cannot be loaded or does not answer."""

    exit_code = 6


class WriterError(ModelError):
    """The language model gave no usable text for a question. Holds no key, prompt, address or path."""

    def __init__(self, fault: str) -> None:
        """`fault` is one of schema.FellBack."""
        super().__init__(f"the language model did not answer ({fault})")
        self.fault = fault
