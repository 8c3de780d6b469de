"""References as RIS, which reference managers read: one record a quote, one field a line, whatever the words hold."""

from __future__ import annotations

from collections.abc import Iterator

from export.bundle import Bundle, Quoted, Work
from export.names import chicago_authors, name, parts_of
from export.plain import one_line
from export.references import Reference, reference

_TYPES = {"discussion": "BLOG", "article": "ELEC", "transcript": "SOUND", "text": "GEN"}
_END = "\r\n"


def records(bundle: Bundle) -> str:
    """Return a record for every quote of the bundle, with the quote and the reader's note as notes (N1)."""
    return "".join(_record(one, bundle.work(one.citation)) for one in bundle.quoted())


def _record(one: Quoted, work: Work) -> str:
    lines = [f"{tag}  - {one_line(value)}" for tag, value in _fields(one, work) if value.strip()]
    return _END.join([*lines, "ER  - ", _END])


def _fields(one: Quoted, work: Work) -> Iterator[tuple[str, str]]:
    told = reference(one.citation, work)
    year, month, day = parts_of(told.date)
    yield "TY", _TYPES[work.kind]
    yield from _authors(told)
    if year:
        yield "PY", year
        yield "DA", f"{year}/{f'{month:02d}' if month else ''}/{f'{day:02d}' if day else ''}/"
    yield "SP", str(one.citation.page) if one.citation.page is not None else ""
    yield "UR", told.link or ""
    yield "LA", "" if one.citation.language == "und" else one.citation.language
    yield "N1", f"“{one_line(one.citation.quote)}”"
    yield "N1", ", ".join([*told.about, *told.place])
    yield "N1", one.note


def _authors(told: Reference) -> Iterator[tuple[str, str]]:
    """Yield author and title: "Speaker, in Author, Title" where the words are not the author's own."""
    by = chicago_authors(told.authors, inverted=False)
    if told.speaker:
        yield "AU", told.speaker
        yield "TI", f"In {by}, {told.title}" if by else f"In {told.title}"
        for author in told.authors:
            yield "A2", name(author).inverted
        yield "T2", told.title
    else:
        for author in told.authors:
            yield "AU", name(author).inverted
        yield "TI", told.title
