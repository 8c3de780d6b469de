"""Footnotes: lines that begin with their mark or end with the arrow that leads back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from documents.kinds.draft import Draft

_BACK = re.compile(r"[↩↑⏎⬆][\ufe0e\ufe0f]?\s*$")
_NUMBERED = re.compile(r"(?:\[\^?\w{1,12}\]:?|[⁰¹²³⁴-⁹]{1,3}|\^\d{1,3})\s{0,8}(?=\S)")
_INSIDE = re.compile(r"\[\^?\w{1,12}\]|[⁰¹²³⁴-⁹]{1,3}")


def mark_footnotes(drafts: Sequence[Draft]) -> None:
    """Give footnotes their role: a back arrow at the end, or a mark in front that a text before it carries."""
    marks: set[str] = set()
    for draft in drafts:
        match = _NUMBERED.match(draft.text)
        own = match.group().rstrip(": \t\n") if match else None
        known = own in marks and draft.region_role != "comment"
        if draft.is_prose and draft.role is None and (known or _BACK.search(draft.text[-12:])):
            draft.role = "footnote"
        inside = draft.text[match.end() :] if match else draft.text
        marks.update(_INSIDE.findall(inside[:20_000]))
