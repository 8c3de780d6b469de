"""Names of authors and dates as the styles of reference want them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

NO_DATE = "n.d."
_MONTHS = ("January February March April May June July August September October November December").split()
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_LATIN_WORD = re.compile(r"[A-Z\u00c0-\u00de\u0100-\u017f][\w'’.-]*")
_PARTICLE = re.compile(r"(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|ten|ter|zu|af|al|bin|ibn)")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?")
# A name with one of these words is not a person's, and stays as it is.
_BODIES = frozenset(
    "agency association authority bank board bureau center centre college commission committee company corporation"
    " council department editors foundation government group inc institute institution journal lab laboratory labs"
    " library ltd magazine ministry museum network news office organisation organization press project school society"
    " staff team times trust union university the".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in two parts, or a whole in `family` where it is not to be turned round."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def natural(self) -> str:
        """Ada Moor."""
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)

    @property
    def inverted(self) -> str:
        """Moor, Ada."""
        return ", ".join(part for part in (self.family, self.given, self.suffix) if part)

    @property
    def initials(self) -> str:
        """Moor, A."""
        letters = " ".join("-".join(f"{bit[0]}." for bit in word.split("-") if bit) for word in self.given.split())
        return ", ".join(part for part in (self.family, letters, self.suffix) if part)


def name(text: str) -> Name:
    """Take a name apart, as far as it is plainly a person's in Latin letters; any other stays whole.

    "Ludwig van Beethoven" -> van Beethoven, Ludwig; "Moor, Ada" -> Moor, Ada; "夏目漱石", "METR" -> whole
    """
    if text.count(",") == 1:
        family, given = (part.strip() for part in text.split(","))
        if family and given and not _is_body(text):
            return Name(family, given)
    words = text.split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    if not 2 <= len(words) <= 5 or _is_body(text):
        return Name(text)
    family_from = next((at for at, word in enumerate(words) if at and _PARTICLE.fullmatch(word)), len(words) - 1)
    if not all(_LATIN_WORD.fullmatch(word) or _PARTICLE.fullmatch(word) for word in words):
        return Name(text)
    if _PARTICLE.fullmatch(words[-1]):
        return Name(text)
    return Name(" ".join(words[family_from:]), " ".join(words[:family_from]), suffix)


def _is_body(text: str) -> bool:
    return any(word.strip(".,").lower() in _BODIES for word in text.split())


def apa_authors(authors: Sequence[str]) -> str:
    """Return authors as APA lists them: up to 20, of more the first 19 and the last."""
    names = [name(author).initials for author in authors]
    if len(names) > 20:
        return f"{', '.join(names[:19])}, … {names[-1]}"
    return " ".join(f"{', '.join(names[:-1])}, & {names[-1]}".split()) if len(names) > 1 else "".join(names)


def chicago_authors(authors: Sequence[str], inverted: bool) -> str:
    """Return authors as Chicago lists them: the first one turned round in a bibliography; of more than ten, seven."""
    names = [name(author).natural for author in authors]
    if names and inverted:
        names[0] = name(authors[0]).inverted
    if len(names) > 10:
        return f"{', '.join(names[:7])}, et al."
    if len(names) > 1:
        comma = "," if len(names) > 2 or inverted else ""
        return f"{', '.join(names[:-1])}{comma} and {names[-1]}"
    return "".join(names)


def parts_of(date: str | None) -> tuple[str, int, int]:
    """Return year, month and day of an ISO 8601 date, 0 for what it does not tell; the year is "" for any other."""
    found = _ISO.fullmatch((date or "").split("T")[0])
    if not found:
        return "", 0, 0
    month, day = int(found[2] or 0), int(found[3] or 0)
    return found[1], month if 1 <= month <= 12 else 0, day if 1 <= month <= 12 and 1 <= day <= 31 else 0


def apa_date(date: str | None) -> str:
    """2024-05-31 -> "2024, May 31"; what is no such date stays as it is; None -> "n.d."."""
    year, month, day = parts_of(date)
    if not year:
        return date or NO_DATE
    return year + (f", {_MONTHS[month - 1]}" if month else "") + (f" {day}" if day else "")


def chicago_date(date: str | None) -> str:
    """2024-05-31 -> "May 31, 2024"; what is no such date stays as it is; None -> "n.d."."""
    year, month, day = parts_of(date)
    if not year:
        return date or NO_DATE
    return " ".join(part for part in (f"{_MONTHS[month - 1]}" if month else "", f"{day}," if day else "", year) if part)
