"""Documents that a text calls by their titles: the way from what was found to what it speaks of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from text.words import tokens

_SHORTEST = 5  # letters of a title of one word
_LONGEST = 8  # words of a title that are compared
_MOST = 3  # documents of one title; a title of more names none of them
_IN_BRACKETS = re.compile(r"\s*[(（][^)）]*[)）]\s*$")  # "Alexandria (Louisiana)" is called Alexandria


class Titles:
    """The titles of a corpus. Safe to use from several threads."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        named: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for document_id, title in titles.items():
            for form in dict.fromkeys((title, _IN_BRACKETS.sub("", title))):
                words = tuple(tokens(form))[:_LONGEST]
                if len(words) > 1 or (words and len(words[0]) >= _SHORTEST):
                    named[words].append(document_id)
        self._named = {words: ids for words, ids in named.items() if len(ids) <= _MOST}
        self._first = {words[0] for words in self._named}

    def named_in(self, text: str) -> list[str]:
        """Return the ids of the documents whose titles stand in a text, each once, in order."""
        words = tokens(text)
        found: dict[str, None] = {}
        for at, word in enumerate(words):
            if word in self._first:
                for length in range(_LONGEST, 0, -1):
                    found |= dict.fromkeys(self._named.get(tuple(words[at : at + length]), ()))
        return list(found)
