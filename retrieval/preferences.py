"""Where a question says to look: whose words, which kind of source, which words exactly. Bonuses, never filters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from retrieval import cues
from retrieval.aliases import describes, split_role
from retrieval.query import Query
from retrieval.weights import Weights
from schema import Passage
from text.words import fold, tokens

_SHORTEST_NAME = 3  # letters of a part of a name that may stand for the whole
_SHORTEST_ROLE = 4  # letters of a role ("blog author") by which a longer word ("blogger") may call it
_OWN_WORDS = ("body", "summary", "translation", "turn")  # roles in which a document speaks for itself
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Forms:
    """How a speaker may be called: folded in full, by parts that are names, by words that are a role."""

    full: str
    names: frozenset[str]
    roles: frozenset[str]


class Preferences:
    """What questions say about where to look, for one corpus. Safe to use from several threads."""

    def __init__(
        self, speakers: Iterable[str], weights: Weights, described: Mapping[str, frozenset[str]] | None = None
    ) -> None:
        """Prepare to read questions.

        :param described: words by which the corpus describes a speaker (retrieval/aliases.py).
        """
        self._speakers = {name: _forms(name) for name in speakers}
        self._described = described or {}
        self._weights = weights

    def named(self, text: str) -> frozenset[str]:
        """Return the speakers that a text names, in full, by a part of the name, by their role or as described."""
        folded, words = fold(text), {word.removesuffix("'s") for word in tokens(text)}
        return frozenset(
            name
            for name, forms in self._speakers.items()
            if _calls(forms, folded, words) or describes(self._described.get(name, ()), words)
        )

    def bonuses(
        self, query: Query, named: frozenset[str], passage: Passage, text: str, near: Mapping[int, float]
    ) -> dict[str, float]:
        """Return what a passage gains, by name, for standing where the question says.

        :param named: the speakers that the question names.
        :param text: the passage's words.
        :param near: passages near what answered the turn before, with how near each is, 0..1.
        """
        weights, places = self._weights, query.places
        parts = {
            "near": weights.near * near.get(passage.id, 0.0),
            "language": weights.language * (passage.language in query.languages),
            "own_language": weights.own_language * (not query.languages and passage.language == query.language),
            "speaker": weights.speaker * (passage.speaker in named),
            "quoted": weights.quoted * holds_any(text, query.quoted),
            "source": weights.source * any(stands_in(passage, place) for place in places),
            "recording": weights.recording * (query.asks_when and passage.time is not None),
        }
        return {name: bonus for name, bonus in parts.items() if bonus}


def stands_in(passage: Passage, place: str) -> bool:
    """Tell whether a passage stands in a kind of place (cues.PLACES)."""
    if place == "recording":
        return passage.time is not None
    if place == "author":
        return passage.role in _OWN_WORDS and passage.speaker is not None and passage.quoted_by is None
    return passage.role == place


def holds_any(text: str, quoted: Iterable[str]) -> bool:
    """Tell whether a text holds any of the (folded) words."""
    folded = _BLANKS.sub(" ", fold(text))
    return any(words in folded for words in quoted)


def _calls(forms: _Forms, folded: str, words: set[str]) -> bool:
    if forms.full in folded or not forms.names.isdisjoint(words):
        return True
    return any(word.startswith(role) for role in forms.roles for word in words)


def _forms(speaker: str) -> _Forms:
    """Return how a speaker may be called.

    "Ada Moor (clerk)" -> names {"ada", "moor"}, roles {"clerk"}; "a member of staff" -> roles {"member", "staff"}, for
    it is no name. A word that calls many speakers ("author") is no role of one.
    """
    name, role = split_role(speaker)
    parts = name.split()
    is_name = len(parts) > 1 and all(part[0].isupper() for part in parts)
    names = frozenset(fold(part) for part in parts if is_name and len(part) >= _SHORTEST_NAME)
    called = role.split() if role else [] if any(part[0].isupper() for part in parts) else parts
    roles = frozenset(fold(part) for part in called if len(part) >= _SHORTEST_ROLE)
    return _Forms(fold(name), names, roles - cues.AUTHORS)
