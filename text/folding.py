"""A search copy of a text: what typography and keyboards vary is made alike, and every letter knows where it stands.

Alike become case, Unicode forms (NFKC), kinds and runs of white space, quotes, dashes. White space between two Chinese
or Japanese characters goes, for there it only wraps lines; so do characters that only say where a line may break.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from schema import Span

_ALIKE = {"'": "’‘‛‚`´′ʹʼ‹›", '"': "“”„‟«»″〝〞〟", "-": "‐‑‒–—―−﹘"}
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufe00-\ufe0f\ufeff]")
_HAN_OR_KANA = r"\u3001-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WRAPPED = re.compile(rf" (?<=[{_HAN_OR_KANA}] )(?=[{_HAN_OR_KANA}])")  # the blank first: that is found fastest
_FIRST_JOINING = "\u0300"  # no character before this one combines with what stands before it


@dataclass(frozen=True, slots=True)
class Aligned:
    """A search copy, and for each of its characters the span of the text that it was made from."""

    text: str
    spans: tuple[Span, ...]


def fold(text: str) -> str:
    r"""Return the search copy of a text, without white space at its ends.

    " It’s\n ＯＮＥ — ﬁne" -> "it's one - fine"
    """
    copy = " ".join(_letters(text).split())
    return copy if copy.isascii() else _WRAPPED.sub("", copy)


def align(text: str) -> Aligned:
    """Return what `fold` returns with the origin of each character; some 100 times slower."""
    raw: list[str] = []
    spans: list[Span] = []
    for span in _clusters(text):
        letters = _letters(text[span.start : span.end])
        raw += letters
        spans += [span] * len(letters)
    kept = [at for at, char in enumerate(raw) if not (char.isspace() and (at == 0 or raw[at - 1].isspace()))]
    if kept and raw[kept[-1]].isspace():
        kept.pop()
    copy = "".join(" " if raw[at].isspace() else raw[at] for at in kept)
    gone = {found.start() for found in _WRAPPED.finditer(copy)}
    return Aligned(_WRAPPED.sub("", copy), tuple(spans[at] for n, at in enumerate(kept) if n not in gone))


def blank_between(before: str, after: str) -> str:
    """Return what a copy has between two copies that white space parts: a blank, or nothing inside wrapped lines."""
    return _WRAPPED.sub("", f"{before[-1:]} {after[:1]}")[len(before[-1:]) : -1 if after else None]


def _letters(text: str) -> str:
    for plain, variants in _ALIKE.items():
        for variant in variants:
            text = text.replace(variant, plain)
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _INVISIBLE.sub("", composed)


def _clusters(text: str) -> list[Span]:
    """Cut a text where no Unicode form reaches across: a character and those that combine with it."""
    starts = [at for at, char in enumerate(text) if at == 0 or char < _FIRST_JOINING or not joins(char)]
    return [Span(start, end) for start, end in pairwise([*starts, len(text)])]


@lru_cache(maxsize=4096)
def joins(char: str) -> bool:
    """Tell whether a character combines with the one before it: a mark, or a vowel or final of a Korean syllable."""
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"
