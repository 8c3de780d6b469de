"""What the reader asks for beside the text of a document."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from server import reading
from server.source import AnswererSource
from tests.browser.fake_answerer import FakeAnswerer, library


def client(load: Any) -> TestClient:
    source: Any = AnswererSource(load)
    source.start().join(10)
    app = FastAPI()
    app.include_router(reading.build(source))
    return TestClient(app)


@pytest.mark.parametrize("document", library(), ids=lambda one: one.id)
def test_contents_of_any_document_whatever_its_name(document: Any) -> None:
    found = client(lambda to: to.replace(FakeAnswerer())).get(f"/reader/outline/{quote(document.id)}").json()
    assert found["title"] == document.title
    headings = [one for one in found["entries"] if one["time"] is None]
    for entry in headings:
        assert document.text[entry["start"] : entry["end"]].strip() == entry["text"]


def test_unknown_documents_are_not_found_and_neither_is_any_before_an_index_is_open() -> None:
    assert client(lambda to: to.replace(FakeAnswerer())).get("/reader/outline/../../etc/passwd").status_code == 404
    assert client(lambda to: None).get("/reader/outline/x").status_code == 404
