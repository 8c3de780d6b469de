"""What a server says on the terminal of the person who started it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import pytest

from errors import UsageError
from server.serve import serve
from settings import ROOT, Settings

_STREAMING = """
import sys
from server.serve import serve
from settings import Settings

async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass

try:
    serve(app, Settings(port=int(sys.argv[1])))
except KeyboardInterrupt:
    pass
"""


def test_stopping_while_a_page_is_open_prints_no_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", _STREAMING, str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            said = _stopped_while_streaming(server, port)
        finally:
            server.kill()
    assert said == ""


def _stopped_while_streaming(server: subprocess.Popen[str], port: int) -> str:
    assert server.stdout
    assert f":{port}" in server.stdout.readline()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as page:
        page.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        begun = page.makefile("rb")
        assert any(b"begun" in line for line in begun)
        server.send_signal(signal.SIGINT)
        return server.communicate(timeout=20)[1]


def test_taken_port_is_said_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="SIDENOTE_PORT"):
            serve(lambda *_: None, Settings(port=taken.getsockname()[1]))  # type: ignore[arg-type]
