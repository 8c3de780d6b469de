"""Numbers of a text and what they are worth, in digits, words, Kanji, fractions and names of months.

Words are known in English, German, Spanish, French and Japanese. "1.000" is 1 or 1000, as who writes it means it: a
number has all its values. Articles that are also numbers ("one", "ein", "un") are not counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from text.number_words import COUNTERS, MONTHS, OTHERS, SCALES, spelled

_ROUNDED = 2_200  # whole numbers from this on are rounded in speech; below it are years and counts
_NEARLY = 0.05  # of a number that it may lose by being rounded
_LONGEST = 30  # characters of a number; what is longer is none

_KANJI = "〇一二三四五六七八九"
_DIGITS = re.compile(
    r"(?<![A-Za-z\d.])[-−]?(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,'’]\d+)*)|(?<=[A-Za-z])\d+|(?<=[\w.])\d+"
)
_MYRIADS = re.compile(r"(?:\d[\d,]*(?:\.\d+)?[十百千]?[万億兆])+(?:\d[\d,]*)?|\d[\d,]*(?:\.\d+)?[百千](?![^\W\d_])")
_MYRIAD = re.compile(r"(\d[\d,]*(?:\.\d+)?)([十百千]?[万億兆]?)")
_KANJI_NUMBER = re.compile(
    rf"[{_KANJI}十百千][{_KANJI}十百千万億兆]*(?=[{COUNTERS}])(?!十分)|[{_KANJI}十百千][{_KANJI}十百千万億兆]+"
)
_PERCENT = re.compile(
    r"\s?(?:[%%]|percent\b|per cent\b|prozent\b|por ciento\b|pour ?cent\b|pourcent\b|パーセント)", re.IGNORECASE
)
_UNIT = re.compile(r"\s?([^\W\d_]+)\b")
_FRACTION = re.compile(r"(\d+)\s?/\s?(\d+)|([\d〇一二三四五六七八九十]+)分の([\d〇一二三四五六七八九十]+)")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `text[start:end]`. `exact` ones are written in digits, or above twelve: no turn of speech."""

    start: int
    end: int
    values: frozenset[float]
    exact: bool
    percent: bool = False


def numbers(text: str, language: str) -> list[Number]:
    """Return the numbers of a text in order; words as its language has them, as English where that is none of ours.

    ("It rose by 3.5 % in twenty-one years", "en") -> 3.5 (percent), 21
    """
    text = "".join(one if len(one := unicodedata.normalize("NFKC", char)) == 1 else char for char in text)
    found: list[Number] = []
    taken = -1
    for number in sorted(_all(text, language), key=lambda each: (each.start, -each.end)):
        if number.start >= taken:
            found.append(number)
            taken = number.end
    return found


def same(value: float, other: float) -> bool:
    """Tell whether a number says another: 33 (per cent) and a third, 30 for 29.7."""
    if abs(value - other) <= 1e-9 * max(1.0, abs(value)):
        return True
    low, high = sorted((value, other))
    if 10 <= low < 100 and 1_500 <= high < 2_100 and high % 100 == low:
        return True  # "the late 60s"
    if low < 1 < high <= 100 and abs(low * 100 - high) <= 1:
        return True
    if other == int(other) and other < _ROUNDED:
        return False
    digits = len(f"{value:.10g}".replace(".", "").strip("0"))
    rounded = float(f"{other:.{max(1, digits)}g}") == value and abs(value - other) <= _NEARLY * other
    return rounded and len(f"{other:.10g}".replace(".", "").strip("0")) > digits


def _all(text: str, language: str) -> Iterator[Number]:
    for match in _FRACTION.finditer(text):
        top, below = (match[1], match[2]) if match[1] else (match[4], match[3])
        parts = [_kanji(part) if not part.isdecimal() else float(part[:_LONGEST]) for part in (top, below)]
        if parts[1] and parts[0] < parts[1] <= 20:
            yield Number(match.start(), match.end(), frozenset({parts[0] / parts[1]}), True)
    for match in _MYRIADS.finditer(text):
        yield Number(match.start(), match.end(), frozenset({_myriads(match[0])}), True)
    for match in _DIGITS.finditer(text):
        if len(match[0]) <= _LONGEST:
            yield _with_unit(text, match, language)
    if re.search(r"[\u3041-\u30ff\u4e00-\u9fff]", text):
        for match in _KANJI_NUMBER.finditer(text):
            if match[0] != "一" and not text.startswith("十分", match.start()):
                value = _kanji(match[0])
                yield Number(match.start(), match.end(), frozenset({value}), value > 12)
    yield from _words(text, language)
    yield from _months(text)


def _with_unit(text: str, match: re.Match[str], language: str) -> Number:
    """Return a number in digits, with the scale and the per cent sign behind it."""
    values, end = _values(match[0]), match.end()
    scales = {**SCALES["en"], **SCALES.get(language, {})}
    unit = _UNIT.match(text, end)
    if unit and unit[1].lower() in scales and (len(unit[1]) > 1 or unit.start(1) == end):
        values, end = frozenset(value * scales[unit[1].lower()] for value in values), unit.end()
    elif text.startswith("割", end):
        return Number(match.start(), end + 1, frozenset(value * 10 for value in values), True, True)
    if percent := _PERCENT.match(text, end):
        return Number(match.start(), percent.end(), values, True, True)
    return Number(match.start(), end, values, True)


def _values(written: str) -> frozenset[float]:
    """Return what digits with separators may be worth: "1.000" is 1 or 1000, "1,234,567" one thing only."""
    plain = re.sub(r"['’ \u00a0\u202f]", "", written.lstrip("-−"))
    groups = re.split(r"[.,]", plain)
    whole = float("".join(groups))
    if len(groups) == 1:
        return frozenset({whole})
    thousands = all(len(group) == 3 for group in groups[1:])
    last = re.sub(r"[.,](?=.*[.,])", "", plain).replace(",", ".")
    found = {float(last)} if len(groups) == 2 or plain.count(".") == 1 or plain.count(",") == 1 else set()
    if thousands:
        found.add(whole)
    if len(groups) > 2 and not found:
        found = {float(group) for group in groups}  # a date, a version
    return frozenset(found)


def _myriads(written: str) -> float:
    """Return what digits between Kanji are worth: "1億5000万" is 150,000,000."""
    total = 0.0
    for digits, units in _MYRIAD.findall(written):
        value = float(digits.replace(",", "")[:_LONGEST])
        for unit in units:
            value *= SCALES["ja"][unit]
        total += value
    return total


def _kanji(written: str) -> float:
    """Return what Kanji are worth: "二千二十三" and "二〇二三" are both 2023."""
    if all(char in _KANJI or char.isdecimal() for char in written):
        return float("".join(char if char.isdecimal() else str(_KANJI.index(char)) for char in written)[:_LONGEST])
    total = section = digit = 0.0
    for char in written:
        if char in _KANJI:
            digit = float(_KANJI.index(char))
        elif (scale := SCALES["ja"][char]) < 10_000:
            section, digit = section + (digit or 1) * scale, 0.0
        else:
            total, section, digit = total + (section + digit or 1) * scale, 0.0, 0.0
    return total + section + digit


def _words(text: str, language: str) -> Iterator[Number]:
    language = language if language in SCALES else "en"
    pattern, worth = _vocabulary(language)
    for match in pattern.finditer(text):
        whole = match[0].lower()
        words = [whole] if whole in worth else [word for word in re.split(r"\s+(?:and\s+)?", whole) if word]
        bare = worth.get(words[0], (0.0, False))[1]  # "hundreds", "by the million"
        total = current = 0.0
        for word in words:
            value, is_scale = worth.get(word, (0.0, False))
            if is_scale and value >= 1_000:
                total, current = total + (current or 1) * value, 0.0
            elif is_scale:
                current = (current or 1) * value
            else:
                current += value
        percent = _PERCENT.match(text, match.end())
        end = percent.end() if percent else match.end()
        yield Number(match.start(), end, frozenset({total + current}), total + current > 12 and not bare, bool(percent))


@lru_cache(maxsize=8)
def _vocabulary(language: str) -> tuple[re.Pattern[str], dict[str, tuple[float, bool]]]:
    """Return what finds number words of a language, and what each is worth and whether it multiplies."""
    worth = {word: (value, False) for word, value in spelled(language).items()}
    scales = {word: value for word, value in SCALES[language].items() if len(word) > 2 or language == "ja"}
    many = "|".join(sorted(map(re.escape, scales), key=len, reverse=True))
    one = "|".join(sorted(map(re.escape, worth), key=len, reverse=True))
    others = "|".join(sorted(map(re.escape, OTHERS[language]), key=len, reverse=True))
    worth |= {word: (value, True) for word, value in scales.items()}
    worth |= {word: (value, False) for word, value in OTHERS[language].items()}
    if language == "ja":
        return re.compile(others), worth
    joined = rf"(?:{one})(?:\s+(?:{many})(?:\s+(?:and\s+)?(?:{one}))?)*|(?:{many})|(?:{others})"
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.IGNORECASE), worth


@lru_cache(maxsize=1)
def _month_pattern() -> tuple[re.Pattern[str], dict[str, int]]:
    worth = {name.lower(): at for names in MONTHS.values() for at, name in enumerate(names.split(), 1)}
    names = "|".join(worth)
    pattern = rf"(?<=\d)(?:st|nd|rd|th|\.)?\s+(?:of |de )?({names})\b|\b({names})(?=\.?,?\s+(?:de |del )?\d)"
    return re.compile(pattern, re.IGNORECASE), worth


def _months(text: str) -> Iterator[Number]:
    """Yield names of months that stand beside a number: "May" alone is often none."""
    pattern, worth = _month_pattern()
    for match in pattern.finditer(text):
        group = 1 if match[1] else 2
        yield Number(match.start(group), match.end(group), frozenset({float(worth[match[group].lower()])}), True)
