"""A citation of any span of a document: the words cut anew, and all that the blocks around them tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from answering.citing import cite
from schema import UNKNOWN_LANGUAGE, Block, Citation, Document, Span, Time

LONGEST_QUOTE = 20_000  # characters; the page's reader marks no longer ones
_BESIDE = ("heading", "metadata", "noise")  # roles that do not say whose words a span of several blocks is


def cut(document: Document, start: int, end: int, number: int = 1) -> Citation:
    """Return the citation of `document.text[start:end]`.

    A span over several blocks has the place of its first one, and the speakers of all.

    :raises ValueError: where the span does not lie in the document or is too long.
    """
    if not 0 <= start < end <= len(document.text):
        raise ValueError(f"no characters {start} to {end} in {document.id}")
    if end - start > LONGEST_QUOTE:
        raise ValueError(f"at most {LONGEST_QUOTE:,} characters in one quote")
    met = [block for block in document.blocks if block.start < end and start < block.end]
    blocks = [block for block in met if block.role not in _BESIDE] or met
    first = blocks[0] if blocks else Block(start, end, "body", language=UNKNOWN_LANGUAGE)
    speaker, inferred, quoter = _whose(blocks)
    return replace(
        cite(document, number, Span(start, end), first),
        passage=Span(min(first.start, start), max(first.end, end)),
        speaker=speaker,
        speaker_inferred=inferred,
        quoted_by=quoter,
        time=_time(blocks),
    )


def _whose(blocks: Sequence[Block]) -> tuple[str | None, bool, str | None]:
    """Return speaker, whether inferred, and quoter; where blocks differ, all speakers by name and no quoter."""
    told = {(block.speaker, block.speaker_inferred, block.quoted_by) for block in blocks}
    if len(told) == 1:
        return told.pop()
    names = list(dict.fromkeys(block.speaker for block in blocks if block.speaker))
    if not names:
        return None, False, None
    others = ["…"] if any(block.speaker is None for block in blocks) else []  # not all of it is theirs
    return ", ".join([*names, *others]), any(block.speaker_inferred for block in blocks), None


def _time(blocks: Sequence[Block]) -> Time | None:
    times = [block.time for block in blocks if block.time]
    if not times:
        return None
    return Time(times[0].start_seconds, times[-1].end_seconds, times[0].source_start, times[0].source_end)
