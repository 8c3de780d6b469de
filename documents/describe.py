"""The blocks of a document as lines for a person to check beside the source: `python -m index --show DOCUMENT`."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

from schema import UNKNOWN_LANGUAGE, Block, Document
from text.times import clock

_WORDS = 72  # visual columns of the first words
_FACTS = 28  # columns of who and when; longer ones push the words to the right
_BIDI = {"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_HARMLESS = {"\u200d"}  # joins emoji; harmless
_HEAD = f"{'line':>7}  {'role':<12} {'who and when':<{_FACTS}} | first words"


def describe(document: Document) -> str:
    """Return one line a block: line numbers, role and level, `#comment`, speaker, time, language, first words.

    `~` stands before a speaker who is inferred, `<` before who quotes, `@` before whose words are retold. A line
    of its own tells a new section. Control characters are shown as escapes, so that the text cannot act on a terminal.
    """
    return "\n".join([*_heading(document), _HEAD, *_blocks(document)]) + "\n"


def _heading(document: Document) -> Iterator[str]:
    yield f"{visible(document.id)}: {document.kind}, {len(document.blocks)} blocks, {len(document.text):,} characters"
    facts = {
        "title": document.title,
        "authors": ", ".join(document.authors),
        "date": document.date or "",
        "languages": ", ".join(document.languages),
        "link": document.link or "",
        "origin": document.origin if document.origin != document.id else "",
        "warnings": "; ".join(document.warnings),
    }
    for name, value in facts.items():
        if value:
            yield f"{name}: {visible(value)}"
    counts: dict[str, int] = {}
    for block in document.blocks:
        counts[block.role] = counts.get(block.role, 0) + 1
    yield "roles: " + ", ".join(f"{count} {role}" for role, count in sorted(counts.items()))


def _blocks(document: Document) -> Iterator[str]:
    newlines = [i for i, char in enumerate(document.text) if char == "\n"]
    main = document.languages[0] if document.languages else UNKNOWN_LANGUAGE
    section: tuple[str, ...] = ()
    for block in document.blocks:
        if block.section != section and block.role not in ("heading", "noise", "metadata"):
            section = block.section
            yield " " * 7 + "§ " + (" / ".join(_cut(visible(title), 60) for title in section) or "(no section)")
        first = bisect_right(newlines, block.start - 1) + 1
        last = bisect_right(newlines, max(block.start, block.end - 1) - 1) + 1
        lines = str(first) if first == last else f"{first}-{last}"
        role = f"{block.role}{block.level}" if block.level else block.role
        facts = " ".join(_facts(block, main))
        head = document.text[block.start : min(block.end, block.start + 4 * _WORDS)]
        yield f"{lines:>7}  {role:<12} {facts:<{_FACTS}} | {_cut(visible(' '.join(head.split())), _WORDS)}".rstrip()


def _facts(block: Block, main: str) -> Iterator[str]:
    """Yield what is told of a block beyond its role."""
    if block.comment is not None:
        yield f"#{block.comment}"
    if block.time is not None:
        yield f"{clock(block.time.start_seconds)}-{clock(block.time.end_seconds)}"
    if block.page is not None:
        yield f"p.{block.page}"
    if block.speaker is not None:
        yield ("~" if block.speaker_inferred else "") + visible(block.speaker)
    if block.quoted_by is not None:
        yield f"<{visible(block.quoted_by)}"
    yield from (f"@{visible(name)}" for name in block.reports)
    if block.language not in (main, UNKNOWN_LANGUAGE):
        yield f"[{block.language}]"


def visible(text: str) -> str:
    """Return `text` with control, direction and other invisible characters as escapes, so that they do nothing."""
    return "".join(_escape(char) if _is_hidden(char) else char for char in text)


def _is_hidden(char: str) -> bool:
    return (not char.isascii() and unicodedata.category(char) in _BIDI and char not in _HARMLESS) or not (
        char.isprintable() or not char.isascii()
    )


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _cut(text: str, columns: int) -> str:
    """Return as much of the text as fits; wide characters take two columns."""
    used = 0
    for i, char in enumerate(text):
        used += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if used > columns:
            return text[:i].rstrip() + "…"
    return text
