"""Who asks, for what one may have a language model write: told apart, never known, never written down."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets

from starlette.datastructures import Headers
from starlette.types import Scope

from ui.context import VISITOR

_HEADER = VISITOR.encode()


class Visitors:
    """Gives each visitor a name that stays the same as long as the process lives, and tells nothing about him.

    :param behind_proxy: whether a proxy in front says for whom it asks, as in a Space.
    """

    def __init__(self, behind_proxy: bool = False) -> None:
        self._behind_proxy = behind_proxy
        self._secret = secrets.token_bytes(16)

    def named(self, scope: Scope) -> Scope:
        """Return a request with the visitor's name in the header for it, whatever it came with."""
        name = hashlib.blake2b(self._address(scope).encode(), key=self._secret, digest_size=16).hexdigest()
        others = [pair for pair in scope["headers"] if pair[0].lower() != _HEADER]
        return {**scope, "headers": [*others, (_HEADER, name.encode())]}

    def _address(self, scope: Scope) -> str:
        """Return where a request comes from: of IPv6 the network of 64 bits, all of which one visitor may have.

        A proxy adds the address that asked it at the end of a list; what stands before, anybody may have written.
        """
        address: str = (scope.get("client") or ("",))[0]
        if self._behind_proxy:
            address = Headers(scope=scope).get("x-forwarded-for", "").rpartition(",")[2].strip() or address
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return ""  # all who cannot be told apart are one
        return str(ipaddress.ip_network((parsed, 64), strict=False) if parsed.version == 6 else parsed)
