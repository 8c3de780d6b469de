"""What else a speaker is called, as the corpus says: "the chief of our brigade, Ada Moor," -> chief, brigade.

Only where the text says so beside the full name: in apposition with an article, or in brackets behind the name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from index.reader import Index
from text.words import terms, tokens

_SPEAKERS = 100  # those with most passages
_PASSAGES = 40  # passages with the name that are looked at
_SHORTEST = 4  # letters; shorter words are mostly articles and prepositions
_SHARED = 3  # speakers of whom a word is said, from which it tells them apart no longer
_ARTICLE = r"(?:the|our|their|his|her|an?|der|die|das|dem|den|unser\w*|eine?[rmn]?|el|la|un|una|le|l['’])"
# What stands between a thing and a person says nothing of that person: "the conversation with Ada Moor".
_BETWEEN = frozenset(
    "with from about between like says said told that when which against mit über gegen zwischen sagt sagte con"
    " sobre entre dice dijo avec sur contre selon dans pour".split()
)
_WORDS = r"(?:[^\W\d_][\w’'-]*\s+){0,5}[^\W\d_][\w’'-]*"
_TITLES = r"(?:(?:Dr|Prof|Mr|Ms|Mrs)\.?\s+)?"
_BRACKETED = re.compile(r"^(?P<name>[^()（）]+?)\s*[(（](?P<role>[^()（）]+)[)）]$")


def split_role(speaker: str) -> tuple[str, str]:
    """Return the name and what stands in brackets behind it: "Ada Moor (clerk)" -> ("Ada Moor", "clerk")."""
    match = _BRACKETED.match(speaker)
    return (match["name"], match["role"]) if match else (speaker, "")


def descriptions(index: Index) -> Mapping[str, frozenset[str]]:
    """Return by speaker the words by which the corpus describes them, those left out that are said of many."""
    found = {name: _described(index, split_role(name)[0]) for name in list(index.speakers())[:_SPEAKERS]}
    said = [word for words in found.values() for word in words]
    return {name: frozenset(w for w in words if said.count(w) < _SHARED) for name, words in found.items()}


def describes(words: Collection[str], asked: Collection[str]) -> bool:
    """Tell whether a question calls somebody so: by half of the words that describe them, or more."""
    return bool(words) and 2 * len(set(words) & set(asked)) >= len(words)


def _described(index: Index, name: str) -> frozenset[str]:
    parts = name.split()
    if len(parts) < 2 or not all(part[0].isupper() for part in parts):
        return frozenset()
    pattern = _apposition(parts)
    asked = [(term, 1.0) for term in dict.fromkeys(terms(name, "en"))]
    passages = index.passages([number for number, _ in index.lexical(asked, _PASSAGES)])
    for passage in passages:
        text = index.document(passage.document_id).text[passage.start : passage.end]
        if match := pattern.search(text):
            said = tokens(match["before"] or match["after"])
            if _BETWEEN.isdisjoint(said) and len(said[-1]) >= _SHORTEST:  # "joined by Ada Moor"
                return frozenset(word for word in said if len(word) >= _SHORTEST) - set(tokens(name))
    return frozenset()


def _apposition(parts: Sequence[str]) -> re.Pattern[str]:
    """Return what finds "the <description> Name", "the <description>, Name," and "Name, the <description>,".

    A comma must have its fellow: in "After the vote, Ada Moor said" the vote is nobody's description.
    """
    name = r"\s+".join(map(re.escape, parts))
    return re.compile(
        rf"\b{_ARTICLE}\s+(?P<before>{_WORDS})(?:\s+{_TITLES}{name}\b|,\s+{_TITLES}{name}(?=[,.;)]))"
        rf"|\b{name},\s+{_ARTICLE}\s+(?P<after>{_WORDS})(?=[,.;)])"
    )
