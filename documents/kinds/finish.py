"""Freeze drafts into blocks: default roles, section paths, and speakers from the stretch around."""

from __future__ import annotations

from collections.abc import Sequence

from documents.kinds.draft import Draft
from documents.kinds.lines import bare
from schema import Block, Role

_LONGEST_TITLE = 400  # characters of a heading that go into a section path
_SPOKEN: frozenset[Role] = frozenset(
    {"heading", "body", "comment", "footnote", "translation", "turn"}
)  # a summary is somebody else's words, and so are metadata
_AUTHORS: frozenset[Role] = frozenset({"heading", "body", "footnote", "translation"})


def finish(drafts: Sequence[Draft], default: Role = "body", voice: str | None = None) -> tuple[Block, ...]:
    """Return the blocks; drafts without a role take that of their region, else `default`.

    :param voice: who speaks where nothing else is told: the only author.
    """
    path: list[tuple[int, str]] = []
    blocks = []
    whole = drafts[0].whole if drafts else None
    for draft in drafts:
        if draft.whole != whole:
            whole, path = draft.whole, []
        role: Role = draft.role or draft.region_role or default
        if role == "heading":
            level = draft.level or 1
            path = [(above, title) for above, title in path if above < level]
        _inherit(draft, role)
        if voice is not None:
            _give_voice(draft, role, voice)
        blocks.append(draft.block(role, _section(draft, path)))
        if role == "heading":
            path.append((draft.level or 1, bare(draft.text)[:_LONGEST_TITLE]))
    return tuple(blocks)


def _section(draft: Draft, path: list[tuple[int, str]]) -> tuple[str, ...]:
    if draft.section is not None:
        return draft.section
    if draft.role == "footnote":
        return ()  # it stands at the end, and belongs to where its mark is
    base = (draft.region.part.section or ()) if draft.region else ()
    return base + tuple(title for _, title in path) + draft.labels


def _give_voice(draft: Draft, role: Role, voice: str) -> None:
    if draft.comment is not None or draft.region_role == "comment":
        return
    if role in _AUTHORS and draft.speaker is None and "speaker" not in draft.told:
        draft.speaker = voice
    elif role in ("quotation", "translation") and draft.speaker not in (None, voice):
        draft.quoted_by = draft.quoted_by or voice


def _inherit(draft: Draft, role: Role) -> None:
    """Take the speaker of the region; in a quotation he is the one who quotes."""
    if draft.region is None:
        return
    part = draft.region.part
    if not part.speaker and not part.quoted_by and not part.reports:
        return
    others_words = draft.speaker is not None and draft.speaker != part.speaker and role != "turn"
    quoting = role == "quotation" or others_words
    if quoting:
        draft.quoted_by = draft.quoted_by or part.speaker
    elif role in _SPOKEN and draft.speaker is None:
        draft.speaker, draft.speaker_inferred = part.speaker, part.basis == "inferred"
    draft.quoted_by = draft.quoted_by or part.quoted_by
    draft.reports = draft.reports or part.reports
