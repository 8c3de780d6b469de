"""Listen and serve until stopped."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys

import uvicorn
from starlette.types import ASGIApp

from errors import UsageError
from server.guard import EVERYWHERE, bracketed
from settings import Settings

STOP_SECONDS = 2  # that answers under way get when the server is stopped; pages keep a stream open for ever


def serve(app: ASGIApp, settings: Settings) -> None:
    """Serve `app` under the address of the settings. :raises UsageError: where it cannot be had."""
    listening = _listen(settings.host, settings.port)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # addresses of visitors, and nothing that helps
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    logging.getLogger("uvicorn.error").addFilter(_worth_saying)
    shown = "localhost" if settings.host in EVERYWHERE else bracketed(settings.host)
    sys.stdout.write(f"Sidenote is at http://{shown}:{settings.port} (Ctrl-C stops it)\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[listening])


def _worth_saying(record: logging.LogRecord) -> bool:
    """Leave out that streams of open pages are cut when the server is stopped: that is no error, and a long one."""
    error = record.exc_info[1] if record.exc_info else None
    return (
        not isinstance(error, asyncio.CancelledError)
        and "timeout graceful shutdown exceeded" not in record.getMessage()
    )


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()  # before the address is said, so that whoever goes there at once is let in
    except (OSError, OverflowError) as error:
        reason = f"cannot listen on {host}, port {port} ({error})"
        raise UsageError(f"{reason}: set SIDENOTE_HOST or SIDENOTE_PORT to others") from error
    return listening
