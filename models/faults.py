"""How a language model fails, as one of schema.FellBack. Reads what an endpoint says, and passes none of it on."""

from __future__ import annotations

import re

from errors import WriterError
from schema import FellBack

# As llama.cpp, vLLM, OpenAI, Ollama and LM Studio say that the prompt does not fit.
_OVERFLOW = re.compile(
    r"context[ _]?(length|size|window)|exceed_context|maximum context|prompt is too long|too many tokens"
    r"|exceeds? the (available|maximum) (context|number of tokens)",
    re.IGNORECASE,
)
_BUSY = {429, 503, 529}
_SLOW = {408, 504}


class RanOutError(WriterError):
    """The answer reached the most tokens that it was given: it is cut, by us and not by the endpoint."""

    def __init__(self) -> None:
        super().__init__("cut")


def of_status(status: int, said: str) -> FellBack:
    """Return the name of what an HTTP status other than 200 means, with the beginning of what came with it."""
    if status >= 400 and _OVERFLOW.search(said):
        return "overflow"
    if status in _BUSY:
        return "busy"
    if status in _SLOW:
        return "slow"
    return "failed" if status >= 500 else "refused"


def named(error: Exception) -> WriterError:
    """Return what a LlamaIndex model raised as an error of ours, made new so that nothing of theirs hangs on it."""
    if isinstance(error, RanOutError):
        return RanOutError()
    return WriterError(error.fault if isinstance(error, WriterError) else _fault(error))


def _fault(error: Exception) -> FellBack:
    """Return the fault of a client that is not ours: those tell by a status, or else by the name of the error."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return of_status(status, str(error)[:2_000])
    kind = type(error).__name__
    if isinstance(error, TimeoutError) or "Timeout" in kind:
        return "slow"
    return "unreachable" if isinstance(error, ConnectionError) or "Connect" in kind else "failed"
