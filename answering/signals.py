"""What letters alone tell about whether a statement follows from words: numbers, names, denials, what is shared.

No signal decides by itself but the vetoes; answering/checking.py weighs them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answering.near import nearest, swapped
from text.folding import fold
from text.names import names
from text.negation import denials
from text.numbers import Number, numbers, same
from text.words import is_cjk, terms, tokens

_ONE_LANGUAGE = (
    0.5  # share of a statement's words that its source has in order: whatever it was guessed to be written in
)
_IDLE_TERM = 3  # letters; shorter words are hardly ever what a sentence is about
_SMALL = 12  # numbers up to this one are counted by writers themselves ("three reasons")
_SHORTEST = 8  # characters that can say something
_SAID = re.compile(r"[^:：“「『]{0,120}[:：]\s*[“「『](.+)[”」』]\.?", re.DOTALL)
_MARKS = " .。\"'-"  # at the ends of a sentence; they say nothing
_COUNTED = re.compile(r"^\s*\d{1,3}[.)]\s")  # an entry of a list; its number says nothing
_ONE = re.compile(
    r"\b(?:one|first|single|once|ein\w*|erste\w*|uno?|una|primer\w*|une?|premi\w+)\b|[一1１]|最初|唯一", re.I
)
_NONE = re.compile(r"\b(?:no|none|zero|kein\w*|ningun\w*|aucun\w*)\b|ない|なし|ゼロ", re.I)


@dataclass(frozen=True, slots=True)
class Signals:
    """What was found. Counts but for `shared`, `run` (shares of the statement, 0 to 1) and the flags.

    "missing" is nowhere in the quote or round it, "outside" round it only. `swapped` are the kinds of change, where the
    statement is a sentence of the evidence but for a number, a name or a denial.
    """

    same_language: bool
    verbatim: bool
    shared: float
    run: float
    numbers_missing: int
    counts_missing: int
    numbers_outside: int
    names_missing: int
    names_outside: int
    denies_alone: bool
    denied_alone: bool
    swapped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The cited sentences, the passage round them, what stands over it (title, section, speaker), their language.

    `speaker` is whose words the sentences are, where that is known.
    """

    sentences: tuple[str, ...]
    around: str
    context: str
    language: str
    speaker: str | None = None

    @property
    def said(self) -> tuple[str, ...]:
        """The cited sentences as the model reads them: with whose words they are in front, as in training."""
        front = f"{self.speaker}: " if self.speaker and self.sentences else ""
        return (front + self.sentences[0], *self.sentences[1:]) if front else self.sentences

    @property
    def text(self) -> str:
        """The cited sentences in one."""
        return " ".join(self.sentences)


def signals(claim: str, language: str, evidence: Evidence) -> Signals:
    """Return what the letters tell of a statement in a language."""
    near = nearest(claim, evidence.sentences)
    alike = language == evidence.language or near.covered >= _ONE_LANGUAGE
    language = evidence.language if alike else language
    missing, counts, outside = _numbers(claim, language, evidence)
    absent, elsewhere = _names(claim, language, evidence)
    own, others = denials(claim, language), denials(near.sentence, evidence.language)
    return Signals(
        same_language=alike,
        verbatim=alike and _verbatim(claim, evidence, absent),
        shared=_shared(claim, language, evidence.text) if alike else 0.0,
        run=near.covered if alike else 0.0,
        numbers_missing=missing,
        counts_missing=counts,
        numbers_outside=outside,
        names_missing=absent,
        names_outside=elsewhere,
        denies_alone=own > 0 and not any(denials(sentence, evidence.language) for sentence in evidence.sentences),
        denied_alone=own == 0 and others > 0,
        swapped=swapped(claim, language, near, evidence.text, f"{evidence.context}. {evidence.around}")
        if alike and near.changed
        else (),
    )


def _verbatim(claim: str, evidence: Evidence, absent: int) -> bool:
    """Tell whether a statement is one or more whole sentences of the evidence, or puts them in quotation marks.

    A part of a sentence does not say so by itself: "nobody believes that …" may stand before it. Words between marks
    may have a speaker before them who is named there.
    """
    said = _SAID.fullmatch(claim.strip())
    plain = _bare(said[1] if said and not absent else claim)
    sentences = [_bare(sentence) for sentence in evidence.sentences]
    for first, begin in enumerate(sentences):
        if len(plain) >= _SHORTEST and begin and plain.startswith(begin):
            for last in range(first + 1, len(sentences) + 1):
                whole = _bare(" ".join(evidence.sentences[first:last]))
                if len(whole) >= len(plain):
                    if whole == plain:
                        return True
                    break
    return False


def _bare(text: str) -> str:
    return fold(text).strip(_MARKS)


def _shared(claim: str, language: str, text: str) -> float:
    """Return the share of a statement's terms that stand in a text of the same language."""
    wanted = {term for term in terms(claim, language) if is_cjk(term) or len(term) > _IDLE_TERM}
    return len(wanted & set(terms(text, language))) / len(wanted) if wanted else 0.0


def _numbers(claim: str, language: str, evidence: Evidence) -> tuple[int, int, int]:
    """Return how many numbers are missing, how many that may be counts are, and how many stand outside the quote."""
    missing = counts = outside = 0
    cited = numbers(evidence.text, evidence.language)
    for number in numbers(_COUNTED.sub("", claim), language):
        if _follows(number, cited, evidence.text):
            continue
        around = f"{evidence.context} {evidence.around}"
        if _follows(number, numbers(around, evidence.language), around):
            outside += 1
        elif number.percent or max(number.values) > _SMALL:
            missing += 1
        else:
            counts += 1
    return missing, counts, outside


def _follows(number: Number, given: Sequence[Number], text: str) -> bool:
    """Tell whether a number is among others, or is simply another way to say one of them."""
    if (1.0 in number.values and _ONE.search(text)) or (0.0 in number.values and _NONE.search(text)):
        return True
    worth = [value for other in given for value in other.values]
    years = [value for value in worth if 1_000 <= value <= 2_200]
    lasted = {abs(a - b) for a in years for b in years if a != b}
    return any(value in lasted or any(same(value, other) for other in worth) for value in number.values)


def _names(claim: str, language: str, evidence: Evidence) -> tuple[int, int]:
    """Return how many names of a statement are nowhere, and how many stand outside the quote only."""
    cited = f"{evidence.text} {evidence.context}"
    whole = f"{cited} {evidence.around}"
    japanese = evidence.language in ("ja", "zh")
    absent = elsewhere = 0
    for span in names(claim, language):
        name = claim[span.start : span.end]
        if not japanese and any(map(is_cjk, tokens(name))):
            continue  # in Katakana, of what is written otherwise there: nothing to compare
        if _named(name, cited):
            continue
        if _named(name, whole):
            elsewhere += 1
        elif not (japanese and name.isascii()):
            absent += 1
    return absent, elsewhere


def _named(name: str, text: str) -> bool:
    """Tell whether a text has a name: one of its longer words, or what it is short for, or what is short for it."""
    lower = fold(text)
    words = [word for word in tokens(name) if len(word) > 2 or is_cjk(word)] or tokens(name)
    if any((word[: max(5, len(word) - 3)] if len(word) > 5 else word) in lower for word in words):
        return True
    capitals = "".join(re.findall(r"\b[A-Z]", name))
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]+", lower))
    if name.isupper() and len(name) > 1 and name.lower() in initials:
        return True
    return len(capitals) > 1 and re.search(rf"\b{capitals}\b", text) is not None
