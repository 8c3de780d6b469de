"""What the reader asks for beside the text of a document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from documents.discover import discover
from documents.reading import read_file
from server import reading
from server.source import AnswererSource
from settings import Settings
from tests.browser.fake_answerer import FakeAnswerer, library

FORMATS = Path(__file__).parent / "data" / "formats"


def client(load: Any, settings: Settings | None = None) -> TestClient:
    source: Any = AnswererSource(load)
    source.start().join(10)
    app = FastAPI()
    app.include_router(reading.build(source, settings or Settings()))
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


def test_pages_of_a_pdf_come_as_pictures_with_the_places_of_a_quote() -> None:
    settings = Settings(corpus=FORMATS)
    file = next(one for one in discover(FORMATS, settings).files if one.id == "tides-typst.pdf")
    document = read_file(file, settings)
    asked = client(lambda to: to.replace(FakeAnswerer([document])), settings)
    start = document.text.index("Margaret Tolland")
    places = asked.get(f"/reader/places/{document.id}?start={start}&end={start + 40}").json()
    assert (places["pages"], places["page"], places["trouble"]) == (2, 1, None)
    assert all(mark["exact"] for mark in places["marks"])
    asking = {"page": 1, "width": 700, "version": places["version"]}
    picture = asked.get(f"/reader/page/{document.id}", params=asking)
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert asked.get(f"/reader/page/{document.id}", params=asking | {"page": 9}).status_code == 422
    assert asked.get(f"/reader/page/{document.id}", params=asking | {"page": 0}).status_code == 404
    assert asked.get(f"/reader/page/{document.id}", params=asking | {"version": "another"}).status_code == 404
    assert asked.get(f"/reader/places/{document.id}?start=5&end=5").status_code == 400


def test_a_file_that_is_gone_is_said_and_other_formats_have_no_pages(tmp_path: Path) -> None:
    gone = replace(library()[0], format="pdf")
    asked = client(lambda to: to.replace(FakeAnswerer([gone, library()[1]])), Settings(corpus=tmp_path))
    assert asked.get(f"/reader/places/{quote(gone.id)}?start=0&end=5").json() == {"trouble": "gone"}
    assert asked.get(f"/reader/places/{quote(library()[1].id)}?start=0&end=5").status_code == 404
