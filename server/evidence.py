"""What the page's script draws evidence from: an answer, and what it does not carry of the other places it names."""

from __future__ import annotations

from typing import Any

from schema import UNKNOWN_LANGUAGE, Also, Answer, Block, Citation, Document, Span
from server.source import Opened
from text.sentences import goes_on


def evidence(opened: Opened | None, answer: Answer) -> dict[str, Any]:
    """Return the answer; the titles of the documents that `also` names; for each citation its places, state and cuts.

    `writer` is the name of the model that wrote the answer, None where it was not written.

    A place is `{"language", "original", "section", "speaker", "comment", "time", "page"}`: `original` tells that the
    citation was made from it, not it from the citation; the others are of the block that it begins in, `time` its first
    second. Places that the open index does not know are left out together with the others of their citation.
    A state is "verbatim" where the open index holds the quote at its offsets, compared now; else "changed" or "gone".
    `cut` tells whether its sentence goes on in the document before and after a quote that is verbatim.
    """
    shown = answer.nearest if answer.abstained else answer.citations
    titles = opened.titles if opened else {}
    known = [all(place.document in titles for place in cited.also) for cited in shown]
    states = [_state(opened, cited) for cited in shown]
    return {
        "answer": answer.to_json(),
        "writer": writer_of(opened) if answer.mode == "composed" else None,
        "titles": {at.document: titles[at.document] for one in shown for at in one.also if at.document in titles},
        "states": states,
        "cut": [
            _cut(opened.answerer.index.document(cited.document), cited)
            if opened and state == "verbatim"
            else [False, False]
            for cited, state in zip(shown, states, strict=True)
        ],
        "places": [
            [_place(opened, place) for place in cited.also] if opened and whole else []
            for cited, whole in zip(shown, known, strict=True)
        ],
    }


def writer_of(opened: Opened | None) -> str | None:
    """Return the name of the language model that writes. It is the same as long as the process lives."""
    return opened.answerer.writer.name if opened and opened.answerer.writer else None


def _state(opened: Opened | None, cited: Citation) -> str:
    if opened is None or cited.document not in opened.titles:
        return "gone"
    text = opened.answerer.index.document(cited.document).text
    return "verbatim" if text[cited.start : cited.end] == cited.quote else "changed"


def _cut(document: Document, cited: Citation) -> list[bool]:
    """Tell whether the sentence of a quote goes on before and after it, be it in the paragraph that follows."""
    first, last = document.block_at(cited.start), document.block_at(cited.end - 1)
    span = Span(cited.start, cited.end)
    before = first is not None and goes_on(document.text, span, Span(first.start, max(first.end, cited.end)))[0]
    after = last is not None and goes_on(document.text, span, Span(min(last.start, cited.start), last.end))[1]
    return [before, after or (last is not None and _runs_over(document, last, cited.end))]


def _runs_over(document: Document, block: Block, end: int) -> bool:
    """Tell whether a paragraph breaks off behind a quote that ends it, and the next one goes on with its sentence."""
    rest = document.text[end : block.end].strip()
    following = next((one for one in document.blocks if one.start >= block.end and one.role != "noise"), None)
    if rest or following is None or (following.role, following.comment) != (block.role, block.comment):
        return False
    if not document.text[end - 1].isalnum():
        return False
    opening = document.text[following.start : following.start + 2]
    return opening[:1].islower() and opening[1:] not in (")", ".")


def _place(opened: Opened, place: Also) -> dict[str, Any]:
    index = opened.answerer.index
    pairs = index.alignments(place.document, place.start, place.end)
    block = index.document(place.document).block_at(place.start)
    return {
        "language": block.language if block else UNKNOWN_LANGUAGE,
        "section": block.section[-1] if block and block.section else None,
        "speaker": block.speaker if block else None,
        "comment": block.comment if block else None,
        "time": block.time.start_seconds if block and block.time else None,
        "page": block.page if block else None,
        "original": any(
            pair.a_document == place.document
            and pair.relation == place.relation
            and pair.a.start < place.end
            and place.start < pair.a.end
            for pair in pairs
        ),
    }
