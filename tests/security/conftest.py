"""Fixtures of the attack tests: a browser, a page of it, and a site on which the module's own answerer answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.harness import chromium, page, record, serving
from tests.security.hostile import HostileAnswerer

__all__ = ["chromium", "page", "record"]


@pytest.fixture(scope="module")
def site(answerer: HostileAnswerer) -> Iterator[str]:
    with serving(lambda source: source.replace(answerer)) as url:  # type: ignore[arg-type]
        yield url
