"""Questions that stand in documents with something below them, and questions about their sections and speakers.

They are candidates: whether one is any good is only known once it was asked (ui/suggestions.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from answering.quotes import without_label
from retrieval.cues import leans_on_earlier
from schema import Block, Document, Span
from text.sentences import split
from text.words import is_cjk, tokens
from ui import wording
from ui.examples import COMFORTABLE, LONGEST, SHORTEST, asks, line, width

MOST = 200  # candidates of one corpus; asking them all takes minutes of one core
OURS = ("speaker", "section")  # sources of questions that are of our making
_LEANING, _SHORT = 6, 8  # first words of a question of more words than that, in which a pronoun points back
_WORDS = 4  # fewest words of a question in the midst of a text that is understood without it
_CHARACTERS = 12  # the same where words are not parted by blanks
_SECTION_WORDS, _SECTION_CHARACTERS = 2, 5  # fewest different words of the name of a section that says something
_SECTION_LONGEST = 60  # columns
_SPEAKERS = 6  # of one document that are asked about
# Words that speak to somebody or of oneself: what "you" did is no question to a pile of documents.
_TO_SOMEBODY = re.compile(
    r"\b(?:you|your|yours|i|me|my|we|us|our|ihr|euch|euer|sie|du|dich|dein\w*|ich|wir|uns|unser\w*|usted\w*|tú|tu|"
    r"vous|votre|nous|notre|je|yo|nosotros)\b|あなた|おっしゃ|私|僕|我々|你|您|我",
    re.IGNORECASE,
)
_SOURCES = ("heading", "chapter", "sentence", "speaker", "section")  # the first are a person's own words


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the span of a document in which its answer should stand. `source` is where it was taken from."""

    text: str
    language: str
    document: str
    start: int
    end: int
    source: str
    speaker: str | None = None


def candidates(documents: Iterable[Document]) -> list[Candidate]:
    """Return at most `MOST` candidates, the best of each document and language in turn."""
    groups: dict[tuple[str, str], list[Candidate]] = {}
    for document in documents:
        for found in _of(document):
            groups.setdefault((found.document, found.language), []).append(found)
    ordered = [sorted(group, key=_pleasing) for group in groups.values()]
    turns = (found for row in zip_longest(*ordered) for found in row if found is not None)
    return list(islice({plain(found.text): found for found in turns}.values(), MOST))


def _of(document: Document) -> Iterator[Candidate]:
    """Yield the candidates of a document."""
    blocks = [block for block in document.blocks if block.role != "noise"]
    speakers: dict[str, None] = {}
    for number, block in enumerate(blocks):
        if block.role in ("body", "turn", "translation"):
            yield from _in_the_midst(document, blocks, number)
        elif block.role in ("heading", "metadata") and (below := _below(blocks, number)) is not None:
            source = "heading" if block.role == "heading" else "chapter"
            lines = [
                line(document.text[span.start : span.end])
                for span in (_unnamed(document, block, one) for one in split(document.text, block.start, block.end))
            ]
            for text in filter(asks, lines):
                yield from _fitting(Candidate(text, block.language, document.id, *below, source))
            if block.role == "heading" and not any(map(asks, lines)):
                yield from _about(document, blocks[number + 1], " ".join(filter(None, lines)), below, speakers)


def _below(blocks: Sequence[Block], number: int) -> tuple[int, int] | None:
    """Return the span from a heading to the next one, None where nothing stands between them."""
    under = number + 1
    while under < len(blocks) and blocks[under].role not in ("heading", "metadata"):
        under += 1
    return (blocks[number].end, blocks[under - 1].end) if under > number + 1 else None


def _in_the_midst(document: Document, blocks: Sequence[Block], number: int) -> Iterator[Candidate]:
    """Yield the questions in a paragraph that are answered in the rest of it or in the next one."""
    block = blocks[number]
    after = blocks[number + 1] if number + 1 < len(blocks) and blocks[number + 1].role == block.role else block
    for span in (_unnamed(document, block, one) for one in split(document.text, block.start, block.end)):
        text = line(document.text[span.start : span.end])
        enough = len(tokens(text)) >= _WORDS and (not is_cjk(text) or len(text) >= _CHARACTERS)
        if asks(text) and enough and not to_somebody(text):
            yield from _fitting(Candidate(text, block.language, document.id, span.end, after.end, "sentence"))


def _unnamed(document: Document, block: Block, span: Span) -> Span:
    """Return the span of a sentence without the name of its speaker in front, as interviews are written."""
    return without_label(document.text, span, block.speaker)


def _about(
    document: Document, first: Block, name: str, below: tuple[int, int], speakers: dict[str, None]
) -> Iterator[Candidate]:
    """Yield questions about a section and who speaks in it, where the page has words for that in its language."""
    if first.language not in wording.LANGUAGES or not _names_a_matter(name):
        return
    words, place = wording.load(first.language), (first.language, document.id, *below)
    yield from _fitting(Candidate(words["suggest_section"].format(section=name), *place, "section"))
    who = first.speaker
    if (
        who
        and len(who.split()) > 1
        and not first.speaker_inferred
        and who not in speakers
        and len(speakers) < _SPEAKERS
    ):
        speakers[who] = None
        yield from _fitting(
            Candidate(words["suggest_speaker"].format(speaker=who, section=name), *place, "speaker", who)
        )


def _names_a_matter(name: str) -> bool:
    """Tell whether the name of a section may stand in a question: no sentence, nobody's exclamation, not one word."""
    enough = len(set(tokens(name))) >= _SECTION_WORDS or (
        is_cjk(name) and len({character for character in name if character.isalpha()}) >= _SECTION_CHARACTERS
    )
    ended = name[-1:] in ".…。!！,、" or any(mark in name for mark in ":：")  # what follows a colon is a verdict
    return enough and not ended and width(name) <= _SECTION_LONGEST and not to_somebody(name)


def _fitting(candidate: Candidate) -> Iterator[Candidate]:
    """Yield a candidate that is short and stands alone."""
    text = candidate.text
    words = text.split()
    opening = " ".join(words[:_LEANING] if len(words) > _SHORT else words)
    if SHORTEST <= width(text) <= LONGEST and not leans_on_earlier(opening):
        yield candidate


def plain(text: str) -> str:
    """Return a question as it is compared: its words alone."""
    return " ".join(tokens(text))


def to_somebody(text: str) -> bool:
    """Tell whether a text speaks to somebody or of whoever speaks."""
    return bool(_TO_SOMEBODY.search(text))


def _pleasing(candidate: Candidate) -> tuple[bool, int, int]:
    """Order candidates of a document: to nobody in particular, in the author's words, of a comfortable length."""
    text = candidate.text
    return to_somebody(text), _SOURCES.index(candidate.source), abs(width(text) - COMFORTABLE)
