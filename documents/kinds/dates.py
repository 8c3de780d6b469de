"""Dates and times of a clock as people write them in a line, as ISO 8601 and seconds."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner enero ene janvier janv gennaio janeiro",
            "february feb februar febrero février févr febbraio fevereiro",
            "march mar märz maerz mrz marzo mars março",
            "april apr abril abr avril aprile",
            "may mai mayo maggio maio",
            "june jun juni junio juin giugno junho",
            "july jul juli julio juillet luglio julho",
            "august aug agosto ago août agosto",
            "september sep sept septiembre septembre settembre setembro",
            "october oct oktober okt octubre octobre ottobre outubro",
            "november nov noviembre novembre novembro",
            "december dec dezember dez diciembre dic décembre déc dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})\b")
_CJK = re.compile(r"((?:19|20)\d\d)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:de\s+|of\s+)?([^\W\d_]{3,10})\.?,?\s+(?:de\s+)?((?:19|20)\d\d)\b"
)
_MONTH_FIRST = re.compile(r"\b([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b")
_DOTTED = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./]((?:19|20)\d\d)\b")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2}(?:[.,]\d{1,3})?)|(\d{1,6}(?:[.,]\d{1,3})?)s?")


def find_date(line: str) -> tuple[str, str] | None:
    """Return the first date of a line as (ISO 8601, the words that say it), None where there is none.

    "Published on 3. März 2024" -> ("2024-03-03", "3. März 2024")
    """
    line = line[:300]
    for pattern, order in ((_ISO, (1, 2, 3)), (_CJK, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2))):
        for match in pattern.finditer(line):
            year, month, day = (match.group(group) for group in order)
            if found := _iso(year, month, day):
                return found, match.group()
    dotted = _DOTTED.search(line)
    if dotted and int(dotted.group(2)) <= 12 and "." in dotted.group():  # with slashes the order is anybody's guess
        found = _iso(dotted.group(3), dotted.group(2), dotted.group(1))
        return (found, dotted.group()) if found else None
    return None


def _iso(year: str, month: str, day: str) -> str | None:
    number = int(month) if month.isdecimal() else _MONTHS.get(month.lower(), 0)
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return None


def seconds(clock: str) -> float | None:
    """Return the seconds that "0:12", "1:02:03.5", "31.4" or "31.4s" stand for, None for anything else."""
    match = _CLOCK.fullmatch(clock.strip())
    if not match:
        return None
    hours, minutes, rest, plain = match.groups()
    if plain is not None:
        return float(plain.replace(",", "."))
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(rest.replace(",", "."))
