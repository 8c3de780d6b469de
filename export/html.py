"""Answers and collected quotes as one page of HTML: quotes highlighted, nothing fetched from elsewhere, no script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape as _escape

from export.bundle import Bundle, Quoted
from export.composed import pieces
from export.plain import one_line, visible, web_address
from export.references import apa, reference
from export.telling import facts, origin, whose
from schema import Answer, Citation

_MARKER = re.compile(r"\[(\d{1,3})\]")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_STYLE = """
:root { color-scheme: light dark; --ink: #23201b; --paper: #fbf9f5; --soft: #5f574c; --line: #ddd5c7; --mark: #fbe9a9;
  --red: #96311b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e3d8; --paper: #1b1916; --soft: #ada393; --line: #3a352d;
  --mark: #57481a; --red: #eb9c84; } }
body { max-width: 42rem; margin: 2.5rem auto; padding: 0 1.25rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 "Iowan Old Style", Palatino, Charter, Georgia, "Hiragino Mincho ProN", "Noto Serif CJK JP", serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { margin-top: 2.5rem; font-size: 1.25rem; } h3 { font-size: 1rem; }
.made, figcaption, .references { color: var(--soft); font-size: .9rem; }
.text, blockquote, .note { white-space: pre-wrap; }
figure { margin: 0 0 1.25rem; } blockquote { margin: .3rem 0; padding-left: 1rem; border-left: 3px solid var(--line); }
figcaption strong { color: var(--ink); } mark { background: var(--mark); color: inherit; } a { color: var(--red); }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } figure { break-inside: avoid; } }
"""


def to_html(bundle: Bundle, words: Mapping[str, str], language: str = "en") -> str:
    """Return the bundle as a whole page.

    :param words: the page's own ones, by name (ui/strings), which are in `language`.
    """
    title = escape(words["export_title"])
    body = [f"<h1>{title}</h1>", f'<p class="made">{escape(words["export_made"].format(day=bundle.made))}</p>']
    for at, answer in enumerate(bundle.answers, 1):
        body += _answer(bundle, answer, words, f"a{at}")
    if bundle.quotes:
        body.append(f"<section><h2>{escape(words['export_collected'])}</h2>")
        body += [_quote(one, words, f"c-{at}", str(at)) for at, one in enumerate(bundle.quotes, 1)]
        body += [_references(bundle, bundle.quotes, words), "</section>"]
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def escape(text: str) -> str:
    """Return HTML that shows `text` and nothing else."""
    return _escape(visible(text))


def _answer(bundle: Bundle, answer: Answer, words: Mapping[str, str], name: str) -> Iterator[str]:
    yield f'<section>\n<h2 dir="auto">{escape(one_line(answer.question))}</h2>'
    yield f'<p class="text" dir="auto">{"".join(_text(answer, words, name))}</p>'
    if told := origin(answer, words, bundle.writer):
        yield f'<p class="made">{escape(told)}</p>'
    shown = [Quoted(citation) for citation in (answer.nearest if answer.abstained else answer.citations)]
    if shown:
        yield f"<h3>{escape(words['export_nearest' if answer.abstained else 'export_quotes'])}</h3>"
        yield from (_quote(one, words, f"{name}-{one.citation.number}", str(one.citation.number)) for one in shown)
        yield _references(bundle, shown, words)
    yield "</section>"


def _text(answer: Answer, words: Mapping[str, str], name: str) -> Iterator[str]:
    """Yield the text of an answer, what it quotes marked and its own markers linked to the quotes."""
    for piece in pieces(answer):
        count = 0 if piece.written else len(answer.citations)  # of quotes that a marker in it may lead to
        done = 0
        for start, end in _quoted(piece.text, answer.citations):
            yield _marked(piece.text[done:start], count, name)
            yield f"<mark>{escape(piece.text[start:end])}</mark>"
            done = end
        yield _marked(piece.text[done:], count, name)
        if piece.partly:
            yield f" <em>({escape(words['export_partly'])})</em>"


def _quoted(text: str, citations: Sequence[Citation]) -> list[tuple[int, int]]:
    """Return where the quotes stand in an answer, in order, overlapping places as one."""
    places = sorted(
        (found.start(), found.end())
        for one in citations
        if one.quote
        for found in re.finditer(re.escape(one.quote), text)
    )
    merged: list[tuple[int, int]] = []
    for start, end in places:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _marked(text: str, count: int, name: str) -> str:
    """Escape words of our own, turning `[n]` into a link where there is a quote n."""
    pieces, done = [], 0
    for marker in _MARKER.finditer(text):
        if 1 <= int(marker[1]) <= count:
            pieces += [
                escape(text[done : marker.start()]),
                f'<a href="#{name}-{int(marker[1])}">[{int(marker[1])}]</a>',
            ]
            done = marker.end()
    return "".join([*pieces, escape(text[done:])])


def _quote(one: Quoted, words: Mapping[str, str], anchor: str, number: str) -> str:
    citation = one.citation
    language = f' lang="{citation.language}"' if _spoken(citation.language) else ""
    place = "".join(f" · <bdi>{escape(fact)}</bdi>" for fact in facts(citation, words))
    note = (
        f'<p class="note" dir="auto">{escape(words["export_note"])} {escape(one.note)}</p>' if one.note.strip() else ""
    )
    return (
        f'<figure id="{anchor}">\n<figcaption>[{number}] <strong><bdi>{escape(whose(citation, words))}</bdi></strong>'
        f'{place}</figcaption>\n<blockquote{language} dir="auto"><mark>{escape(citation.quote)}</mark></blockquote>'
        f"{note}\n</figure>"
    )


def _spoken(language: str) -> bool:
    return language != "und" and _LANGUAGE.fullmatch(language) is not None


def _references(bundle: Bundle, quotes: Sequence[Quoted], words: Mapping[str, str]) -> str:
    """Return the works quoted, each once, in APA."""
    told = [reference(one.citation, bundle.work(one.citation)) for one in quotes]
    items = dict.fromkeys((apa(one), web_address(one.link)) for one in told)
    rows = "".join(f"<li><bdi>{_linked(text, link)}</bdi></li>" for text, link in items)
    return f'<h3>{escape(words["export_references"])}</h3>\n<ul class="references">{rows}</ul>'


def _linked(text: str, link: str | None) -> str:
    """Escape a reference; its address, which ends it, becomes a link that is followed only by choice."""
    if not link or not text.endswith(link):
        return escape(text)
    return f'{escape(text.removesuffix(link))}<a href="{escape(link)}" rel="noopener noreferrer">{escape(link)}</a>'
