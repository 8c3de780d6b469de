"""An OpenAI-compatible endpoint on 127.0.0.1 that misbehaves as told. No model, no network.

    with FakeEndpoint(obeying) as endpoint:
        settings = Settings(model="stub", model_url=endpoint.url)
        ...
        endpoint.calls  # the request bodies that came, in order

`obeying` plays a language model without any judgement: it does whatever the text of its context tells it (`obedient`
says how), in the JSON that the request's schema asks for, else as plain text. `saying(text)` answers with a text of
yours, `writing(function)` with what a function makes of the request, `in_turn(…)` gives each call the next behaviour.
tests/fake_faults.py has the ways in which an endpoint fails. `python -m tests.fake_endpoint [obeying | a fault's name]`
serves one until it is interrupted.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.fake_obedient import obedient

POLL_SECONDS = 0.01


class ClientLeft(Exception):
    """Whoever asked has closed the connection."""


class Reply:
    """What a behaviour answers one request with."""

    def __init__(self, handler: BaseHTTPRequestHandler, closing: threading.Event) -> None:
        self._handler = handler
        self._closing = closing

    def whole(self, status: int, body: bytes | Mapping[str, Any], kind: str = "application/json") -> None:
        """Send a complete answer."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._head(status, ("Content-Type", kind), ("Content-Length", str(len(data))))
        self._send(data)

    def begin(self, kind: str = "text/event-stream") -> None:
        """Begin a stream."""
        self._head(200, ("Content-Type", kind), ("Transfer-Encoding", "chunked"))

    def raw(self, data: bytes) -> None:
        """Send bytes of a stream as they are."""
        self._send(b"%x\r\n%s\r\n" % (len(data), data))

    def event(self, data: Any) -> None:
        """Send one event of a stream."""
        self.raw(b"data: " + json.dumps(data).encode() + b"\n\n")

    def delta(self, content: Any, stop: Any = None) -> None:
        """Send one event with a piece of text, the last one with the reason why it stops."""
        self.event({"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": stop}]})

    def end(self, done: bool = True) -> None:
        """End a stream as it should end; without `done` it is only over."""
        if done:
            self.raw(b"data: [DONE]\n\n")
        self._send(b"0\r\n\r\n")

    def wait(self, seconds: float) -> None:
        """Wait. :raises ClientLeft: as soon as whoever asked is gone, or the endpoint closes."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._closing.is_set():
                raise ClientLeft
            readable, _, _ = select.select([self._handler.connection], [], [], POLL_SECONDS)
            if readable and not self._handler.connection.recv(1, socket.MSG_PEEK):
                raise ClientLeft

    def _head(self, status: int, *headers: tuple[str, str]) -> None:
        self._handler.send_response(status)
        for name, value in (*headers, ("Connection", "close")):
            self._handler.send_header(name, value)
        self._handler.end_headers()

    def _send(self, data: bytes) -> None:
        try:
            self._handler.wfile.write(data)
            self._handler.wfile.flush()
        except OSError as error:
            raise ClientLeft from error


Behaviour = Callable[[Reply, Mapping[str, Any]], None]


class FakeEndpoint:
    """Serves one behaviour while it is entered. `url` ends in /v1; `calls` are the bodies of all POST requests."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.calls: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.left = threading.Event()  # set when a client went away before its answer was complete
        self._closing = threading.Event()

    def __enter__(self) -> FakeEndpoint:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                endpoint.paths.append(self.path)
                endpoint.headers.append(dict(self.headers))
                endpoint.calls.append(json.loads(body))
                self.close_connection = True
                try:
                    endpoint.behaviour(Reply(self, endpoint._closing), endpoint.calls[-1])
                except ClientLeft:
                    endpoint.left.set()

            def do_GET(self) -> None:
                endpoint.paths.append(self.path)
                Reply(self, endpoint._closing).whole(404, {"error": {"message": "nothing here"}})

            def log_message(self, format: str, *args: object) -> None:
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def nobody() -> str:
    """Return the address of an endpoint that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


# Behaviours that answer


def saying(text: str, *, size: int = 24, seconds: float = 0.0, stop: str | None = "stop") -> Behaviour:
    """Answer every request with a text, in pieces of `size` characters, `seconds` apart."""

    def behaviour(reply: Reply, request: Mapping[str, Any]) -> None:
        stream(reply, text, size, seconds, stop)

    return behaviour


def writing(write: Callable[[Mapping[str, Any]], str]) -> Behaviour:
    """Answer each request with what `write` makes of it."""
    return lambda reply, request: stream(reply, write(request))


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Give each request the next behaviour, the last one again and again."""
    left = list(behaviours)
    return lambda reply, request: (left.pop(0) if len(left) > 1 else left[0])(reply, request)


def stream(reply: Reply, text: str, size: int = 24, seconds: float = 0.0, stop: str | None = "stop") -> None:
    """Send a text as a well-behaved endpoint does."""
    reply.begin()
    reply.event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": None}, "finish_reason": None}]})
    for start in range(0, len(text), size):
        reply.delta(text[start : start + size])
        if seconds:
            reply.wait(seconds)
    reply.event({"choices": [{"index": 0, "delta": {}, "finish_reason": stop}]})
    reply.end()


obeying = writing(obedient)


def main(arguments: Sequence[str]) -> None:
    """Serve one behaviour until interrupted."""
    from tests.fake_faults import FAULTS  # it builds on this file

    name = arguments[0] if arguments else "obeying"
    with FakeEndpoint(obeying if name == "obeying" else FAULTS[name][0]) as endpoint:
        sys.stdout.write(f"{name}: {endpoint.url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
