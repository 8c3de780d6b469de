"""Reads the claims of a language model while it writes them: JSON as it was asked for, or what small models make of it.

Each claim is given as soon as its last letter is there. Repaired are fences round the JSON, words before and after it,
trailing commas, wrong escapes, a missing end, other names of the fields, several sentences in one claim, and plain text
with markers ("The lock is closed at night [1].") in its stead. Plain text without a marker is passed over: there is
nothing to check it against. How the text is cut into pieces does not matter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from answering.plain import MARK, plain
from schema import Span
from text import sentences
from text.words import tokens

MOST = 12  # claims of one answer; a reader checks fewer
LONGEST = 600  # characters of one; what is longer is no sentence that can be checked

_LONGEST_READ = 20_000  # characters of all that a model writes
_LONGEST_OBJECT = 2_500  # of one claim; a model that goes on has begun to repeat itself, and is not read any further
_LONGEST_QUOTE = 1_000
_REPEATED = 2  # claims that were made before; whoever makes them makes no new ones
_SHORTEST = 15  # characters; a shorter sentence ("Yes.") says nothing without the next
_NAMES = {
    "text": ("text", "claim", "sentence", "answer"),
    "passage": ("passage", "source", "number", "citation"),
    "quote": ("quote", "evidence", "words"),
}
_TRAILING = re.compile(r",\s*}$")
_ESCAPE = re.compile(r"\\(?:(u[0-9a-fA-F]{4}|[\"\\/bfnrt])|.)", re.DOTALL)
_NUMBER = re.compile(r"\d{1,4}")
# Markers, and then something that is neither one nor the end of the sentence before them.
_MARKED = re.compile(rf"(?:{MARK}[\s.,;:!?。、!?]*)+(?=[^\s.,;:!?。、!?\[【［])", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of a model in plain text, the number of the passage that it names, and the words that it quotes."""

    text: str
    passage: int | None
    quote: str | None


def read(pieces: Iterable[str]) -> Iterator[Claim]:
    """Yield up to MOST claims, each once and as soon as it is there; errors of `pieces` pass through."""
    return islice(_once(_sentences(_claims(_bounded(pieces)))), MOST)


def objects(pieces: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the innermost JSON objects of a text, each as soon as it is closed; broken ones are passed over."""
    reader = _Objects()
    for piece in _bounded(pieces):
        yield from reader.feed(piece)
        if reader.lost:
            return


def _claims(pieces: Iterable[str]) -> Iterator[Claim]:
    """Yield claims as they were written: of JSON from the first brace on, of plain text until then."""
    prose, reader = _Prose(), _Objects()
    for piece in pieces:
        if not reader.begun:
            before, brace, after = piece.partition("{")
            yield from prose.feed(before)
            piece = brace + after
        yield from filter(None, map(_claim, reader.feed(piece)))
        if reader.lost:
            return
    if reader.begun:
        last = _claim(reader.rest())
        if last is not None and last.passage is not None and last.quote is not None:  # else its end is missing, too
            yield last
    else:
        yield from prose.feed("\n\nx")


class _Objects:
    """Cuts the innermost objects out of JSON text. `lost` says that one of them does not end."""

    def __init__(self) -> None:
        self.begun = self.lost = False
        self._open: list[str] | None = None  # characters of the object that is not closed yet
        self._quoted = self._escaped = False

    def feed(self, piece: str) -> Iterator[dict[str, Any]]:
        for character in piece:
            if self.lost:
                return
            if self._open is None or (character == "{" and not self._quoted):
                if character == "{":
                    self.begun, self._open, self._quoted, self._escaped = True, ["{"], False, False
                continue
            self._open.append(character)
            if character == "}" and not self._quoted:
                yield _parsed("".join(self._open))
                self._open = None
            elif len(self._open) > _LONGEST_OBJECT:
                self._open, self.lost = None, True
            else:
                self._quoted ^= character == '"' and not self._escaped
                self._escaped = self._quoted and character == "\\" and not self._escaped

    def rest(self) -> dict[str, Any]:
        """Return the object that lacks nothing but its end; an empty one where there is none."""
        text = "".join(self._open or ()).rstrip()
        return _parsed(f"{text}}}") if not self._quoted and text.endswith(('"', ",")) else {}


class _Prose:
    """Cuts plain text behind its markers."""

    def __init__(self) -> None:
        self._text = ""

    def feed(self, piece: str) -> Iterator[Claim]:
        self._text += piece
        while (found := _MARKED.search(self._text)) is not None:
            said = _PARAGRAPH.split(self._text[: found.start()].rstrip())[-1]
            ended = found[0].rstrip()[-1]
            yield Claim(said + (ended if ended in ".!?。!?" else ""), _number(found[0]), None)
            self._text = self._text[found.end() :]


def _parsed(text: str) -> dict[str, Any]:
    """Return an object, repaired where that is simple; an empty one where it is not."""
    mended = _ESCAPE.sub(lambda found: found[0] if found[1] else f"\\\\{found[0][1:]}", _TRAILING.sub("}", text))
    for version in (text, mended):
        try:
            row = json.loads(version, strict=False)
        except ValueError:
            continue
        return row if isinstance(row, dict) else {}
    return {}


def _claim(row: dict[str, Any]) -> Claim | None:
    text, passage, quote = (next((row[key] for key in keys if key in row), None) for keys in _NAMES.values())
    if not isinstance(text, str):
        return None
    number = _number(passage)
    marked = re.search(MARK, text, re.IGNORECASE) if number is None else None
    return Claim(text, _number(marked[0]) if marked else number, quote if isinstance(quote, str) else None)


def _number(value: Any) -> int | None:
    """Return the first number that something names, None where it names none."""
    found = _NUMBER.search(str(value)[:100]) if isinstance(value, (int, str, list)) else None
    return int(found[0]) if found and not isinstance(value, bool) and not str(value).startswith("-") else None


def _sentences(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield each sentence as a claim of its own, in plain text; one that is too long names nothing any more."""
    for claim in claims:
        quote = _quote(claim.quote)
        for text in _split(plain(claim.text)):
            if len(text) > LONGEST:
                yield Claim(f"{text[: LONGEST - 1]}…", None, None)
            else:
                yield replace(claim, text=text, quote=quote)


def _once(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield what was not said before, until a model has begun to repeat itself; small ones never stop by themselves."""
    said: set[str] = set()
    repeated = 0
    for claim in claims:
        words = " ".join(tokens(claim.text))
        if words and words not in said:
            said.add(words)
            yield claim
        else:
            repeated += bool(words)
        if repeated >= _REPEATED:
            return


def _quote(quote: str | None) -> str | None:
    """Return a quote that can be looked for: bounded, and without halves of characters; None for an empty one."""
    return (quote or "")[:_LONGEST_QUOTE].encode("utf-8", "replace").decode().strip() or None


def _split(text: str) -> list[str]:
    """Return the sentences of a text, very short ones with the next, or with the one before at the end."""
    said: list[Span] = []
    for span in sentences.split(text):
        short = bool(said) and min(_length(said[-1]), _length(span) if span.end == len(text) else _SHORTEST) < _SHORTEST
        said[-1:] = [Span(said[-1].start, span.end)] if short else [*said[-1:], span]
    return [text[span.start : span.end] for span in said]


def _length(span: Span) -> int:
    return span.end - span.start


def _bounded(pieces: Iterable[str]) -> Iterator[str]:
    left = _LONGEST_READ
    for piece in pieces:
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return
