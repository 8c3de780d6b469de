"""How an OpenAI-compatible endpoint fails: each way as a behaviour for `FakeEndpoint`, with the name it must get."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from schema import FellBack
from tests.fake_endpoint import Behaviour, Reply, saying

OVERFLOW = {"error": {"code": 400, "message": "the request exceeds the available context size", "type": "exceed_context_size_error"}}  # fmt: skip  # noqa: E501
LOGIN = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form method=post></form></body></html>"


def status(code: int, body: bytes | Mapping[str, Any] = b"", kind: str = "application/json") -> Behaviour:
    """Answer with a status, and the echo of the request that a careless endpoint adds."""
    return lambda reply, request: reply.whole(code, body or {"error": {"message": json.dumps(request)}}, kind)


def redirect(reply: Reply, request: Mapping[str, Any]) -> None:
    reply._head(307, ("Location", "/elsewhere/v1/chat/completions"), ("Content-Length", "0"))


def chunks(*chunks: Any, done: bool = True) -> Behaviour:
    """Answer with these events."""

    def behaviour(reply: Reply, request: Mapping[str, Any]) -> None:
        reply.begin()
        for chunk in chunks:
            reply.event(chunk)
        reply.end(done)

    return behaviour


def garbage(reply: Reply, request: Mapping[str, Any]) -> None:
    reply.begin()
    reply.raw(bytes(range(256)) * 20)
    reply.end(done=False)


def hang(reply: Reply, request: Mapping[str, Any]) -> None:
    """Take the request and never say a word."""
    reply.wait(3_600)


def drip_head(reply: Reply, request: Mapping[str, Any]) -> None:
    """Send the head of the answer for ever, a byte at a time."""
    reply._send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        reply._send(b"x")
        reply.wait(0.05)


def drip(reply: Reply, request: Mapping[str, Any]) -> None:
    """Send text that is never done, a letter at a time."""
    reply.begin()
    while True:
        reply.delta("x")
        reply.wait(0.05)


def drip_line(reply: Reply, request: Mapping[str, Any]) -> None:
    """Send one line that is never complete, a byte at a time."""
    reply.begin()
    while True:
        reply.raw(b" ")
        reply.wait(0.05)


def pings(reply: Reply, request: Mapping[str, Any]) -> None:
    """Send only the comments that keep a connection open."""
    reply.begin()
    while True:
        reply.raw(b": ping\n\n")
        reply.wait(0.05)


def stall(reply: Reply, request: Mapping[str, Any]) -> None:
    reply.begin()
    reply.delta("The first words, and then")
    reply.wait(3_600)


def cut(reply: Reply, request: Mapping[str, Any]) -> None:
    """Close the connection in the middle of a stream."""
    reply.begin()
    reply.delta("The first words, and then")
    reply.wait(0.05)


def endless(reply: Reply, request: Mapping[str, Any]) -> None:
    reply.begin()
    while True:
        reply.delta("and on " * 50)


def endless_line(reply: Reply, request: Mapping[str, Any]) -> None:
    reply.begin()
    reply.raw(b"data: ")
    while True:
        reply.raw(b"x" * 4_096)


def endless_head(reply: Reply, request: Mapping[str, Any]) -> None:
    reply._send(b"HTTP/1.1 200 OK\r\n")
    while True:
        reply._send(b"X-More: %s\r\n" % (b"x" * 1_000))


def _delta(content: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": None}]}


_STOP = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}

# name -> (behaviour, what Sidenote must call it). "nobody there" has none: use nobody().
FAULTS: dict[str, tuple[Behaviour, FellBack]] = {
    "500": (status(500), "failed"),
    "429": (status(429), "busy"),
    "503": (status(503), "busy"),
    "401": (status(401), "refused"),
    "400": (status(400, {"error": {"message": "bad request"}}), "refused"),
    "redirect": (redirect, "refused"),
    "garbage": (garbage, "garbled"),
    "garbage json": (status(200, b"\xff\xfe{nothing"), "garbled"),
    "deep json": (status(200, b"[" * 100_000), "garbled"),
    "html login page": (status(200, LOGIN, "text/html; charset=utf-8"), "garbled"),
    "empty choices": (chunks({"choices": []}), "garbled"),
    "empty choices whole": (status(200, {"choices": []}), "garbled"),
    "null content": (chunks(_delta(None), _STOP), "garbled"),
    "null content whole": (
        status(200, {"choices": [{"message": {"content": None}, "finish_reason": "stop"}]}),
        "garbled",
    ),
    "hang": (hang, "slow"),
    "slow head": (drip_head, "slow"),
    "slow drip": (drip, "slow"),
    "slow line": (drip_line, "slow"),
    "pings only": (pings, "slow"),
    "stall": (stall, "slow"),
    "cut stream": (cut, "cut"),
    "clean end without a stop reason": (chunks(_delta("The first words, and then"), done=False), "cut"),
    "done without a stop reason": (chunks(_delta("The first words, and then")), "cut"),
    "stopped by length": (saying("The first words, and then", stop="length"), "cut"),
    "endless stream": (endless, "garbled"),
    "endless line": (endless_line, "garbled"),
    "endless head": (endless_head, "garbled"),
    "wrong types": (chunks({"choices": {"delta": "text"}}), "garbled"),
    "content is a list": (chunks(_delta([{"text": "words"}])), "garbled"),
    "a list for an object": (chunks([1, 2]), "garbled"),
    "whole answer of wrong types": (status(200, {"choices": [{"message": 7}]}), "garbled"),
    "context overflow": (status(400, OVERFLOW), "overflow"),
    "error in the stream": (chunks({"error": {"message": "CUDA out of memory", "code": 500}}), "failed"),
    "overflow in the stream": (chunks(OVERFLOW), "overflow"),
}
