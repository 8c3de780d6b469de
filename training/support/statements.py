"""A question and an answer made one statement: the answer stands where the question asks, or behind it."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

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
_NAME = re.compile(r"(?<![.!?。] )(?<!^)\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*|[ァ-ヴー]{3,}|\b[A-Z]{2,}\b")
_PLACED = 0.7  # of the statements have the answer where the question asks; the others have it behind


def stated(question: str, answer: str, language: str, rng: random.Random) -> str:
    """Return one statement of a question and an answer: rough, but it says what the two say together."""
    asks = _ASKS[language].search(question)
    if asks is None or rng.random() > _PLACED:
        return f"{question} {answer}"
    return _ENDS.sub("", question[: asks.start()] + f" {answer} ".strip() + question[asks.end() :])


def names_of(sentence: str, others: Sequence[str]) -> list[str]:
    """Return names in other sentences that may take the place of one in this."""
    found = [match[0] for other in others for match in _NAME.finditer(other)]
    return [name for name in dict.fromkeys(found) if name not in sentence]
