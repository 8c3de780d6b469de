"""Quotations inside comments: a paragraph that repeats, exactly or nearly, words that stand elsewhere.

Paragraphs are compared by runs of four words (of eight characters in writing without blanks), as copies are found in
Broder, "On the resemblance and containment of documents" (1997): the share of its runs that a source contains.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from documents.kinds.bylines import attributed_to
from documents.kinds.draft import Draft
from text.words import fold

_WORDS = 4  # words of a run
_CHARACTERS = 8  # characters of a run in Chinese, Japanese and Korean
_FEWEST_RUNS = 3  # a shorter paragraph may repeat another by chance
_CONTAINED = 0.7  # share of the runs that the source must hold
_READ = 4_000  # characters of a paragraph
_COMMONEST = 50  # paragraphs that hold a run; commoner runs tell nothing
_TOKEN = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+(?:'[^\W_]+)*")
_MARKED = re.compile(r"\s*>")


def mark_quoted_lines(drafts: Sequence[Draft]) -> None:
    """Give paragraphs that begin with ">" outside comments their role, and the speaker whom the line above names."""
    for i, draft in enumerate(drafts):
        if _MARKED.match(draft.text) and draft.is_prose and draft.role is None:
            _attribute(drafts, i)
            draft.role = "quotation"


def mark_repeats(drafts: Sequence[Draft]) -> None:
    """Give the quoting paragraphs of comments their role, speaker and who quotes them.

    The source of a quotation is the text that is commented on, or an earlier comment.
    """
    runs = [_runs(draft.text) for draft in drafts]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, own in enumerate(runs):
        if drafts[i].role not in ("noise", "metadata"):
            for run in own:
                holders[run].append(i)
    last: tuple[int, int] = (-2, -2)  # the paragraph that quoted last, and what it quoted
    for i, draft in enumerate(drafts):
        if not _in_comment(draft) or (draft.settled and draft.role != "quotation"):
            continue
        marked = _MARKED.match(draft.text) is not None
        source = _source(drafts, i, runs[i], holders)
        if source is None and last[0] == i - 1:
            source = _next_line(drafts, i, last[1])
        if source is not None:
            last = (i, source)
        if marked and source is None:
            _attribute(drafts, i)
        if source is not None or marked or draft.role == "quotation":
            _quote(draft, drafts[source] if source is not None else None)


def repeated_elsewhere(drafts: Sequence[Draft]) -> list[int]:
    """Return the paragraphs that say what a part of another, longer or later one says, or begin with ">".

    It is not known yet which of two is the quotation: only where such paragraphs gather is of use.
    """
    runs = [_runs(draft.text) for draft in drafts]
    holders: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for i, own in enumerate(runs):
        for run in own:
            holders[run].add(i)
    found = []
    for i, own in enumerate(runs):
        again = sum(len(holders[run]) > 1 for run in own)
        if _MARKED.match(drafts[i].text) or (len(own) >= _FEWEST_RUNS and again >= _CONTAINED * len(own)):
            found.append(i)
    return found


def _in_comment(draft: Draft) -> bool:
    return draft.comment is not None or draft.region_role == "comment" or draft.role == "comment"


def _runs(text: str) -> set[tuple[str, ...]]:
    tokens = _TOKEN.findall(fold(text[:_READ]))
    size = _CHARACTERS if sum(len(token) == 1 and token > "\u3000" for token in tokens) > len(tokens) / 2 else _WORDS
    return {tuple(tokens[k : k + size]) for k in range(len(tokens) - size + 1)}


def _source(
    drafts: Sequence[Draft], i: int, own: set[tuple[str, ...]], holders: dict[tuple[str, ...], list[int]]
) -> int | None:
    """Return the paragraph that `i` repeats: it holds most runs, its neighbour below perhaps the others."""
    if len(own) < _FEWEST_RUNS:
        return None
    held: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    for run in own:
        if len(holders[run]) <= _COMMONEST:
            for holder in holders[run]:
                if _may_be_source(drafts, holder, i):
                    held[holder].add(run)
    if not held:
        return None
    best = max(held, key=lambda k: (len(held[k]), not _in_comment(drafts[k]), -k))
    together = held[best] | held.get(best + 1, set()) | held.get(best - 1, set())
    return best if len(together) >= _CONTAINED * len(own) and len(held[best]) >= 0.4 * len(own) else None


def _next_line(drafts: Sequence[Draft], i: int, quoted: int) -> int | None:
    """Return the paragraph below the one just quoted where `i` says the same: a quotation of several lines."""
    words = _TOKEN.findall(fold(drafts[i].text[:_READ]))
    for k in range(quoted + 1, min(quoted + 3, len(drafts))):
        if words and k != i and words == _TOKEN.findall(fold(drafts[k].text[:_READ])):
            return k
    return None


def _may_be_source(drafts: Sequence[Draft], source: int, i: int) -> bool:
    if source == i:
        return False
    if not _in_comment(drafts[source]):
        return True
    return source < i and (drafts[source].comment is None or drafts[source].comment != drafts[i].comment)


def _attribute(drafts: Sequence[Draft], i: int) -> None:
    """Give a marked quotation the speaker that the line above names, or that its first line was given."""
    if i == 0 or "speaker" in drafts[i].told:
        return
    above = drafts[i - 1]
    if _MARKED.match(above.text):
        name, inferred = above.speaker, above.speaker_inferred
    else:
        name, inferred = attributed_to(above.text), False
    if name is not None:
        drafts[i].speaker, drafts[i].speaker_inferred = name, inferred
        drafts[i].told |= {"speaker"}


def _quote(draft: Draft, source: Draft | None) -> None:
    draft.role = "quotation"
    quoter = (draft.speaker if "speaker" not in draft.told else None) or _region_speaker(draft)
    draft.quoted_by = draft.quoted_by or quoter
    if "speaker" in draft.told:
        return
    draft.speaker, draft.speaker_inferred = None, False
    if source is not None and (speaker := source.speaker or _region_speaker(source)):
        draft.speaker, draft.speaker_inferred = speaker, True


def _region_speaker(draft: Draft) -> str | None:
    return draft.region.part.speaker if draft.region else None
