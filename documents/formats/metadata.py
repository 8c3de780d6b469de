"""What files state of themselves, brought into one form: dates as ISO 8601, names apart, titles that are titles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

LONGEST = 500  # characters of a title or name; more is no title
# Programs fill these in by themselves: a title that nobody gave is none.
PLACEHOLDER = re.compile(
    r"(?i)^(untitled|unbenannt|sans titre|無題|document ?\d*|title|(microsoft )?word ?-.*|word document"
    r"|.*\.(docx?|odt|tex|dvi|indd|pdf|html?))$"
)
NOBODY = re.compile(r"(?i)^(unknown|anonymous|author|user|admin(istrator)?|root|python-docx|none)$")
ISO_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?=$|[T\s])")
PDF_DATE = re.compile(r"D?:?(\d{4})(\d{2})(\d{2})")


def clean_title(value: object) -> str | None:
    """Return a title in one line, or None where it is empty or a program's own filling."""
    title = _line(value)
    return None if not title or PLACEHOLDER.match(title) else title


def clean_names(values: Iterable[object]) -> tuple[str, ...]:
    """Return the names that are names, each once: ["Ada Moor; Jo Lund"] -> ("Ada Moor", "Jo Lund")."""
    parts = [part for value in values for part in re.split(r"[;\n、]| and (?=[A-Z])", str(value or ""))]
    if len(parts) == 1 and all(" " in part.strip() for part in parts[0].split(",")):  # but "Moor, Ada" is one name
        parts = parts[0].split(",")
    names = (_line(part) for part in parts)
    return tuple(dict.fromkeys(name for name in names if name and not NOBODY.match(name)))


def iso_date(value: object) -> str | None:
    """Return the day (or month, or year) as ISO 8601, from ISO or PDF notation; None for anything else."""
    text = _line(value)
    match = ISO_DATE.match(text) or PDF_DATE.match(text)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part)])


def web_link(value: object) -> str | None:
    """Return an http(s) address, or None: other schemes could run something when clicked."""
    link = _line(value)
    return link if re.match(r"(?i)https?://[^\s/]+", link) and " " not in link else None


def language_code(value: object) -> str | None:
    """Return the ISO 639-1 part of a language tag: "de-CH" -> "de"."""
    match = re.match(r"([a-z]{2})(?=$|[-_])", _line(value).lower())
    return match.group(1) if match else None


def _line(value: object) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in str(value or "")).split())[:LONGEST]
