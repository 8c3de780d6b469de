"""The front of a document: title, byline, date. And its back: what of the page follows the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from documents.kinds.dates import find_date
from documents.kinds.draft import Draft
from documents.kinds.lines import bare, is_number, is_rule, is_sentence_end, is_unfinished, visual_width
from documents.kinds.names import clean_name, is_name
from documents.kinds.noise import is_interface

_LONGEST_TITLE = 200  # visual characters
_FRONT = 8  # paragraphs in which a title, byline and date may stand
_BY = re.compile(
    r"(?:(?:written\s|posted\s|published\s)?by|von|por|par|di|door|av|af|作者|著者|筆者|文|執筆|撰文)(?:\s*[:：]\s*|\s+)(?P<names>.{2,120})$",
    re.IGNORECASE,
)
_AUTHOR_KEY = re.compile(
    r"(?:authors?|autor(?:en|es)?|auteurs?|作者|著者)\s*[:：]\s*(?P<names>.{2,160})$", re.IGNORECASE
)
_HEADER = re.compile(
    r"(?:from|to|cc|bcc|subject|date|sent|reply-to|von|an|betreff|datum|gesendet|de|para|asunto|fecha|objet|件名|差出人)\s?[:：]\s",
    re.IGNORECASE,
)
_TITLE_BY = re.compile(
    r"[“\"「『](?P<title>.{3,200}?)[”\"」』]\s+(?:by|von|por|par)\s+(?P<names>\S.{1,80})$", re.IGNORECASE
)
_BETWEEN_NAMES = re.compile(r"\s*(?:,|;|、|，|&|\band\b|\bund\b|\by\b|\bet\b|\be\b)\s*")


@dataclass(frozen=True, slots=True)
class Front:
    """What the first lines say of the document."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None  # ISO 8601


def read_front(drafts: Sequence[Draft]) -> Front:
    """Read title, authors and date off the first paragraphs, whatever their roles."""
    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    for i, draft in enumerate(drafts[: 2 * _FRONT]):
        text = " ".join(draft.text.split())
        if both := _TITLE_BY.match(text):
            title, authors = both["title"], authors or _names(both["names"])
        short = visual_width(text) <= 160
        if short and not authors and (i < _FRONT) and (by := _AUTHOR_KEY.match(text) or _BY.match(text)):
            authors = _names(_without_date(by["names"]))
        if short and date is None and draft.role != "heading" and (found := find_date(text)):
            date = found[0]
    if title is None:
        title = _title(drafts)
    return Front(title, authors, date)


def _title(drafts: Sequence[Draft]) -> str | None:
    """Return the first heading of the highest level, or a title line."""
    for draft in drafts[:_FRONT]:
        if draft.role == "metadata" and _is_title(draft) and not find_date(draft.text) and not _BY.match(draft.text):
            return bare(draft.text)
        if draft.role == "heading" and (draft.level or 1) == 1:
            return bare(draft.text)
    return None


def mark_front(drafts: Sequence[Draft]) -> None:
    """Give the title line, bylines and dates at the beginning the role of metadata."""
    marked = any(draft.role == "heading" for draft in drafts)
    seen_title = marked
    for i, draft in enumerate(drafts[:_FRONT]):
        if draft.role is not None:
            continue
        if draft.region is not None and draft.region_role is not None:
            return
        if is_interface(draft.text) and not draft.list_item:
            draft.role = "noise"
        elif is_byline(draft.text) or _HEADER.match(draft.text):
            draft.role = "metadata"
        elif not seen_title and _is_title(draft) and len(drafts) > i + 1 and not draft.list_item:
            draft.role, seen_title = "metadata", True
        else:
            return


def is_byline(text: str) -> bool:
    """Tell whether a short line says who wrote when: "By Ada Berg", "3 March 2024", "Ada Berg, 3 March 2024"."""
    text = " ".join(text.split())
    if visual_width(text) > 120 or is_unfinished(text):
        return False
    by = _AUTHOR_KEY.match(text) or _BY.match(text)
    if by and _names(_without_date(by["names"])):
        return True
    found = find_date(text)
    return found is not None and len(text) - len(found[1]) <= 50 and not (is_sentence_end(text) and len(text) > 60)


def _is_title(draft: Draft) -> bool:
    text = draft.text
    if visual_width(text) > _LONGEST_TITLE or "\n" in text or is_number(text) or is_rule(text):
        return False
    ends = is_sentence_end(text) and not text.rstrip("”\"」')）").endswith(("?", "？", "!", "！"))
    if re.match(r"\d{1,2}(?:\.\d{1,2})*\.?\s", text):
        return False  # the first of numbered headings, or of a list
    return any(char.isalpha() for char in text) and not ends and not is_unfinished(text) and not text.startswith(">")


def mark_back(drafts: Sequence[Draft]) -> None:
    """Give a tail of short lines that ends a page (related articles, menus) the role of noise.

    They are no headings, for nothing stands below them; one of them must be furniture, or in another language.
    """
    tail = len(drafts)
    while tail and _is_bare(drafts[tail - 1]):
        tail -= 1
    lines = drafts[tail:]
    if not lines or tail == 0:
        return
    foreign = all(draft.language != drafts[tail - 1].language for draft in lines)
    if (foreign and len(lines) >= 2) or any(is_interface(draft.text) for draft in lines):
        first = 0 if foreign else next(i for i, draft in enumerate(lines) if is_interface(draft.text))
        for draft in lines[first:]:
            draft.role, draft.level = "noise", None


def _is_bare(draft: Draft) -> bool:
    free = draft.role in (None, "heading", "noise") and not draft.settled
    return free and not draft.list_item and visual_width(draft.text) <= 80 and not is_sentence_end(draft.text)


def _without_date(words: str) -> str:
    found = find_date(words)
    return re.split(r"\s*[|•·–—]\s*|\s+[-]\s+", words.replace(found[1], "") if found else words)[0].strip(" ,;.")


def _names(words: str) -> tuple[str, ...]:
    """Return the names in a list of names; none where one of them is no name."""
    names = [clean_name(name) for name in _BETWEEN_NAMES.split(words.strip(" .")) if name]
    return tuple(names) if names and all(is_name(name, handles=len(names) == 1) for name in names) else ()
