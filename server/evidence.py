"""What the page's script draws evidence from: an answer, and what it does not carry of the other places it names."""

from __future__ import annotations

from typing import Any

from schema import UNKNOWN_LANGUAGE, Also, Answer, Citation, Document
from server.source import Opened


def evidence(opened: Opened | None, answer: Answer) -> dict[str, Any]:
    """Return the answer; the titles of the documents that `also` names; for each citation its places and its state.

    A place is `{"language", "original"}`: `original` tells that the citation was made from it, not it from the
    citation. Places that the open index does not know are left out together with the others of their citation.
    A state is "verbatim" where the open index holds the quote at its offsets, compared now; else "changed" or "gone".
    """
    shown = answer.nearest if answer.abstained else answer.citations
    titles = opened.titles if opened else {}
    known = [all(place.document in titles for place in cited.also) for cited in shown]
    return {
        "answer": answer.to_json(),
        "titles": {at.document: titles[at.document] for one in shown for at in one.also if at.document in titles},
        "states": [_state(opened, cited) for cited in shown],
        "places": [
            [_place(opened, place) for place in cited.also] if opened and whole else []
            for cited, whole in zip(shown, known, strict=True)
        ],
    }


def _state(opened: Opened | None, cited: Citation) -> str:
    if opened is None or cited.document not in opened.titles:
        return "gone"
    text = opened.answerer.index.document(cited.document).text
    return "verbatim" if text[cited.start : cited.end] == cited.quote else "changed"


def _place(opened: Opened, place: Also) -> dict[str, Any]:
    index = opened.answerer.index
    pairs = index.alignments(place.document, place.start, place.end)
    return {
        "language": _language(index.document(place.document), place.start),
        "original": any(
            pair.a_document == place.document
            and pair.relation == place.relation
            and pair.a.start < place.end
            and place.start < pair.a.end
            for pair in pairs
        ),
    }


def _language(document: Document, offset: int) -> str:
    """Return the language of the block at an offset, or of the one before it."""
    block = document.block_at(offset)
    return block.language if block else UNKNOWN_LANGUAGE
