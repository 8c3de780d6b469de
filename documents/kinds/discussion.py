"""Discussions: a post with its headings and footnotes, and the comments on it with what they quote."""

from __future__ import annotations

from documents.extract import Extract
from documents.kinds.article import known_names, mark_dividers, only_author, without_noise
from documents.kinds.comments import mark_comments, mark_unsigned_comments
from documents.kinds.draft import Draft, begin
from documents.kinds.finish import finish
from documents.kinds.footnotes import mark_footnotes
from documents.kinds.front import mark_front
from documents.kinds.headings import mark_headings, mark_typed_headings, rank_headings
from documents.kinds.labels import mark_labels
from documents.kinds.quotations import mark_quotations
from documents.kinds.repeats import mark_quoted_lines, mark_repeats
from documents.kinds.reports import mark_reports
from documents.sidecar import Sidecar
from schema import Block


def parse(extract: Extract, sidecar: Sidecar | None = None) -> tuple[Block, ...]:
    """Return the blocks of a discussion. :raises DocumentError: where a part of the sidecar is not in the text."""
    sidecar = sidecar or Sidecar()
    drafts = begin(extract, sidecar)
    mark_typed_headings(drafts)
    mark_dividers(drafts)
    mark_front(drafts)
    announced = mark_comments(drafts)
    _settle_comments(drafts)
    mark_footnotes(drafts)
    mark_headings(drafts)
    if not announced:
        mark_unsigned_comments(drafts)
        _settle_comments(drafts)
    rank_headings(drafts)
    voice = only_author(drafts, sidecar, extract)
    post = [draft for draft in without_noise(drafts) if draft.comment is None and draft.region_role != "comment"]
    names = mark_quotations(post)
    for draft in post:  # before the comments are read, so that who quotes the post quotes its author
        if voice and draft.is_prose and draft.speaker is None and draft.region is None:
            draft.speaker = voice
    mark_quoted_lines(without_noise(drafts))
    mark_repeats(without_noise(drafts))
    mark_reports(drafts, names | known_names(drafts, sidecar, extract))
    mark_labels(drafts)
    return finish(drafts, voice=voice)


def _settle_comments(drafts: list[Draft]) -> None:
    """Make everything in a comment that no mark says otherwise a comment: its short lines are no headings."""
    for draft in drafts:
        if draft.comment is not None and not draft.settled and draft.role in (None, "heading", "footnote"):
            draft.role, draft.level = "comment", None
