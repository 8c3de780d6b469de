"""A question and an answer made one statement: the answer stands where the question asks, or behind it."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from text.names import names

_ASKS = {
    "en": re.compile(
        r"\b(?:in |at |on |by |from )?(?:who|whom|what|which|when|where|how (?:many|much|long|often|old|far))\b", re.I
    ),
    "de": re.compile(r"\b(?:wer|wen|wem|was|wann|wo|wohin|welche[rsnm]?|wie ?viele?)\b", re.I),
    "es": re.compile(r"¿?\b(?:quién(?:es)?|qué|cuándo|dónde|cuál(?:es)?|cuánt[oa]s?)\b", re.I),
    "ja": re.compile(
        r"何(?:年|月|日|人|つ|回|歳|個|件|と呼ばれ(?=る|て))?|誰|だれ|どこ|どれくらい|どれ|いつ|どちら|いくつ|どのような[^はがをに、]{1,6}"
    ),
}
_ENDS = re.compile(r"(?:でしょうか|ですか|ますか|か)?[?？。.\s]*$")
_PLACED = 0.7  # of the statements have the answer where the question asks; the others have it behind


def stated(question: str, answer: str, language: str, rng: random.Random) -> str:
    """Return one statement of a question and an answer: rough, but it says what the two say together."""
    asks = _ASKS[language].search(question)
    if asks is None or rng.random() > _PLACED:
        return f"{question} {answer}"
    return _ENDS.sub("", question[: asks.start()] + f" {answer} ".strip() + question[asks.end() :])


def names_of(sentence: str, others: Sequence[str], language: str) -> list[str]:
    """Return names in other sentences of a language that may take the place of one in this."""
    found = [other[span.start : span.end] for other in others for span in names(other, language)]
    return [name for name in dict.fromkeys(found) if name not in sentence]
