"""Answers and collected quotes as Markdown that a person can read, and that shows exactly the words it carries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from export.bundle import Bundle, Quoted
from export.composed import pieces
from export.plain import one_line, visible, web_address
from export.references import apa, reference
from export.telling import facts, origin, whose
from schema import Answer

# Any of these can begin markup inside a line (CommonMark 0.31 and the extensions of GitHub and Pandoc).
_INLINE = re.compile(r"[\\`*_#\[\]<>&~|$@^{}]")
_FIRST = re.compile(r"(?:([+\-=:])|(\d{1,9})([.)]))")
_SCHEME = re.compile(r"\b(https?|ftp|mailto|www)([:.])", re.IGNORECASE)  # what many renderers link by themselves


def to_markdown(bundle: Bundle, words: Mapping[str, str]) -> str:
    """Return the bundle as Markdown.

    :param words: the page's own ones, by name (ui/strings).
    """
    parts = [f"# {escape(words['export_title'])}", f"*{escape(words['export_made'].format(day=bundle.made))}*"]
    for answer in bundle.answers:
        parts += _answer(bundle, answer, words)
    if bundle.quotes:
        parts.append(f"## {escape(words['export_collected'])}")
        parts += [_quote(one, words, str(at)) for at, one in enumerate(bundle.quotes, 1)]
        parts.append(_references(bundle, bundle.quotes, words))
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    r"""Return Markdown that shows `text` and nothing else; line breaks and paragraphs are kept, indents are not.

    >>> escape("*x* <b>")
    '\\*x\\* \\<b\\>'
    """
    lines = [_escape_line(line.strip(" \t")) for line in visible(text).split("\n")]
    paragraphs = re.split(r"\n{2,}", "\n".join(lines).strip("\n"))
    return "\n\n".join(paragraph.replace("\n", "\\\n") for paragraph in paragraphs)


def _escape_line(line: str) -> str:
    line = _INLINE.sub(r"\\\g<0>", line)
    line = _SCHEME.sub(lambda found: f"{found[1]}\\{found[2]}", line)
    if first := _FIRST.match(line):
        line = (f"\\{first[1]}" if first[1] else f"{first[2]}\\{first[3]}") + line[first.end() :]
    return line


def _answer(bundle: Bundle, answer: Answer, words: Mapping[str, str]) -> Iterator[str]:
    yield f"## {escape(one_line(answer.question))}"
    yield escape("".join(_noted(answer, words)))
    if told := origin(answer, words, bundle.writer):
        yield f"*{escape(told)}*"
    shown = [Quoted(citation) for citation in (answer.nearest if answer.abstained else answer.citations)]
    if not shown:
        return
    yield f"### {escape(words['export_nearest' if answer.abstained else 'export_quotes'])}"
    yield from (_quote(one, words, str(one.citation.number)) for one in shown)
    yield _references(bundle, shown, words)


def _noted(answer: Answer, words: Mapping[str, str]) -> Iterator[str]:
    """Yield the text of an answer, with a note behind each sentence that is supported only in part."""
    for piece in pieces(answer):
        yield piece.text
        if piece.partly:
            yield f" ({words['export_partly']})"


def _quote(one: Quoted, words: Mapping[str, str], number: str) -> str:
    """Return a quote with whose words it is and where it stands, and the reader's note outside of it."""
    label = f"\\[{number}\\] **{escape(whose(one.citation, words))}**"
    place = " · ".join(escape(fact) for fact in facts(one.citation, words))
    lines = [label + (f" · {place}" if place else ""), _quotation(escape(one.citation.quote))]
    if one.note.strip():
        lines.append(f"{escape(words['export_note'])} {escape(one.note)}")
    return "\n\n".join(lines)


def _quotation(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def _references(bundle: Bundle, quotes: tuple[Quoted, ...] | list[Quoted], words: Mapping[str, str]) -> str:
    """Return the works quoted, each once, in APA."""
    told = [reference(one.citation, bundle.work(one.citation)) for one in quotes]
    items = dict.fromkeys((apa(one), web_address(one.link)) for one in told)
    lines = [_linked(text, link) for text, link in items]
    return "\n".join([f"### {escape(words['export_references'])}", "", *(f"- {line}" for line in lines)])


def _linked(text: str, link: str | None) -> str:
    """Escape a reference; its address, which ends it, becomes a link."""
    return f"{escape(text.removesuffix(link))}<{link}>" if link and text.endswith(link) else escape(text)
