"""A language model that writes what a test says, and a check that counts words; both with the real ones' interface."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from answering.checking import Verdict
from errors import WriterError
from schema import FellBack, Passage, Span, Support
from text.words import tokens

Script = str | Sequence[str] | Callable[["Call"], str | Sequence[str]]


@dataclass
class Call:
    """One call, and whether it was ended before the last word."""

    system: str
    user: str
    schema: Mapping[str, Any] | None
    tokens: int
    seconds: float
    ended: bool = False


@dataclass
class ScriptedWriter:
    """Writes each script in turn, the last one again and again; `fault` is raised after the last word."""

    scripts: Sequence[Script]
    fault: FellBack | None = None
    context: int = 8_192
    name: str = "scripted"
    calls: list[Call] = field(default_factory=list)

    def write(
        self, system: str, user: str, *, schema: Mapping[str, Any] | None, tokens: int, seconds: float
    ) -> Generator[str, None, None]:
        call = Call(system, user, schema, tokens, seconds)
        self.calls.append(call)
        script = self.scripts[min(len(self.calls), len(self.scripts)) - 1]
        written = script(call) if callable(script) else script
        try:
            yield from [written] if isinstance(written, str) else written
        except GeneratorExit:
            call.ended = True
            raise
        if self.fault:
            raise WriterError(self.fault)

    def tokens(self, text: str) -> int:
        return len(text) // 2 + 1


def claimed(*claims: tuple[int, str, str]) -> str:
    """Return claims (number, quote, text) in the form that is asked for."""
    rows = [{"passage": number, "quote": quote, "text": text} for number, quote, text in claims]
    return json.dumps({"claims": rows}, ensure_ascii=False)


def number_of(call: Call, words: str) -> int:
    """Return the number under which the passage with these words was sent."""
    before = call.user[: call.user.index(words)]
    return int(before.rpartition("=== passage ")[2].split()[0])


class WordChecker:
    """Finds a claim supported by a passage that holds all of its words, partly by one that holds half of them."""

    def check(self, claim: str, document_text: str, passage: Passage, quote: str | None) -> Verdict:
        words = set(tokens(claim))
        held = set(tokens(document_text[passage.start : passage.end])) & words
        share = len(held) / max(len(words), 1)
        support: Support = "supported" if share == 1 else "partly" if share >= 0.5 else "not"
        at = document_text.find(quote, passage.start, passage.end) if quote else -1
        span = Span(at, at + len(quote or "")) if at >= 0 else passage.sentences[0]
        return Verdict(support, share, None if support == "not" else span, ())
