"""One quote as a reference: APA, Chicago, BibTeX and plain. Whose words are quoted and who wrote the work may differ.

Words of anybody but the work's only author are cited as "Speaker, in Author, Title", never as the author's alone.
Styles: Publication Manual of the APA, 7th edition, chapters 9 and 10; Chicago Manual of Style, 17th, chapter 14.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from export.bundle import Work
from export.names import apa_authors, apa_date, chicago_authors, chicago_date, name, parts_of
from export.plain import one_line, web_address
from schema import Citation
from text.times import clock
from text.words import fold

_LONGEST = 300  # characters of a name, a title or a heading
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NAMELESS = {"comment": "A commenter", "quotation": "A person quoted", "turn": "A speaker"}
_INNER = ((re.compile(r'"([^"]*)"'), r"‘\1’"), (re.compile("“([^“”]*)”"), r"‘\1’"))
# BibTeX counts braces whatever stands before them, so a brace may only come as a pair.
_TEX = {
    "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", '"': "{\\textquotedbl}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """What every style is made of, each in one line. `speaker` is "" where the words are the author's own."""

    speaker: str
    about: tuple[str, ...]  # the speaker: a comment, inferred, quoted by whom
    authors: tuple[str, ...]
    title: str
    date: str | None
    place: tuple[str, ...]  # page, time, section
    link: str | None

    @property
    def whose(self) -> str:
        """The speaker with what is to be known of him, "" where the words are the author's own."""
        return f"{self.speaker} ({'; '.join(self.about)})" if self.about and self.speaker else self.speaker


def reference(citation: Citation, work: Work) -> Reference:
    """Take from a citation and its work what a reference says."""
    authors = tuple(filter(None, (one_line(author, _LONGEST) for author in work.authors)))
    speaker = _speaker(citation, authors)
    return Reference(
        speaker=speaker,
        about=tuple(_about(citation)) if speaker else (),
        authors=authors,
        title=one_line(citation.title or citation.document, _LONGEST),
        date=one_line(citation.date, _LONGEST) if citation.date else None,
        place=tuple(place_of(citation)),
        link=web_address(citation.link),
    )


def place_of(citation: Citation) -> Iterator[str]:
    """Yield where in its work a quote stands: what it is, page, time as m:ss, section."""
    if citation.role in ("translation", "footnote", "summary"):
        yield citation.role
    if citation.page is not None:
        yield f"p. {citation.page}"
    if citation.time:
        first, last = clock(citation.time.start_seconds), clock(citation.time.end_seconds)
        yield first if first == last else f"{first}–{last}"
    if citation.section and (heading := one_line(citation.section[-1], _LONGEST)):
        yield f"section {_quoted(heading)}"


def _speaker(citation: Citation, authors: tuple[str, ...]) -> str:
    """Return whose words these are where they are not plainly those of the work's only author."""
    speaker = one_line(citation.speaker or "", _LONGEST)
    if not speaker:
        return _NAMELESS.get(citation.role, "")
    own = len(authors) == 1 and fold(speaker) == fold(authors[0])
    return "" if own and citation.role != "quotation" and not _quoter(citation) else speaker


def _about(citation: Citation) -> Iterator[str]:
    if citation.role == "comment" and citation.speaker:
        yield "comment"
    if citation.speaker and citation.speaker_inferred:
        yield "attribution inferred"
    if quoter := _quoter(citation):
        yield f"quoted by {quoter}"
    elif citation.role == "quotation" and citation.speaker:
        yield "quoted"


def _quoter(citation: Citation) -> str:
    quoter = one_line(citation.quoted_by or "", _LONGEST)
    return "" if citation.speaker and fold(quoter) == fold(one_line(citation.speaker, _LONGEST)) else quoter


def styles(citation: Citation, work: Work) -> dict[str, str]:
    """Return a quote's reference in each style, by name: apa, chicago, bibtex, plain. Plain quotes the words."""
    one = reference(citation, work)
    return {"apa": apa(one), "chicago": chicago(one), "bibtex": bibtex(one), "plain": plain(one, citation.quote)}


def apa(one: Reference) -> str:
    """Return e.g. "Jo Habe (comment), in Moor, A. (2024, May 31). On keeping a light (p. 3; 1:05–1:20). https://…"."""
    title = f"{one.title} ({'; '.join(one.place)})" if one.place else one.title
    date = f"({apa_date(one.date)})"
    if one.authors:
        sentences = [f"{_stop(apa_authors(one.authors))} {date}.", _stop(title)]
    else:
        sentences = [_stop(title), f"{date}."]
    if one.whose:
        sentences[0] = f"{one.whose}, in {sentences[0]}"
    return " ".join([*sentences, *filter(None, [one.link])])


def chicago(one: Reference) -> str:
    """Return e.g. "Moor, Ada. “On keeping a light.” May 31, 2024. p. 3."; a note where another's words are cited."""
    parts = list(filter(None, [chicago_date(one.date), ", ".join(one.place), one.link]))
    authors = chicago_authors(one.authors, inverted=not one.whose)
    if one.whose:
        work = f"{authors}, {_quoted(one.title, ',')}" if authors else _quoted(one.title, ",")
        return _stop(f"{one.whose}, in {work} {', '.join(parts)}")
    front = [_stop(authors)] if authors else []
    return " ".join([*front, _quoted(one.title, "."), *map(_stop, parts)])


def plain(one: Reference, quote: str) -> str:
    """Return e.g. "“It leaks.” — Jo Habe (comment), in Ada Moor, On keeping a light, 2024-05-31, p. 3, 1:05"."""
    authors = chicago_authors(one.authors, inverted=False)
    source = ", ".join(filter(None, [authors, one.title, one.date or "n.d.", *one.place, one.link]))
    return f"“{one_line(quote)}” — " + (f"{one.whose}, in {source}" if one.whose else source)


def bibtex(one: Reference) -> str:
    """Return an @misc entry, which every style of BibTeX knows. Nothing of a document can end a field or a command."""
    year, month, day = parts_of(one.date)
    note = "; ".join([*one.about, *one.place, *([] if year else [one.date or "n.d."])])
    by = chicago_authors(one.authors, inverted=False)
    title = f"In {by}, {one.title}" if one.speaker and by else f"In {one.title}" if one.speaker else one.title
    fields = {
        "author": f"{{{_tex(one.speaker)}}}" if one.speaker else " and ".join(map(_tex_name, one.authors)),
        "title": f"{{{_tex(title)}}}",
        "year": year,
        "month": _MONTHS[month - 1] if month else "",
        "day": str(day or ""),
        "note": _tex(note),
        "url": one.link or "",
    }
    # A month is a name that BibTeX knows, all else stands in braces.
    lines = [f"  {key} = {value if key == 'month' else f'{{{value}}}'}," for key, value in fields.items() if value]
    return "\n".join([f"@misc{{{_key(one, year)},", *lines, "}\n"])


def _key(one: Reference, year: str) -> str:
    who = one.speaker or (name(one.authors[0]).family if one.authors else "")
    family = who.split()[-1] if who.split() else ""
    first = next((word for word in one.title.split() if len(_ascii(word)) > 3), "")
    return (_ascii(family) + year + _ascii(first))[:60] or "source"


def _ascii(text: str) -> str:
    return re.sub("[^a-z0-9]", "", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower())


def _tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in text)


def _tex_name(author: str) -> str:
    """Return an author for BibTeX, which would take apart what is not a person's name and " and " inside it."""
    one = name(author)
    return _tex(one.inverted) if one.given and not one.suffix else f"{{{_tex(one.natural)}}}"


def _quoted(title: str, after: str = "") -> str:
    """Put a title in quotation marks, its own ones made inner ones; a comma or stop goes inside."""
    for marks, inner in _INNER:
        title = marks.sub(inner, title)
    return f"“{title}{'' if title.endswith(('?', '!', '.', '…')) else after}”"


def _stop(text: str) -> str:
    """End a sentence, unless it has ended."""
    return text if text.endswith((".", "?", "!", "。")) else f"{text}."
