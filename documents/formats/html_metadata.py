"""What a web page states of itself, in its `meta` elements and in JSON-LD: https://schema.org/Article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from documents.formats.metadata import clean_names, clean_title, iso_date, language_code, web_link

TITLES = ("og:title", "dc.title", "citation_title", "twitter:title")
AUTHORS = ("author", "citation_author", "dc.creator", "article:author", "parsely-author")
DATES = (
    "article:published_time",
    "citation_publication_date",
    "datepublished",
    "dc.date",
    "dcterms.date",
    "date",
    "dc.date.issued",
    "dcterms.created",
    "pubdate",
    "parsely-pub-date",
)
LONGEST_JSON = 200_000  # characters of one JSON-LD script
MOST_SCRIPTS = 20
MOST_OBJECTS = 2_000


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """The fields of an Extract that a page can state."""

    title: str | None
    authors: tuple[str, ...]
    date: str | None
    link: str | None
    language: str | None


def read_metadata(root: Any) -> PageMetadata:
    """Read the metadata of a page; scripts must still be in its tree."""
    meta = _meta(root)
    linked = list(_linked_data(root))
    titles = [*(meta.get(name) for name in TITLES), _text(root, "//head/title")]
    authors = next((meta_all for name in AUTHORS if (meta_all := _all(root, name))), [])
    canonical = root.xpath("//link[@rel='canonical']/@href")
    return PageMetadata(
        title=next((title for value in titles if (title := clean_title(value))), None),
        authors=clean_names(name for name in authors if not web_link(name)) or clean_names(_authors(linked)),
        date=next((day for value in _dates(meta, linked, root) if (day := iso_date(value))), None),
        link=next((link for value in (*canonical, meta.get("og:url")) if (link := web_link(value))), None),
        language=language_code(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")),
    )


def _meta(root: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        found.setdefault(name.lower(), element.get("content", ""))
    return found


def _all(root: Any, wanted: str) -> list[str]:
    elements = root.iter("meta")
    return [e.get("content", "") for e in elements if (e.get("name") or e.get("property") or "").lower() == wanted]


def _text(root: Any, path: str) -> str | None:
    found = root.xpath(path)
    return " ".join(found[0].itertext()) if found else None


def _dates(meta: dict[str, str], linked: list[dict[str, Any]], root: Any) -> Iterator[object]:
    yield from (meta.get(name) for name in DATES)
    yield from (item.get("datePublished") for item in linked)
    yield from root.xpath("//article//time/@datetime")[:1]
    yield from root.xpath("//time[@pubdate or @itemprop='datePublished']/@datetime")[:1]


def _authors(linked: list[dict[str, Any]]) -> Iterator[object]:
    for item in linked:
        authors = item.get("author")
        for author in authors if isinstance(authors, list) else [authors]:
            yield author.get("name") if isinstance(author, dict) else author


def _linked_data(root: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of the page's JSON-LD, outer before inner."""
    for script in root.xpath("//script[@type='application/ld+json']")[:MOST_SCRIPTS]:
        try:
            waiting = [json.loads((script.text or "")[:LONGEST_JSON])]
        except (ValueError, RecursionError):
            continue
        for _ in range(MOST_OBJECTS):
            if not waiting:
                break
            item = waiting.pop(0)
            if isinstance(item, dict):
                yield item
                waiting.extend(value for key, value in item.items() if key in ("@graph", "mainEntity"))
            elif isinstance(item, list):
                waiting.extend(item[:100])
