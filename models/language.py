"""The language model that writes answers: any LlamaIndex `LLM`, bounded, timed, and named where it fails.

None is set by default. What it writes is hostile text to all that comes after (answering/checking.py).
"""

from __future__ import annotations

import logging
import math
import re
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import aclosing
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from errors import UsageError, WriterError
from models import faults
from models.breaker import Breaker
from models.streaming import streamed
from settings import Settings

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

CHARACTERS_PER_TOKEN = 16  # more than any model writes: whoever gets there was told to stop long before
LONGEST_NAME = 60  # characters

_LETTERS = re.compile("[A-Za-z ]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_loading = threading.Lock()  # a GGUF file is loaded once, however many collections are opened at a time

log = logging.getLogger("sidenote")

Options = Callable[[Mapping[str, Any] | None, int], dict[str, Any]]


def as_openai(schema: Mapping[str, Any] | None, tokens: int) -> dict[str, Any]:
    """Return the options of a call under the names that OpenAI gave them."""
    options: dict[str, Any] = {"max_tokens": tokens}
    if schema is not None:
        wanted = {"name": "answer", "strict": True, "schema": schema}
        options["response_format"] = {"type": "json_schema", "json_schema": wanted}
    return options


class Writer:
    """A LlamaIndex model made safe to wait for. May be used from several threads.

    `name` is shown to readers; `context` is how many tokens the model reads and writes at once.
    """

    def __init__(
        self,
        llm: LLM,
        name: str,
        context: int,
        *,
        options: Options = as_openai,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`options` says under which names this `llm` takes a schema and the most tokens; `clock` is the breaker's."""
        self.name = name
        self.context = min(context, llm.metadata.context_window)
        self._llm = llm
        self._options = options
        self._breaker = Breaker(clock)

    def __repr__(self) -> str:
        return f"Writer({self.name!r}, context={self.context})"

    def write(
        self, system: str, user: str, *, schema: Mapping[str, Any] | None, tokens: int, seconds: float
    ) -> Generator[str, None, None]:
        """Yield text as it comes, and "" several times a second while none comes, so that one can stop.

        One request, never repeated. Closing the generator ends it.

        :param schema: JSON schema of what is to be written, None for plain text; not every model keeps to it.
        :param tokens: that may be written.
        :param seconds: that may pass until the last word.
        :raises WriterError: as soon as it is clear that it fails; all that was yielded before came from the model.
        """
        with self._breaker.watching():
            try:
                yield from streamed(lambda: self._asked(system, user, self._options(schema, tokens), tokens), seconds)
                return
            except Exception as error:
                failure = faults.named(error)
            log.warning("the language model %s did not answer (%s)", self.name, failure.fault)
            raise failure  # out here, where nothing of the client's error, which may hold its key, hangs on it

    async def _asked(
        self, system: str, user: str, options: Mapping[str, Any], tokens: int
    ) -> AsyncGenerator[str, None]:
        from llama_index.core.base.llms.types import ChatMessage

        messages = [ChatMessage(role=role, content=_plain(text)) for role, text in (("system", system), ("user", user))]
        left, some = tokens * CHARACTERS_PER_TOKEN, False
        async with aclosing(await self._llm.astream_chat(messages, **options)) as parts:
            async for part in parts:
                text = part.delta or ""
                some = some or bool(text.strip())
                left -= len(text)
                if left < 0:
                    raise WriterError("garbled")
                yield _plain(text)
        if not some:
            raise WriterError("garbled")

    def tokens(self, text: str) -> int:
        """Return about how many tokens a text is, rather too many: every model counts differently."""
        return estimate(text)


def estimate(text: str) -> int:
    """Return an upper estimate of the tokens of a text that people read, in any language.

    Letters and blanks count a quarter, other ASCII one, the rest two thirds a byte: on 234 texts in English, Japanese
    and code that is 1.08 to 1.7 times what SmolLM2's tokenizer needs, and 1.2 to 2 times that of GPT-3.5. Base64 and
    the like take up to four times as many as this says; then the model says that it overflows.
    """
    plain = sum(map(len, _LETTERS.findall(text)))
    ascii_too = sum(map(str.isascii, text))
    rest = len(text.encode("utf-8", "replace")) - ascii_too
    return math.ceil(plain / 4 + (ascii_too - plain) + rest * 2 / 3)


def load(settings: Settings) -> Writer | None:
    """Return the language model of the settings, None where none is set. Sends nothing; a GGUF file is loaded.

    The same settings give the same writer, so that all collections learn from its failures together.

    :raises UsageError: where the settings name none that can be used.
    :raises ModelError: where a GGUF file cannot be loaded.
    """
    if not settings.model:
        if settings.model_url:
            raise UsageError("SIDENOTE_MODEL_URL is set, but not SIDENOTE_MODEL: give the name of the model there")
        return None
    with _loading:
        return _loaded(
            settings.model, settings.model_url, settings.model_key, settings.model_context, settings.model_seconds
        )


@lru_cache(maxsize=8)
def _loaded(model: str, url: str, key: str, context: int, seconds: int) -> Writer:
    shown = _shown(model)
    if url:
        from models.endpoint import Endpoint  # LlamaIndex takes seconds to import, and most have no model

        return Writer(Endpoint(url, model, key, shown=shown, window=context, seconds=seconds), shown, context)
    if not model.lower().endswith(".gguf"):
        raise UsageError("SIDENOTE_MODEL is no GGUF file: set SIDENOTE_MODEL_URL to where the model is served")
    from models.gguf import GgufModel

    return Writer(GgufModel(Path(model).expanduser(), shown=shown, window=context, seconds=seconds), shown, context)


def _shown(model: str) -> str:
    r"""Return what to call a model: what follows the last slash, for some are served under the path of a file.

    >>> _shown("Qwen/Qwen3-8B:fastest"), _shown("/models/some.gguf")
    ('Qwen3-8B:fastest', 'some.gguf')
    """
    name = re.split(r"[/\\]", model.rstrip("/\\"))[-1]
    return "".join(filter(str.isprintable, name))[:LONGEST_NAME] or "language model"


def _plain(text: str) -> str:
    """Return a text that can be encoded: halves of characters are replaced."""
    return _SURROGATE.sub("\ufffd", text)
