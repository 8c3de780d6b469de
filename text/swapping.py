"""Sentences made false by one swapped name, number or negation: to measure a checker by, and to train it.

What is put in is of the kind of what it replaces: a year by a near year, a name by a name written like it. Rules, no
parser, so that here and there one reads badly.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from text.names import names as names_in
from text.negation import contrary
from text.number_words import COUNTERS, MONTHS, ONES, TENS

# Not part of a link, a version, an identifier or a footnote; nor what counts a list entry.
_DIGITS = re.compile(
    r"(?<![\w.,:/#\[(-])\d{1,3}(?:([.,])\d{3})+(?![\w.,]*\d)"
    r"|(?<![\w.,:/#\[-])\d+(?:[.,]\d+)?(?![\w/-]|[.,:]\d|\]|[.)] )"
)
_CJK_DIGITS = re.compile(
    r"(?<![\w.,:/#\[-])\d+(?:[.,]\d+)*(?=[^\x00-\x7f])"
    r"|(?<=[\u3041-\u30ff\u4e00-\u9fff、。「])\d+(?:[.,]\d+)*(?![\w./-]*[A-Za-z])"
)
_KANJI = re.compile(rf"(?<![〇一二三四五六七八九十百千万第])[二三四五六七八九](?=[{COUNTERS}])(?!人称|次元|度と)")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")


def swaps(sentence: str, language: str, names: Sequence[str], rng: random.Random) -> list[tuple[str, str]]:
    """Return false copies of a sentence, at most one of each change ("number", "name", "negation"), in random order.

    :param names: names that may take the place of one in the sentence; those that it holds are passed over.
    """
    made = [
        (changed, change)
        for change, changed in (
            ("number", _other_number(sentence, language, rng)),
            ("name", _other_name(sentence, language, names, rng)),
            ("negation", contrary(sentence, language, rng)),
        )
        if changed is not None and changed != sentence
    ]
    rng.shuffle(made)
    return made


def _other_number(sentence: str, language: str, rng: random.Random) -> str | None:
    digits = _CJK_DIGITS if language == "ja" else _DIGITS
    places = [(m.start(), m.end(), _digits(m[0], rng)) for m in digits.finditer(sentence)]
    places += list(_spelled(sentence, language, rng))
    places = [(start, end, put) for start, end, put in places if put != sentence[start:end]]
    if not places:
        return None
    start, end, put = rng.choice(places)
    return sentence[:start] + put + sentence[end:]


def _digits(written: str, rng: random.Random) -> str:
    """Return another number, written in the same way and of about the same size."""
    if _YEAR.fullmatch(written):
        return str(int(written) + rng.choice((-30, -12, -7, -4, -3, -2, 2, 3, 4, 7, 12)))
    plain = re.sub(r"[.,]", "", written)
    value, size = int(plain), 10 ** (len(plain) - 1)
    near = [value + step for step in (1, 2, 3, 4, -1, -2)] if value < 10 else []
    far = [round(value * factor) for factor in (0.3, 0.5, 0.6, 1.4, 1.7, 2.2)]
    kept = [one for one in near + far if one != value and max(2, size) <= one < size * 10] or [value + size]
    put = str(rng.choice(kept)).zfill(len(plain))
    for at, char in enumerate(written):
        if not char.isdigit():
            put = put[:at] + char + put[at:]
    return put


def _spelled(sentence: str, language: str, rng: random.Random) -> Iterator[tuple[int, int, str]]:
    """Yield number words and names of months with others of their kind."""
    if language == "ja":
        for match in _KANJI.finditer(sentence):
            yield match.start(), match.end(), rng.choice("二三四五六七八九".replace(match[0], ""))
        return
    months = MONTHS.get(language, "").split()
    for words in (ONES.get(language, "").split()[2:13], TENS.get(language, "").split(), months):
        for word in words:
            pattern = rf"\b{word}\b(?!-)" if words is not months else rf"\b{word}\b(?=\.?,? \d)|(?<=\d )\b{word}\b"
            for match in re.finditer(pattern, sentence):
                yield match.start(), match.end(), rng.choice([other for other in words if other != word])


def _other_name(sentence: str, language: str, names: Sequence[str], rng: random.Random) -> str | None:
    """Return the sentence with one name replaced, wherever it stands in it."""
    lower = sentence.lower()
    strangers = [name for name in names if name.lower() not in lower]
    found = {sentence[span.start : span.end] for span in names_in(sentence, language)}
    choices = {name: fitting for name in sorted(found) if (fitting := _alike(name, strangers, lower))}
    if not choices:
        return None
    name = rng.choice(list(choices))
    put = rng.choice(choices[name])
    return (
        re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _: put, sentence)
        if name.isascii()
        else sentence.replace(name, put)
    )


def _alike(name: str, strangers: Sequence[str], lower: str) -> list[str]:
    """Return the names that are written like one: as many words, capitals throughout or not, Katakana or not.

    A name that shares a word with the sentence could leave it true ("Ada Moor" for "Moor").
    """
    return [
        other
        for other in strangers
        if _shape(other) == _shape(name)
        and not any(len(w) > 2 and w in lower for w in re.findall(r"\w+", other.lower()))
    ]


def _shape(name: str) -> tuple[bool, bool, bool]:
    words = name.split()
    return len(words) > 1, name.isupper() and len(name) <= 6, name.isascii()
