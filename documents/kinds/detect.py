"""Choose the kind of a document by the build of its lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from documents.extract import Extract
from documents.kinds.bylines import find_bylines, is_comments_title
from documents.kinds.comments import without_cues
from documents.kinds.draft import Draft
from documents.kinds.footnotes import mark_footnotes
from documents.kinds.front import read_front
from documents.kinds.headings import mark_headings, mark_typed_headings
from documents.kinds.quotations import opened_by
from documents.kinds.repeats import repeated_elsewhere
from documents.kinds.reports import reported_in
from documents.kinds.transcript import read_cue, speaker_names
from schema import Kind

_READ = 3_000  # paragraphs


def detect_kind(extract: Extract, drafts: Sequence[Draft]) -> Kind:
    """Return what the document looks like. The drafts are read, and headings and footnotes marked on them."""
    drafts = drafts[:_READ]
    if _is_transcript(drafts):
        return "transcript"
    mark_footnotes(drafts)
    mark_typed_headings(drafts)
    mark_headings(drafts)
    if _is_discussion(drafts):
        return "discussion"
    return "article" if _is_article(extract, drafts) else "text"


def _is_transcript(drafts: Sequence[Draft]) -> bool:
    """Tell whether times or speakers stand before most of what is said."""
    lines = [draft.text for draft in drafts]
    if any(draft.mark is not None and draft.mark.role == "turn" for draft in drafts):
        return True
    names = speaker_names(lines)
    cues = [cue for line in lines if (cue := read_cue(line, names)) is not None]
    timed = [cue for cue in cues if cue.start is not None]
    rising = sum((a.start or 0) <= (b.start or 0) for a, b in pairwise(timed))
    if len(timed) >= 3 and len(timed) >= 0.12 * len(lines) and rising >= 0.8 * (len(timed) - 1):
        return True
    named = sum(cue.start is None for cue in cues)
    return named >= 4 and named >= 0.4 * len(lines) and 2 <= len({cue.speaker for cue in cues}) <= 12


def _is_discussion(drafts: Sequence[Draft]) -> bool:
    """Tell whether people answer each other: bylines, "12 comments", "> " lines, paragraphs said twice."""
    bylines = len(find_bylines(drafts))
    titled = any(is_comments_title(draft.text) for draft in drafts[1:])
    if bylines >= 3 or (titled and bylines >= 1):
        return True
    marked = sum(draft.text.startswith(">") for draft in drafts)
    if marked >= 3 and marked >= 0.05 * len(drafts):
        return True
    again = [i for i in repeated_elsewhere(drafts) if len(drafts[i].text) > 60]
    first, last = without_cues(drafts)
    inside = sum(first <= i < last for i in again)
    return last - first >= 4 and inside >= 2 and inside >= 0.6 * len(again) and inside >= 0.02 * len(drafts)


def _is_article(extract: Extract, drafts: Sequence[Draft]) -> bool:
    """Tell whether it is a page with a title, in several languages, signed, or with people quoted by name."""
    sizes: Counter[str] = Counter()
    for draft in drafts:
        sizes[draft.language] += len(draft.text)
    languages = [language for language, size in sizes.items() if size >= 0.15 * sum(sizes.values())]
    quoted = sum(opening is not None and opening.certain for opening in (opened_by(draft.text) for draft in drafts))
    signed = bool(extract.authors or read_front(drafts).authors)
    telling = quoted >= 2 or (quoted == 1 and any(reported_in(draft.text, draft.language, {}) for draft in drafts))
    return extract.format in ("html", "epub") or len(languages) > 1 or telling or signed
