"""Visitors are told apart by where they come from; what they are called says nothing, and nobody chooses it."""

from __future__ import annotations

from typing import Any

import pytest

from server.visitors import Visitors
from ui.context import VISITOR


def name(visitors: Visitors, address: str | None, **headers: str) -> str:
    sent = [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]
    scope: dict[str, Any] = {"type": "http", "headers": sent, "client": (address, 1) if address else None}
    named = [value for key, value in visitors.named(scope)["headers"] if key == VISITOR.encode()]
    assert len(named) == 1 and len(scope["headers"]) == len(headers)
    return str(named[0].decode())


def test_one_address_has_one_name_that_does_not_hold_it() -> None:
    visitors = Visitors()
    ada = name(visitors, "192.0.2.7")
    assert ada == name(visitors, "192.0.2.7") != name(visitors, "192.0.2.8")
    assert "192" not in ada and ada != name(Visitors(), "192.0.2.7"), "another process names them anew"


def test_nobody_names_himself() -> None:
    visitors = Visitors()
    assert name(visitors, "192.0.2.7", x_sidenote_visitor="chosen", X_Sidenote_Visitor="too") == name(
        visitors, "192.0.2.7"
    )


def test_a_network_of_64_bits_is_one_visitor() -> None:
    visitors = Visitors()
    assert name(visitors, "2001:db8::1") == name(visitors, "2001:db8::ffff:1") != name(visitors, "2001:db8:0:1::1")


@pytest.mark.parametrize("address", [None, "", "testclient"])
def test_all_without_an_address_are_one(address: str | None) -> None:
    visitors = Visitors()
    assert name(visitors, address) == name(visitors, None) != name(visitors, "192.0.2.7")


def test_what_a_proxy_says_counts_only_behind_one_and_only_its_own_word() -> None:
    alone, behind = Visitors(), Visitors(behind_proxy=True)
    assert name(alone, "10.0.0.1", x_forwarded_for="192.0.2.7") == name(alone, "10.0.0.1")
    ada = name(behind, "10.0.0.1", x_forwarded_for="192.0.2.7")
    assert ada == name(behind, "10.0.0.2", x_forwarded_for="198.51.100.9, 192.0.2.7")
    assert ada != name(behind, "10.0.0.1") != name(behind, "10.0.0.1", x_forwarded_for="192.0.2.8")
    assert name(behind, "10.0.0.1", x_forwarded_for="<script>") == name(behind, None)
