"""Plain texts: headings, lists, footnotes and paragraphs, however their lines are wrapped."""

from __future__ import annotations

from documents.extract import Extract
from documents.kinds.article import mark_dividers, mark_summaries, only_author, without_noise
from documents.kinds.draft import begin
from documents.kinds.finish import finish
from documents.kinds.footnotes import mark_footnotes
from documents.kinds.front import mark_back, mark_front
from documents.kinds.headings import mark_headings, mark_typed_headings, rank_headings
from documents.kinds.labels import mark_labels
from documents.kinds.repeats import mark_quoted_lines
from documents.kinds.reports import mark_reports
from documents.sidecar import Sidecar
from schema import Block


def parse(extract: Extract, sidecar: Sidecar | None = None) -> tuple[Block, ...]:
    """Return the blocks of a plain text. :raises DocumentError: where a part of the sidecar is not in the text."""
    sidecar = sidecar or Sidecar()
    drafts = begin(extract, sidecar)
    mark_typed_headings(drafts)
    mark_dividers(drafts)
    mark_front(drafts)
    mark_back(drafts)
    mark_footnotes(drafts)
    mark_headings(drafts)
    mark_quoted_lines(without_noise(drafts))
    rank_headings(drafts)
    mark_summaries(drafts)
    mark_labels(drafts)
    mark_reports(drafts, set(sidecar.authors or extract.authors))
    return finish(drafts, voice=only_author(drafts, sidecar, extract))
