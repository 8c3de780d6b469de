"""Calls to the language model for one question: within one time, and paid out of one allowance."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from typing import Any

from answering.prompts import Prompt
from errors import WriterError
from models.allowance import Allowance
from models.language import Writer
from settings import Settings

# Faults at which nothing was read or written that anybody would have to pay for.
_FREE = frozenset({"unreachable", "refused", "busy", "paused"})


class Calls:
    """The calls of one question, one after another. `left` are the tokens that it may still cost."""

    def __init__(
        self, writer: Writer, allowance: Allowance, visitor: str, settings: Settings, idle: Callable[[], None]
    ) -> None:
        """Start the clock. `idle` is called again and again while the model is silent; what it raises ends the call."""
        self._writer = writer
        self._idle = idle
        self._allowance = allowance
        self._visitor = visitor
        self._until = time.monotonic() + settings.model_seconds
        self.left = settings.model_tokens

    def tokens(self, text: str) -> int:
        """Return how many tokens a text is at most."""
        return self._writer.tokens(text)

    def room(self, prompt: Prompt, tokens: int, **values: str) -> int:
        """Return the tokens that are left for one further input, where `tokens` are to be written.

        :param values: the other inputs.
        """
        return min(self._writer.context, self.left) - tokens - self._reading(prompt, values)

    def ask(self, prompt: Prompt, schema: Mapping[str, Any], tokens: int, **values: str) -> Generator[str, None, None]:
        """Yield what the model writes, as it comes; closing the generator ends the call.

        Its tokens are taken from the allowance before, and those that were not needed are given back after.

        :raises WriterError: with what went wrong.
        """
        reading = self._reading(prompt, values)
        taken, seconds = reading + tokens, self._until - time.monotonic()
        if seconds <= 0:
            raise WriterError("slow")
        if taken > self.left:
            raise WriterError("budget")
        self._allowance.take(self._visitor, taken)
        written: list[str] = []
        used, user = reading, prompt.filled(**values)
        try:
            with closing(
                self._writer.write(prompt.system, user, schema=schema, tokens=tokens, seconds=seconds)
            ) as pieces:
                for piece in pieces:
                    if not piece:
                        self._idle()
                        continue
                    written.append(piece)
                    yield piece
        except WriterError as error:
            used = 0 if error.fault in _FREE and not written else used
            raise
        finally:
            used = min(used and reading + self.tokens("".join(written)), taken)
            self._allowance.give_back(self._visitor, taken - used)
            self.left -= used

    def _reading(self, prompt: Prompt, values: Mapping[str, str]) -> int:
        """Return the tokens of a prompt; an input that is not known yet counts nothing."""
        known = {name: values.get(name, "") for name in prompt.inputs}
        return self.tokens(f"{prompt.system}\n{prompt.filled(**known)}")
