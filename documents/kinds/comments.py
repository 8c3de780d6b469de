"""Tell the comments of a discussion from the text that they are about, and from each other.

By a sidecar where there is one; else by bylines ("ada · 3 hours ago"), else by a line such as "12 comments", else by
where the headings and footnotes are: the comments are the side that has none and repeats the other's words.
"""

from __future__ import annotations

from collections.abc import Sequence

from documents.kinds.bylines import find_bylines, is_comments_title, is_when
from documents.kinds.draft import Draft
from documents.kinds.noise import is_counter, is_interface
from documents.kinds.repeats import repeated_elsewhere


def mark_comments(drafts: Sequence[Draft]) -> bool:
    """Give comments their numbers and speakers; what they are about keeps no number.

    Return whether a sidecar, bylines or a title tell where they are.
    """
    told = [draft for draft in drafts if draft.region_role == "comment"]
    if told:
        _number_regions(told)
        _mark_loose([draft for draft in told if draft.region and not draft.region.part.numbered])
        return True
    if any(draft.region_role == "body" for draft in drafts):
        _mark_loose([draft for draft in drafts if draft.region_role is None])
        return True
    bylines = find_bylines(drafts)
    title = next((i for i, draft in enumerate(drafts) if i and is_comments_title(draft.text)), None)
    if title is not None:
        drafts[title].role, drafts[title].settled = "metadata", True
    if len(bylines) >= 2 or (bylines and title is not None):
        _by_bylines(drafts, bylines, title)
        return True
    if title is not None:
        _number(drafts[title + 1 :])
    return title is not None


def mark_unsigned_comments(drafts: Sequence[Draft]) -> None:
    """Find comments that nothing announces, by headings, footnotes and quotations; these must be marked already."""
    first, last = without_cues(drafts)
    _number(drafts[first:last])


def _mark_loose(drafts: Sequence[Draft]) -> None:
    """Tell apart the comments of a stretch that is known to hold nothing else."""
    bylines = find_bylines(drafts)
    if bylines:
        _by_bylines(drafts, bylines, None)
    else:
        _number(drafts)


def _number_regions(drafts: Sequence[Draft]) -> None:
    number = 0
    region = None
    for draft in drafts:
        if draft.region is not region:
            region = draft.region
            number += 1
        draft.comment = number if region is None or region.part.numbered else None
        draft.stretch = 1


def _by_bylines(drafts: Sequence[Draft], bylines: dict[int, str], title: int | None) -> None:
    """Give each comment the speaker of the line above it. Before the first one, or the title, stands the post."""
    post_first = title is None and min(bylines) <= 2 and len(bylines) >= 3
    speaker: str | None = None
    number = 0
    for i, draft in enumerate(drafts):
        before = (title is not None and i < title) or (i < min(bylines))
        if i in bylines:
            speaker = bylines[i]
            draft.role, draft.settled = "metadata", True
            number += not before and not (post_first and i == min(bylines))
        elif is_when(draft.text) and i - 1 in bylines:
            draft.role = "metadata"
        elif draft.role in (None, "heading") and not draft.settled and _is_furniture(draft.text):
            draft.role = "noise"
        if i == title:
            speaker = None
        elif not draft.settled and draft.role is None and speaker and "speaker" not in draft.told:
            draft.speaker = speaker
        if number:
            draft.comment, draft.stretch = number, 1


def _is_furniture(text: str) -> bool:
    return is_counter(text) or is_interface(text)


def _number(drafts: Sequence[Draft]) -> None:
    """Count comments by where the page cut them off ("..."), the only border that is left without names."""
    number = 1
    for draft in drafts:
        draft.stretch = 1
        if draft.role == "noise":
            continue
        draft.comment = number
        number += draft.text.rstrip().endswith(("...", "…")) and len(draft.text) > 60


def without_cues(drafts: Sequence[Draft]) -> tuple[int, int]:
    """Return where the comments begin and end: the side that has quotations and no headings or footnotes.

    A quotation is followed by an answer, so that the comments reach at least one paragraph beyond the last one.
    """
    quoting = repeated_elsewhere(drafts)
    made = [i for i, draft in enumerate(drafts) if draft.role in ("footnote", "heading") and i not in quoting]
    strong = [i for i in made if drafts[i].role == "footnote" or _is_strong(drafts, i)]
    if not quoting or not strong:
        return (0, 0)
    before = [i for i in quoting if i < strong[0]]
    after = [i for i in quoting if i > strong[-1]]
    if len(before) >= len(after):
        return (0, min(before[-1] + 2, strong[0])) if before else (0, 0)
    ends_in_notes = drafts[strong[-1]].role == "footnote"
    return (strong[-1] + 1 if ends_in_notes else after[0]), len(drafts)


def _is_strong(drafts: Sequence[Draft], i: int) -> bool:
    """Tell whether a heading is no cut-off line: it begins with a capital and other headings follow it soon."""
    later = sum(draft.role in ("heading", "footnote") for draft in drafts[i + 1 : i + 60])
    text = drafts[i].text
    return not text.startswith("(") and text[-1:] not in "?？" and not drafts[i].list_item and later >= 3
