"""A citation: the words of a document between two offsets, and what their place tells of them."""

from __future__ import annotations

from schema import Block, Citation, Document, Passage, Span


def cite(document: Document, number: int, span: Span, place: Passage | Block) -> Citation:
    """Return the citation of a span of a document that lies in `place`, which tells section, speaker and time."""
    return Citation(
        number=number,
        document=document.id,
        title=document.title,
        quote=document.text[span.start : span.end],
        start=span.start,
        end=span.end,
        passage=Span(place.start, place.end),
        section=place.section,
        speaker=place.speaker,
        speaker_inferred=place.speaker_inferred,
        quoted_by=place.quoted_by,
        date=document.date,
        link=document.link,
        page=place.page,
        language=place.language,
        role=place.role,
        origin=document.origin or document.id,
        time=place.time,
    )
