"""Any OpenAI-compatible endpoint as a LlamaIndex `LLM`: one streamed request, never repeated, everything bounded.

LlamaIndex's own client makes twelve requests for one question that fails, takes a stream that breaks off for a whole
answer, reads an endless one for ever and shows its key in `repr`. Format: "Create chat completion" of OpenAI's API
reference.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any
from urllib.parse import urlsplit

import httpx
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, CompletionResponse, LLMMetadata
from llama_index.core.llms import CustomLLM
from pydantic import PrivateAttr

from errors import UsageError, WriterError
from models import events, faults
from models.streaming import streamed

CONNECT_SECONDS = 10.0
LONGEST_ERROR = 16 * 1024
TELLING = 300  # characters at the beginning of an error that name a parameter; further on it may echo the request

# Parameters that an endpoint may refuse, how it names them, and what takes their place.
_OPTIONAL: Mapping[str, tuple[re.Pattern[str], str | None]] = {
    "response_format": (re.compile(r"response.?format|json.?schema|structured.?output|grammar", re.I), None),
    "max_tokens": (re.compile(r"\bmax_tokens\b"), "max_completion_tokens"),
    "temperature": (re.compile(r"\btemperature\b"), None),
}

log = logging.getLogger("sidenote")


class Endpoint(CustomLLM):
    """One model at one endpoint. Its `repr` and its JSON say what the model is called and how much it reads, no more.

    Takes `max_tokens`, `temperature` and `response_format` as OpenAI does. None of LlamaIndex's callbacks is called:
    they would hand prompts to whatever listens.
    """

    shown: str
    window: int
    seconds: float
    _model: str = PrivateAttr()
    _url: str = PrivateAttr()
    _key: str = PrivateAttr()
    _refused: set[str] = PrivateAttr(default_factory=set)

    def __init__(self, url: str, model: str, key: str, *, shown: str, window: int, seconds: float) -> None:
        """Prepare; nothing is sent. `window` counts tokens; `seconds` may pass without a byte, or in a sync call.

        :raises UsageError: where the address or the key cannot be one. Neither is in the message.
        """
        super().__init__(shown=shown, window=window, seconds=seconds)
        self._url, self._model, self._key = _checked(url), model, key
        if not (key.isascii() and key.isprintable() and " " not in key):
            raise UsageError("SIDENOTE_MODEL_KEY holds characters that no key has: look for blanks and line breaks")
        for name in ("httpx", "httpcore"):  # they would log the address of every request
            logging.getLogger(name).setLevel(logging.WARNING)

    @property
    def metadata(self) -> LLMMetadata:
        """What LlamaIndex asks about a model."""
        return LLMMetadata(context_window=self.window, is_chat_model=True, model_name=self.shown)

    async def astream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> AsyncGenerator[ChatResponse, None]:
        """Stream the answer to a conversation. :raises WriterError: while it is read."""

        async def responses() -> AsyncGenerator[ChatResponse, None]:
            whole = ""
            async with aclosing(self._answer(messages, kwargs)) as deltas:
                async for delta in deltas:
                    whole += delta
                    yield ChatResponse(message=ChatMessage(role="assistant", content=whole), delta=delta)

        return responses()

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> Any:
        """Stream the answer to a conversation. :raises WriterError: while it is read."""
        whole = ""
        for delta in streamed(lambda: self._answer(messages, kwargs), self.seconds):
            whole += delta
            yield ChatResponse(message=ChatMessage(role="assistant", content=whole), delta=delta)

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """Return the answer to a conversation. :raises WriterError: where there is none."""
        whole = "".join(part.delta or "" for part in self.stream_chat(messages, **kwargs))
        return ChatResponse(message=ChatMessage(role="assistant", content=whole))

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """Return the answer to a prompt. :raises WriterError: where there is none."""
        return CompletionResponse(text=self.chat([ChatMessage(content=prompt)], **kwargs).message.content or "")

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        """Stream the answer to a prompt. :raises WriterError: while it is read."""
        for part in self.stream_chat([ChatMessage(content=prompt)], **kwargs):
            yield CompletionResponse(text=part.message.content or "", delta=part.delta)

    def trained_window(self) -> int | None:
        """Return how many tokens the model was made for, as llama.cpp says; None where it does not."""
        head = {"Authorization": f"Bearer {self._key}"}
        try:
            said = httpx.get(f"{self._url}/models", headers=head, trust_env=False, timeout=CONNECT_SECONDS).json()
            return int(said["data"][0]["meta"]["n_ctx_train"])
        except (httpx.HTTPError, ValueError, LookupError, TypeError):
            return None

    async def _answer(self, messages: Sequence[ChatMessage], options: Mapping[str, Any]) -> AsyncGenerator[str, None]:
        began = False
        try:
            async with aclosing(self._exchanged(messages, options)) as texts:
                async for text in texts:
                    began = True
                    yield text
        # Their messages and requests hold the address and the key: none of it goes on.
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise WriterError("unreachable") from None
        except httpx.TimeoutException:
            raise WriterError("slow") from None
        except httpx.RemoteProtocolError:
            raise WriterError("cut" if began else "garbled") from None
        except httpx.HTTPError:
            raise WriterError("cut" if began else "failed") from None

    async def _exchanged(
        self, messages: Sequence[ChatMessage], options: Mapping[str, Any]
    ) -> AsyncGenerator[str, None]:
        """Send the request; once more where the endpoint says that it does not know one of our options.

        That first request made nobody write and cost no token; what it refused is left out for as long as we run.
        """
        head = {"Content-Type": "application/json", "Accept": "text/event-stream, application/json"}
        head["Accept-Encoding"] = "identity"  # so that nothing is ever unpacked
        if self._key:
            head["Authorization"] = f"Bearer {self._key}"
        timeout = httpx.Timeout(self.seconds, connect=min(CONNECT_SECONDS, self.seconds))
        async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=timeout) as client:
            for again in (False, True):
                sent = self._body(messages, options)
                url = f"{self._url}/chat/completions"
                async with client.stream("POST", url, content=json.dumps(sent), headers=head) as response:
                    if response.status_code == 200:
                        kind = response.headers.get("content-type", "")
                        async with aclosing(events.texts(kind, response.aiter_raw())) as texts:
                            async for text in texts:
                                yield text
                        return
                    said = (await events.beginning(response.aiter_raw(), LONGEST_ERROR)).decode("utf-8", "replace")
                    if not self._learns(response.status_code, said, sent) or again:
                        log.warning("the language model's endpoint answered with status %d", response.status_code)
                        raise WriterError(faults.of_status(response.status_code, said))

    def _body(self, messages: Sequence[ChatMessage], options: Mapping[str, Any]) -> dict[str, Any]:
        said = [{"role": message.role.value, "content": message.content or ""} for message in messages]
        body: dict[str, Any] = {"model": self._model, "messages": said, "stream": True, "temperature": 0}
        body |= options
        for name in self._refused & body.keys():
            value, instead = body.pop(name), _OPTIONAL[name][1]
            if instead:
                body[instead] = value
        return body

    def _learns(self, status: int, said: str, sent: Mapping[str, Any]) -> bool:
        """Tell whether a refusal names options that can be left out; from now on they are.

        Where it names none, a schema may be the reason or not: the next call goes the other way.
        """
        if status not in (400, 422) or faults.of_status(status, said) == "overflow":
            return False
        named = {name for name, (pattern, _) in _OPTIONAL.items() if name in sent and pattern.search(said[:TELLING])}
        self._refused |= named
        if not named and "response_format" in sent.keys() | self._refused:
            self._refused ^= {"response_format"}
        return bool(named)


def _checked(url: str) -> str:
    """Return the address without its last slash. :raises UsageError: where it is none, without saying it."""
    try:
        parts = urlsplit(url)
        plain = url.isascii() and url.isprintable() and " " not in url
        usable = plain and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        usable = False
    if not usable:
        raise UsageError("SIDENOTE_MODEL_URL is no address: give one like http://127.0.0.1:11434/v1")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise UsageError("SIDENOTE_MODEL_URL holds more than an address: a key belongs in SIDENOTE_MODEL_KEY")
    return url.rstrip("/")
