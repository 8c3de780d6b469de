"""Filters as a person types them: names in full, or a part of one that no other has."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

from errors import UsageError
from retrieval.part import Choices
from schema import Filters

_SHOWN = 5  # names that an error suggests


def typed(
    choices: Choices, documents: Sequence[str], kinds: Sequence[str], languages: Sequence[str], speakers: Sequence[str]
) -> Filters:
    """Return the filters that are meant. :raises UsageError: naming what there is, where a name is none of it."""
    return Filters.from_json(
        {
            "documents": [_named("document", name, choices.documents) for name in documents],
            "kinds": [_named("kind", name, choices.kinds) for name in kinds],
            "languages": [_named("language", name, choices.languages) for name in languages],
            "speakers": [_named("speaker", name, choices.speakers) for name in speakers],
        }
    )


def _named(what: str, name: str, known: Collection[str]) -> str:
    if name in known:
        return name
    holding = [one for one in known if name.casefold() in one.casefold()]
    if len(holding) == 1:
        return holding[0]
    near = holding or difflib.get_close_matches(name, known, n=_SHOWN, cutoff=0.3) or list(known)
    listed = ", ".join(map(repr, near[:_SHOWN])) + (", …" if len(near) > _SHOWN else "")
    wrong = "is part of several" if holding else "is none in this corpus"
    raise UsageError(f"--{what} {name!r} {wrong}: name one of {listed}" if near else f"there is no {what} to filter by")
