"""The wall around the application: what may come in, and the headers that everything leaves with.

Pure ASGI, so that streamed answers are not held back. Gradio alone lets strangers upload files, fetch addresses
through it, read from any web page and ask under any host name; here only what the page needs is open.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.visitors import Visitors
from settings import Settings

BODY_BYTES = 64 * 1024  # a question of 2,000 characters takes 8 kB at most
BODY_SECONDS = 5.0  # from the first to the last byte of a body
IDLE_SECONDS = 30.0  # between two pieces of a file that is sent
UPLOAD = "/library/upload"  # the one route whose body is a file: it streams, and has a limit of its own
MCP = "/mcp"  # where language models look things up, if the setting is on
LOCAL = ("localhost", "127.0.0.1", "[::1]")
EVERYWHERE = ("0.0.0.0", "::", "[::]")

# 'unsafe-inline' is what Gradio's page needs. So the policy keeps everything from leaving for another host, and
# ui/render.py and `textContent` keep documents from becoming markup in the first place.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; media-src 'none'; object-src 'none'; frame-src 'none'; "
    "worker-src 'self' blob:; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self' https://huggingface.co https://*.hf.space"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_OPEN = {
    "GET": re.compile(
        r"/|/config/?|/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json|/(?:assets|static|svelte)/.+"
        r"|/gradio_api/(?:info/?|app_id/?|startup-events|theme\.css|heartbeat/\w+|queue/(?:data|status)"
        r"|call/(?:v2/)?(?:ask|search|document)/\w+)"
        r"|/status|/answers/\w+|/documents/.+|/sidenote/.+|/reader/.+|/search|/strip|/suggestions|/filters"
        r"|/library(?:/.*)?|/collections",
        re.DOTALL,
    ),
    "POST": re.compile(
        r"/gradio_api/(?:queue/join/?|call/(?:v2/)?(?:ask|search|document)/?|reset/?|cancel)"
        r"|/export|/feedback|/library/.+",
        re.DOTALL,
    ),
}

log = logging.getLogger("sidenote")


class Guard:
    """Refuse what the page does not need before the application sees it; put the headers on what leaves.

    :param hosts: names under which the page may be visited, without port; IPv6 addresses in brackets.
    :param any_address: whether a bare IP address is a fine name too, as where the page listens on all of them. It
        cannot be used for DNS rebinding, which needs a name.
    :param behind_proxy: whether a proxy in front says whom it speaks for, as in a Space.
    :param upload_bytes: the largest file that may be sent; 0 where visitors may not change the documents.
    :param mcp: whether `/mcp` is open.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Iterable[str],
        any_address: bool = False,
        upload_bytes: int = 0,
        mcp: bool = False,
        behind_proxy: bool = False,
    ) -> None:
        self._app = app
        self._upload_bytes = upload_bytes
        self._mcp = mcp
        self._hosts = frozenset(host.lower() for host in hosts if host)
        self._any_address = any_address
        self._visitors = Visitors(behind_proxy)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            else:  # nothing of ours speaks over a web socket
                await send({"type": "websocket.close"})
            return
        outgoing = _Outgoing(send)
        refusal = self._refusal(scope)
        try:
            if refusal is None:
                file = scope["method"] == "POST" and _inner(scope["path"]) == UPLOAD
                body = _streamed(receive, self._upload_bytes) if file else await _with_body(receive)
                await self._app(self._visitors.named(scope), body, outgoing)
        except _RefusedError as error:
            refusal = error.args
        except Exception as error:  # headers and a plain sentence go out, and no visitor's words to the log
            log.error("%s while answering %s", type(error).__name__, scope["path"].split("/")[1][:40])
            if outgoing.begun:
                raise
            # Gradio looks up what a stranger names and echoes what it cannot encode without asking whether it can.
            forged = scope["method"] == "POST" and isinstance(error, KeyError | ValueError)
            refusal = (400, "Bad request.") if forged else (500, "Something went wrong.")
        await outgoing.finish(refusal)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and reason where a request may not pass."""
        path = _inner(scope["path"])
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        if not self._known(_name(host)):
            return 421, "Unknown host name. SIDENOTE_ALLOWED_HOSTS lists further ones under which to visit this page."
        tools = self._mcp and scope["path"] == MCP
        if method not in _OPEN or (tools and method != "POST"):
            return 405, "Method not allowed."
        if not (tools or _OPEN[method].fullmatch(path)):
            return 404, "Not found."
        if method == "POST" and not self._own(headers.get("origin"), host):
            return 403, "This request comes from another page."
        if method == "POST" and path.startswith("/library/") and not self._upload_bytes:
            return 403, "The documents of this page cannot be changed by its visitors."
        limit = self._upload_bytes if method == "POST" and path == UPLOAD else BODY_BYTES
        length = headers.get("content-length", "0")
        if not (length.isdecimal() and int(length[:12]) <= limit):
            return 413, f"At most {limit:,} bytes."
        return None

    def _known(self, name: str) -> bool:
        return name in self._hosts or (self._any_address and _is_address(name))

    def _own(self, origin: str | None, host: str) -> bool:
        """Tell whether a request comes from our own page, or from no page at all (a program)."""
        if origin is None:
            return True
        there = urlsplit(origin).netloc.lower()
        return bool(there) and (there == host.lower() or (_name(there) in self._hosts - {*LOCAL}))


def hosts(settings: Settings) -> list[str]:
    """Return the names under which the page may be visited: local ones, those set, and a Space's own."""
    further = [name.strip() for name in settings.allowed_hosts.split(",")]
    return [*LOCAL, bracketed(settings.host), os.environ.get("SPACE_HOST", ""), *further]


class _RefusedError(Exception):
    """A body that is too long, too slow or cut off. Carries status and reason."""


async def _with_body(receive: Receive) -> Receive:
    """Read the whole body, which is small, and return a `receive` that gives it and then goes on as before."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _RefusedError(400, "Cut off.")
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > BODY_BYTES:
                    raise _RefusedError(413, f"At most {BODY_BYTES} bytes.")
    except TimeoutError:
        raise _RefusedError(408, "Too slow.") from None
    whole: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

    async def go_on() -> Message:
        return whole.pop() if whole else await receive()

    return go_on


def _streamed(receive: Receive, limit: int) -> Receive:
    """Return a `receive` that passes a body on as it comes, and ends one that is too long, idle or cut off."""
    came, more = 0, True

    async def piece() -> Message:
        nonlocal came, more
        if not more:
            return await receive()
        try:
            async with asyncio.timeout(IDLE_SECONDS):
                message = await receive()
        except TimeoutError:
            raise _RefusedError(408, "Too slow.") from None
        if message["type"] == "http.disconnect":
            raise _RefusedError(400, "Cut off.")
        came += len(message.get("body", b""))
        more = message.get("more_body", False)
        if came > limit:
            raise _RefusedError(413, f"At most {limit:,} bytes.")
        return message

    return piece


class _Outgoing:
    """A `send` that sets our headers and takes away those that tell too much or open us to other pages.

    It holds a server error back until it is known what it was.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._held: list[Message] = []
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if self._held or (message["type"] == "http.response.start" and message["status"] >= 500):
            self._held.append(message)
        else:
            await self._pass(message)

    async def finish(self, refusal: tuple[int, str] | None) -> None:
        """Send the refusal, a short plain answer, or else what was held back."""
        if refusal is not None:
            status, reason = refusal
            refused = PlainTextResponse(reason, status, {"connection": "close"})
            self._held = [
                {"type": "http.response.start", "status": status, "headers": refused.raw_headers},
                {"type": "http.response.body", "body": refused.body},
            ]
        for message in self._held:
            await self._pass(message)

    async def _pass(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name in {key for key in headers if key == "server" or key.startswith("access-control-")}:
                del headers[name]
            headers.update(HEADERS)
        await self._send(message)


def _inner(path: str) -> str:
    """Return a path without the collection that it is below: "/in/minutes/status" -> "/status"."""
    return re.sub(r"\A/in/[^/]+(?=/)", "", path)


def _name(host: str) -> str:
    """Return a Host header without its port, in lower case: "LOCALHOST:80" -> "localhost", "[::1]:80" -> "[::1]"."""
    return re.sub(r":\d*\Z", "", host.strip()).lower().rstrip(".")


def bracketed(host: str) -> str:
    """Return a host as it stands in an address: an IPv6 one in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
