"""What the page's script tells about a question beside its words: a small JSON text in a hidden field.

A browser may send anything. Whatever does not fit is left out, and nothing in here names a file or holds words of a
document: which answers belong to a conversation are ids that nobody can guess.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from schema import EVERYTHING, Filters, Mode
from ui import wording

LONGEST = 16_000  # characters of the JSON text
MOST_QUOTES = 5  # that a reader may want for one answer
VISITOR = "x-sidenote-visitor"  # header in which the guard says who asks, whatever came in under that name
MOST_IDS = 30  # answers of a conversation that is opened again


_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Context:
    """What goes with a question.

    `instead` is the answer that a changed question takes the place of, with all after it; `restore` are the ids of a
    conversation to open again; `language` is that of the page; `collection` is which one is asked, "" the first;
    `quotes` is how many the reader wants at most, `mode` whether they stand for themselves or a language model writes
    from them; None where that is left to the server.
    """

    language: str = wording.DEFAULT
    filters: Filters = EVERYTHING
    instead: str | None = None
    restore: tuple[str, ...] = ()
    collection: str = ""
    quotes: int | None = None
    mode: Mode | None = None

    @property
    def words(self) -> Mapping[str, str]:
        """The page's words in its language."""
        return wording.load(self.language)


PLAIN = Context()  # no filters, the default language


def read(text: Any) -> Context:
    """Read what the script sent.

    :raises UsageError: for filters that are none: without them the question would be another one.
    """
    row = _row(text)
    language, filters, ids = row.get("language"), row.get("filters"), row.get("restore")
    collection, quotes, mode = row.get("collection"), row.get("quotes"), row.get("mode")
    return Context(
        language=language if isinstance(language, str) and language in wording.LANGUAGES else wording.DEFAULT,
        filters=Filters.from_json(filters) if filters else EVERYTHING,
        instead=next(iter(_ids([row.get("instead")])), None),
        restore=_ids(ids) if isinstance(ids, list) else (),
        collection=collection if isinstance(collection, str) else "",
        quotes=quotes if type(quotes) is int and 1 <= quotes <= MOST_QUOTES else None,
        mode=mode_of(mode),
    )


def mode_of(name: Any) -> Mode | None:
    """Return the mode of that name, None for any other."""
    return next((mode for mode in get_args(Mode) if mode == name), None)


def before(ids: list[str], answer_id: str | None) -> list[str]:
    """Return the ids in front of one, or all where it is not among them."""
    return ids[: ids.index(answer_id)] if answer_id in ids else ids


def _row(text: Any) -> Mapping[str, Any]:
    if not isinstance(text, str) or len(text) > LONGEST:
        return {}
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return row if isinstance(row, dict) else {}


def _ids(values: list[Any]) -> tuple[str, ...]:
    return tuple(value for value in values[:MOST_IDS] if isinstance(value, str) and _ID.fullmatch(value))
