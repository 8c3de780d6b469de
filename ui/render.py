"""Plain text into Markdown that shows exactly that text, whatever it contains.

The chat renders Markdown, and both questions and answers carry words that strangers wrote. Every character that could
begin markup becomes a numeric character reference (CommonMark 0.31, section 2.5: such a reference is never markup),
so that images, links, HTML, formulas and lists of a document stay letters. The only markup that leaves this file are
our own paragraphs, line breaks and links to evidence, whose targets are fragments of this page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from export.composed import pieces
from schema import Answer, Citation, FellBack, Mode, Sentence, Understood

# Evidence of answer ID is `#q-ID`, its quote n is `#q-ID-n`, and `#q-ID-n-partly` where a sentence rests on quote n in
# part only; ui/static/answers.js relies on it.
EVIDENCE = "q"
MARKER = re.compile(r"\[(\d{1,2})\]")

_MOST_NAMED = 3  # speakers, or misspelt words, in the line that says how a question was read
_LONGEST_NAMED = 120  # characters of each
_PLAIN = frozenset(" ,;?'’‘“”…–—。、？！「」")  # cannot begin markup anywhere in a line
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
# Controls, turners of the writing direction, lone surrogates: invisible, and as references shown as something else.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def escape(text: str) -> str:
    r"""Return Markdown that shows `text` and nothing else: paragraphs and line breaks are kept, the rest is letters.

    >>> escape("*x* <b>")
    '&#42;x&#42; &#60;b&#62;'
    """
    lines = (_INVISIBLE.sub("\ufffd", line.strip()) for line in _BREAK.split(text))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(map(_escape_line, lines))).strip("\n")


class Numbers:
    """The numbers of quotes in one conversation: the same quote keeps the number that it had first."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, int], int] = {}

    def of(self, cited: Citation) -> int:
        """Return the number of a quote, a new one where it was not cited yet."""
        return self._known.setdefault((cited.document, cited.start, cited.end), len(self._known) + 1)

    def count(self, given: Answer) -> list[int]:
        """Return the numbers of an answer's quotes, in order."""
        return [self.of(cited) for cited in given.citations]


def answer(given: Answer, words: Mapping[str, str], numbers: Numbers | None = None) -> str:
    """Return an answer as chat Markdown: its text escaped, its markers as links to their quotes.

    A marker shows the number that the quote has in the conversation; its target counts in the answer.
    """
    numbers = numbers or Numbers()
    shown = numbers.count(given)
    text = "".join(
        _between(piece.text) if piece.written
        else _with_links(piece.text, given.citations, given.id, shown) + _partly(piece.partly, given, words)
        for piece in pieces(given)
    )  # fmt: skip
    parts = [text.strip()]
    if given.abstained and given.nearest:
        parts.append(f"[{escape(words['nearest_link'])}](#{EVIDENCE}-{given.id})")
    if read := "; ".join(_reading(given.understood, words)):
        parts.append(f"*({escape(read)})*")
    if given.fell_back:
        parts.append(f"*{escape(_fell_back(given.fell_back, given.mode, words))}*")
    if given.notice:
        parts.append(f"*{escape(' '.join(given.notice.split()))}*")
    return "\n\n".join(parts)


def _reading(understood: Understood, words: Mapping[str, str]) -> Iterator[str]:
    """Yield how the question was read, where that is not plain, so that a reader sees a wrong reading."""
    if understood.follows:
        yield words["read_follows"].format(question=_short(understood.follows))
    if understood.speakers:
        names = understood.speakers[:_MOST_NAMED]
        yield words["read_speakers"].format(names=", ".join(map(_short, names)))
    for typed, meant in understood.corrected[:_MOST_NAMED]:
        yield words["read_corrected"].format(typed=_short(typed), meant=_short(meant))


def _fell_back(why: FellBack, mode: Mode, words: Mapping[str, str]) -> str:
    told = words["broken_off" if mode == "composed" else "fell_back"]
    return told.format(why=words[f"fell_back_{why}"])


def _partly(sentence: Sentence | None, given: Answer, words: Mapping[str, str]) -> str:
    """Return the sign behind a sentence that is supported only in part, as a link to its quote."""
    number = next(iter(sentence.citations), 0) if sentence else 0
    if not 1 <= number <= len(given.citations):
        return ""
    return f"&#160;[{escape(words['partly'])}](#{EVIDENCE}-{given.id}-{number}-partly)"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_NAMED else line[: _LONGEST_NAMED - 1] + "…"


def _escape_line(line: str) -> str:
    return "".join(c if c.isalnum() or c in _PLAIN or not _risky(c) else f"&#{ord(c)};" for c in line)


def _risky(character: str) -> bool:
    return ord(character) < 128 or not character.isprintable()


def _with_links(text: str, citations: Sequence[Citation], answer_id: str, shown: Sequence[int]) -> str:
    """Escape `text`, turning `[n]` into a link where it is our marker and not a footnote mark inside a quote.

    `shown` are the numbers that stand on the links, aligned with `citations`.
    """
    quoted = [span for citation in citations for span in _occurrences(text, citation.quote)]
    made: list[str] = []
    done = 0
    for marker in MARKER.finditer(text):
        number = int(marker[1])
        if not 1 <= number <= len(citations) or any(a < marker.end() and marker.start() < b for a, b in quoted):
            continue
        before = _between(text[done : marker.start()])
        if before.endswith(" "):
            before = before[:-1] + "&#160;"  # a marker never begins a line
        made += [before, f"[&#91;{shown[number - 1]}&#93;](#{EVIDENCE}-{answer_id}-{number})"]
        done = marker.end()
    return "".join([*made, _between(text[done:])])


def _occurrences(text: str, quote: str) -> list[tuple[int, int]]:
    if not quote:
        return []
    return [(found.start(), found.end()) for found in re.finditer(re.escape(quote), text)]


def _between(text: str) -> str:
    """Escape a piece that stands between two links, keeping the blanks and breaks at its ends."""
    head, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    body = escape(text)
    return _edge(head) + body + (_edge(tail) if body else "")


def _edge(blank: str) -> str:
    """Reduce blank text to what Markdown shows: a new paragraph, a line break, a space or nothing."""
    breaks = blank.count("\n")
    return "\n\n" if breaks > 1 else "\n" if breaks else " " if blank else ""
