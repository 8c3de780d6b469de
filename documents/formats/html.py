"""HTML: the stored text is the main text of the page, without menus, scripts and what is hidden."""

from __future__ import annotations

import re

from documents.extract import Extract
from documents.formats.builder import TextBuilder
from documents.formats.encoding import decode
from documents.formats.html_main import main_paragraphs
from documents.formats.html_metadata import read_metadata
from documents.formats.html_tree import add_all, parse_html
from documents.formats.metadata import clean_title

CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""")
HEAD = 4096  # bytes in which a page names its encoding


def read(data: bytes) -> Extract:
    """Read a web page.

    :raises DocumentError: where it is no text or holds no element.
    """
    declared = CHARSET.search(data[:HEAD])
    decoded = decode(data, declared.group(1).decode("ascii") if declared else None)
    root = parse_html(decoded.text)
    metadata = read_metadata(root)
    found, warnings = main_paragraphs(root)
    builder = TextBuilder()
    add_all(builder, found)
    return Extract(
        builder.text,
        "html",
        marks=tuple(builder.marks),
        title=_title(metadata.title, next((p.words for p in found if p.level == 1), None)),
        authors=metadata.authors,
        date=metadata.date,
        link=metadata.link,
        language=metadata.language,
        warnings=decoded.warnings + warnings,
    )


def _title(stated: str | None, heading: str | None) -> str | None:
    """Return the title without the name of the site: "The pole – Harbour News" under "The pole" -> "The pole"."""
    heading = clean_title(heading)
    return heading if heading and (not stated or heading in stated) else stated
