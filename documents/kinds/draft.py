"""A paragraph on its way to a block: the kinds fill it in step by step, then it is frozen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from documents.extract import Extract, Mark
from documents.kinds.languages import assign_languages
from documents.kinds.lines import is_list_item
from documents.kinds.paragraphs import Paragraph, cut
from documents.kinds.places import Place, place
from documents.sidecar import Sidecar
from schema import UNKNOWN_LANGUAGE, Block, Role, Time

_MARKS_OF_LINES = " \t\r\n>-*#\"'“”「」.,;:"


@dataclass(slots=True)
class Draft:
    """What is known so far of one paragraph. `settled` means that its role is told, by a mark or a sidecar."""

    start: int
    end: int
    text: str
    mark: Mark | None = None
    region: Place | None = None
    gap: bool = False
    list_item: bool = False
    settled: bool = False
    role: Role | None = None
    level: int | None = None
    section: tuple[str, ...] | None = None
    labels: tuple[str, ...] = ()  # run-in labels, below the section
    speaker: str | None = None
    speaker_inferred: bool = False
    quoted_by: str | None = None
    reports: tuple[str, ...] = ()
    comment: int | None = None
    stretch: int = 0  # changes where a new text begins (a translation, the comments): headings do not reach across
    time: Time | None = None
    language: str = UNKNOWN_LANGUAGE
    told: frozenset[str] = field(default=frozenset())  # what a sidecar says of it: names of fields

    @property
    def region_role(self) -> Role | None:
        """Return the role that the sidecar gives to the stretch around the paragraph."""
        return self.region.part.role if self.region else None

    @property
    def whole(self) -> tuple[int, int]:
        """Return what identifies the text that the paragraph belongs to: headings hold within it."""
        return self.stretch, id(self.region)

    @property
    def is_prose(self) -> bool:
        """Tell whether nothing is known against it being running text."""
        return self.role in (None, "body", "comment", "summary", "translation") and not self.settled

    def block(self, role: Role, section: tuple[str, ...]) -> Block:
        """Freeze the draft."""
        mark = self.mark
        return Block(
            start=self.start,
            end=self.end,
            role=role,
            section=section,
            level=self.level if role == "heading" else None,
            speaker=self.speaker,
            speaker_inferred=self.speaker_inferred and self.speaker is not None,
            quoted_by=self.quoted_by,
            reports=self.reports,
            comment=self.comment,
            time=self.time,
            page=mark.page if mark else None,
            boxes=mark.boxes if mark else (),
            language=self.language,
        )


def begin(extract: Extract, sidecar: Sidecar) -> list[Draft]:
    """Cut a text into drafts, with what its marks and its sidecar say of each.

    :raises DocumentError: where a part of the sidecar is not in the text.
    """
    paragraphs = cut(extract)
    places = place(sidecar, extract.text, [(p.start, p.end) for p in paragraphs])
    pieces = list(_split(extract.text, paragraphs, places))
    drafts = [_draft(extract.text, paragraph) for paragraph in pieces]
    _apply(drafts, places)
    assign_languages(drafts, sidecar.language or extract.language)
    return drafts


def _draft(text: str, paragraph: Paragraph) -> Draft:
    mark = paragraph.mark
    words = text[paragraph.start : paragraph.end]
    draft = Draft(paragraph.start, paragraph.end, words, mark, gap=paragraph.gap, list_item=is_list_item(words))
    if mark is not None:
        draft.list_item = mark.list_item or draft.list_item
        draft.time, draft.level = mark.time, mark.level
        draft.speaker, draft.speaker_inferred = mark.speaker, mark.speaker_inferred
        if mark.role != "body":
            draft.role, draft.settled = mark.role, True
    return draft


def _split(text: str, paragraphs: Iterable[Paragraph], places: list[Place]) -> Iterator[Paragraph]:
    """Cut paragraphs further where a part begins or ends inside one."""
    borders = sorted({border for place in places for border in (place.start, place.end)})
    at = 0
    for paragraph in paragraphs:
        start, gap = paragraph.start, paragraph.gap
        while at < len(borders) and borders[at] <= start:
            at += 1
        while at < len(borders) and borders[at] < paragraph.end:
            border = borders[at]
            at += 1
            left, right = text[start:border].strip(), text[border : paragraph.end].strip()
            if left.strip(_MARKS_OF_LINES) and right.strip(_MARKS_OF_LINES):
                yield Paragraph(start, start + len(text[start:border].rstrip()), paragraph.mark, gap)
                start = paragraph.end - len(text[border : paragraph.end].lstrip())
                gap = False
        yield Paragraph(start, paragraph.end, paragraph.mark, gap)


def _apply(drafts: list[Draft], places: list[Place]) -> None:
    """Write on each draft what the parts say of it: a part covers a draft when it covers the draft's middle."""
    regions = [place for place in places if place.region]
    singles = [place for place in places if not place.region]
    for draft, region in _covering(drafts, regions):
        draft.region = region
        draft.language = region.part.language or draft.language
        draft.told |= {"language"} if region.part.language else set()
    for draft, single in _covering(drafts, singles):
        _settle(draft, single)


def _covering(drafts: list[Draft], places: list[Place]) -> Iterator[tuple[Draft, Place]]:
    """Yield each draft with each place that covers its middle. Both are in order; places may nest a little."""
    active: list[Place] = []
    coming = 0
    for draft in drafts:
        middle = (draft.start + draft.end) // 2
        while coming < len(places) and places[coming].start <= middle:
            active.append(places[coming])
            coming += 1
        active = [one for one in active if one.end > middle]
        for one in active:
            yield draft, one


def _settle(draft: Draft, place: Place) -> None:
    part = place.part
    if part.role is not None:
        draft.role, draft.settled = part.role, True
    draft.level = part.level or draft.level
    draft.section = part.section if part.section is not None else draft.section
    draft.language = part.language or draft.language
    draft.quoted_by = part.quoted_by or draft.quoted_by
    draft.reports = part.reports or draft.reports
    if part.speaker is not None:
        draft.speaker, draft.speaker_inferred = part.speaker or None, part.basis == "inferred"
    told = {name for name in ("role", "level", "section", "speaker", "quoted_by", "language") if getattr(part, name)}
    draft.told |= told | ({"reports"} if part.reports else set())
