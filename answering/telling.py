"""The text of an answer: quotes with whose words they are, and the few words of our own around them."""

from __future__ import annotations

from collections.abc import Sequence

from answering.replies import Reply
from answering.wording import Wording, line, wording
from schema import Citation


def text_of(
    replied: Reply, citations: Sequence[Citation], language: str, titles: Sequence[str], filtered: bool = False
) -> str:
    """Return the text, in the words that a language has for it; citations are those that it shows.

    :param titles: of a few documents, for who greets.
    :param filtered: whether only a part of the corpus was asked.
    """
    words = wording(language)
    if replied.kind == "greeting":
        return words.greeting.format(titles=words.separator.join(titles))
    if replied.verdict.abstain:
        return _not_said(replied, words, filtered, bool(citations))
    lines = [line(citation, words) for citation in citations]
    return "\n\n".join([*front(replied, citations, words), *lines])


def front(replied: Reply, citations: Sequence[Citation], words: Wording) -> list[str]:
    """Return what goes before what the corpus says, if anything does."""
    if replied.kind == "overview":
        return [words.overview]
    if replied.kind == "quotation":
        places = len(citations) + sum(len(citation.also) for citation in citations)
        return [words.place.format(count=places)] if places > 1 else []
    return [words.partly.format(words=_named(replied, words))] if replied.verdict.missing else []


def _not_said(replied: Reply, words: Wording, filtered: bool, nearest: bool) -> str:
    if filtered and not nearest:
        return words.nothing_passes
    parts = [words.not_said_within if filtered else words.not_said]
    if replied.verdict.missing:
        parts.append(words.nowhere.format(words=_named(replied, words)))
    return " ".join([*parts, words.nearest])


def _named(replied: Reply, words: Wording) -> str:
    return words.separator.join(f"{words.open}{word}{words.close}" for word in replied.verdict.missing)
