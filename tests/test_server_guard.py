"""The guard lets in what the page needs, and nothing that strangers could do harm with."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from server import guard
from server.application import create_app
from server.guard import BODY_BYTES, Guard, hosts
from server.source import AnswererSource
from settings import Settings
from tests.browser.fake_answerer import FakeAnswerer

HERE = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    source: Any = AnswererSource(lambda to: to.replace(FakeAnswerer()))  # type: ignore[arg-type]
    source.start().join(10)
    with TestClient(create_app(Settings(), source), base_url=HERE, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"), ("GET", "/gradio_api/upload_progress?upload_id=x"), ("POST", "/upload"),
        ("GET", "/gradio_api/proxy=http://127.0.0.1/"), ("HEAD", "/gradio_api/proxy=https://evil.test/"),
        ("GET", "/gradio_api/file=/etc/passwd"), ("GET", "/gradio_api/file=app.py"),
        ("GET", "/gradio_api/file=https://evil.test/"), ("GET", "/gradio_api/file=http://169.254.169.254/"),
        ("GET", "/gradio_api/file/etc/passwd"), ("GET", "/file=/etc/passwd"),
        ("POST", "/gradio_api/component_server"), ("GET", "/gradio_api/dev/reload"), ("GET", "/dev/reload"),
        ("POST", "/gradio_api/vibe-edit"), ("GET", "/gradio_api/vibe-code"), ("POST", "/gradio_api/process_recording"),
        ("POST", "/gradio_api/stream/x"), ("GET", "/gradio_api/stream/x/0/0/playlist.m3u8"),
        ("GET", "/gradio_api/run-history/buckets"), ("GET", "/gradio_api/runs"), ("GET", "/gradio_api/deep_link"),
        ("POST", "/gradio_api/run/predict"), ("POST", "/gradio_api/api/predict"), ("POST", "/run/predict"),
        ("POST", "/gradio_api/call/other"), ("GET", "/gradio_api/custom_component/x/client/component/y.js"),
        ("GET", "/monitoring"), ("GET", "/monitoring/summary"), ("POST", "/login"), ("GET", "/logout"),
        ("GET", "/openapi.json"), ("GET", "/gradio_api/openapi.json"), ("GET", "/docs"), ("GET", "/redoc"),
        ("POST", "/gradio_api/mcp/"), ("GET", "/gradio_api/mcp/sse"), ("GET", "/pwa_icon"), ("GET", "/nothing"),
        ("POST", "/answers/x"), ("POST", "/documents/x"), ("POST", "/"),
        ("GET", "/sidenote/../../../app.py"), ("GET", "/sidenote/%2e%2e/page.py"), ("GET", "/static/../../app.py"),
        ("GET", "/assets/..%2f..%2fapp.py"), ("GET", "//etc/passwd"), ("GET", "/sidenote/../page.py"),
    ],
)  # fmt: skip
def test_closed(client: TestClient, method: str, path: str) -> None:
    response = client.request(method, path)
    assert response.status_code in (403, 404), response.text[:200]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    assert client.request(method, "/").status_code == 405


@pytest.mark.parametrize("path", ["/", "/config", "/theme.css", "/gradio_api/info", "/status", "/sidenote/sidenote.js"])
def test_open(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/status", "/nothing", "/gradio_api/upload", "/answers/0", "/sidenote/sidenote.css"]
)
def test_headers_are_on_everything(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"] == guard.POLICY
    assert "'unsafe-eval'" not in guard.POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:7860", 200), ("localhost", 200), ("LOCALHOST:7860", 200), ("[::1]:7860", 200),
        ("evil.test", 421), ("127.0.0.1.evil.test", 421), ("localhost.evil.test:7860", 421), ("10.0.0.1", 421),
        ("x@127.0.0.1", 421), ("", 421),
    ],
)  # fmt: skip
def test_only_known_hosts(client: TestClient, host: str, status: int) -> None:
    assert client.get("/status", headers={"Host": host}).status_code == status


def test_hosts_of_settings_and_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_HOST", "me-sidenote.hf.space")
    known = hosts(Settings(host="fe80::1", allowed_hosts="sidenote.example.org, books"))
    assert {"localhost", "[fe80::1]", "me-sidenote.hf.space", "sidenote.example.org", "books"} <= set(known)


@pytest.mark.parametrize(("host", "status"), [("192.168.1.5:7860", 404), ("[fe80::1]", 404), ("evil.test", 421)])
def test_where_it_listens_on_all_addresses_a_bare_address_will_do(host: str, status: int) -> None:
    client = TestClient(Guard(lambda *_: None, hosts(Settings(host="0.0.0.0")), any_address=True))  # type: ignore[arg-type]
    assert client.get("/nothing", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True), (HERE, True), ("http://localhost:7860", False), ("http://127.0.0.1:9999", False),
        ("https://evil.test", False), ("null", False), ("", False), ("https://x.hf.space", False),
    ],
)  # fmt: skip
def test_only_our_own_page_may_post(client: TestClient, origin: str | None, allowed: bool) -> None:
    headers = {} if origin is None else {"Origin": origin}
    status = client.post("/gradio_api/call/ask", json={"data": ["Fresnel?"]}, headers=headers).status_code
    assert status == (200 if allowed else 403)


def test_no_other_page_may_read(client: TestClient) -> None:
    for origin in ("https://evil.test", "null", "http://localhost:1"):
        headers = client.get("/status", headers={"Origin": origin}).headers
        assert not [name for name in headers if name.startswith("access-control")]


def test_long_bodies_are_refused(client: TestClient) -> None:
    body = b'{"data": ["' + b"x" * BODY_BYTES + b'"]}'
    assert client.post("/gradio_api/call/ask", content=body).status_code == 413
    pieces = (body[start : start + 1_000] for start in range(0, len(body), 1_000))
    assert client.post("/gradio_api/call/ask", content=pieces).status_code == 413
    lying = {"Content-Length": "1e9"}
    assert client.post("/gradio_api/call/ask", content=b"{}", headers=lying).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b"null", b'{"data": null}', b'{"data": []}', b'{"data": [[]]}',
        b'{"data": [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}]}',
        b"[" * 50_000, b"\xff\xfe", b'{"data": ["\\ud800"]}', b'{"data": [1e999]}', b'{"data": ["a", "b"]}',
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "path", ["/gradio_api/call/ask", "/gradio_api/queue/join", "/gradio_api/reset", "/gradio_api/cancel"]
)
def test_bad_bodies_are_no_server_error(client: TestClient, path: str, body: bytes) -> None:
    response = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert response.status_code < 500


@pytest.mark.parametrize("number", [-1, 0, 1, 2, 3, 99, 10**12])
def test_forged_events_are_no_server_error(client: TestClient, number: int) -> None:
    body = {"data": ["x", ["forged"]], "fn_index": number, "session_hash": "abc", "trigger_id": None}
    assert client.post("/gradio_api/queue/join", json=body).status_code < 500


def call(
    messages: list[dict[str, Any]],
    delay: float = 0,
    upload_bytes: int = 0,
    path: str = "/gradio_api/call/ask",
    taken: bool = False,
) -> int:
    """Send a POST in pieces straight into the guard; return the status of the answer.

    :param taken: whether the application takes all pieces before it answers.
    """

    async def app(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        while taken and message.get("more_body"):
            message = await receive()
        body = message["body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(delay)
        return messages.pop(0)

    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost")]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    asyncio.run(Guard(app, ["localhost"], upload_bytes=upload_bytes)(scope, receive, send))
    return int(sent[0]["status"])


def test_body_in_pieces_arrives_whole() -> None:
    assert (
        call([{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.request", "body": b"b"}]) == 200
    )


def test_slow_bodies_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.05)
    assert call([{"type": "http.request", "body": b"a", "more_body": True}] * 100, delay=0.02) == 408


def test_cut_off_bodies_are_ended() -> None:
    assert call([{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.disconnect"}]) == 400


def test_web_sockets_are_closed(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/"):
        pass


def send_file(pieces: list[bytes], limit: int, delay: float = 0, cut: bool = False, path: str = guard.UPLOAD) -> int:
    """Send a file in pieces straight into the guard; return the status of the answer."""
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": one, "more_body": True} for one in pieces]
    messages.append({"type": "http.disconnect"} if cut else {"type": "http.request", "body": b"", "more_body": False})
    return call(messages, delay, limit, path, taken=True)


def test_files_stream_past_the_limit_of_other_bodies() -> None:
    assert send_file([b"x" * BODY_BYTES] * 3, limit=4 * BODY_BYTES) == 200


def test_files_have_a_limit_while_they_come() -> None:
    assert send_file([b"x" * 60] * 2, limit=100) == 413


def test_files_that_stop_coming_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "IDLE_SECONDS", 0.02)
    assert send_file([b"x"], limit=100, delay=0.1) == 408


def test_files_that_are_cut_off_are_ended() -> None:
    assert send_file([b"x"], limit=100, cut=True) == 400


@pytest.mark.parametrize("path", [guard.UPLOAD, "/library/remove", "/library/undo"])
def test_where_documents_are_fixed_nobody_changes_them(path: str) -> None:
    assert send_file([b"x"], limit=0, path=path) == 403


def test_other_changes_keep_the_small_limit() -> None:
    assert send_file([b"x" * BODY_BYTES] * 2, limit=4 * BODY_BYTES, path="/library/remove") == 413
