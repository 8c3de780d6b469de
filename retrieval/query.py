"""What is sent to the index for a question: its vector, its weighted terms, and what could be told about it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.embedding import Embedding, Vectors
from models.means import Means
from retrieval import cues
from retrieval.lexicon import Lexicon
from retrieval.weights import EARLIER_TURN
from text.language import detect
from text.words import fold, is_cjk, terms, tokens

_ORIGINAL_TOKEN = re.compile(r"[^\W_]+(?:['’.\-&][^\W_]+)*")
_CORRECTED = 0.8  # weight of the word that an unknown one was probably meant to be
_NOUNS_ARE_CAPITAL = ("de",)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is searched.

    `vector` is centred for `language` and L2-normalised. `terms` are (term, weight); `information` is what matching
    every one of them once would score, the measure of a lexical match. `unknown` are the words of the question that
    occur nowhere in the corpus (and are no typos), `unknown_names` those of them that name somebody or something or
    are numbers; `languages` are those that the question names.
    `text` is the question with what it was understood to lean on.
    """

    question: str
    text: str
    language: str
    vector: Vectors
    terms: tuple[tuple[str, float], ...]
    information: float
    unknown: tuple[str, ...] = ()
    unknown_share: float = 0.0  # of the question's information that its unknown words make up
    unknown_names: tuple[str, ...] = ()
    asks_when: bool = False
    languages: frozenset[str] = frozenset()
    earlier: str | None = None
    weights: dict[str, float] = field(default_factory=dict)


def understand(
    question: str, earlier: Sequence[str], embedding: Embedding, means: Means, lexicon: Lexicon, passages: int
) -> Query:
    """Return the query for a question.

    :param earlier: the questions before, oldest first; the last is leant on where this one does not stand alone.
    :param passages: how many there are, for the weight of a term.
    """
    language = detect(question, _default_language(question, lexicon))
    leans = earlier[-1] if earlier and cues.leans_on_earlier(question) else None
    vector = means.question(embedding.question(question), language)
    weighted, unknown = _terms(question, language, lexicon)
    if leans:
        before = detect(leans, language)
        mixed = vector + EARLIER_TURN * means.question(embedding.question(leans), before)
        vector = np.asarray(mixed / np.linalg.norm(mixed), np.float32)
        for term, weight in _terms(leans, before, lexicon)[0].items():
            weighted.setdefault(term, EARLIER_TURN * weight)
    idf = {term: _idf(lexicon.frequency(term), passages) for term in weighted}
    information = sum(weight * idf[term] for term, weight in weighted.items())
    lost = sum(idf.get(term, 0.0) for word in unknown for term in terms(word, language))
    return Query(
        question=question,
        text=f"{leans} {question}" if leans else question,
        language=language,
        vector=vector,
        terms=tuple(weighted.items()),
        information=information,
        unknown=tuple(unknown),
        unknown_share=min(lost / information, 1.0) if information else 0.0,
        unknown_names=tuple(word for word in unknown if _is_name(word, question, language)),
        asks_when=cues.asks_when(question),
        languages=cues.named_languages(question) & set(lexicon.languages),
        earlier=leans,
        weights={term: weight * idf[term] for term, weight in weighted.items()},
    )


def _terms(question: str, language: str, lexicon: Lexicon) -> tuple[dict[str, float], list[str]]:
    """Return the weighted terms of a question and its words that occur nowhere."""
    weighted: dict[str, float] = {}
    unknown: list[str] = []
    for token in tokens(question):
        known = [term for term in lexicon.forms(token, language) if lexicon.frequency(term)]
        weighted |= dict.fromkeys(known or terms(token, language), 1.0)
        if is_cjk(token) or cues.is_about_sources(token) or (known and not _is_other_number(token, lexicon)):
            continue
        corrected = lexicon.nearest(token.removesuffix("'s"))
        if corrected:
            weighted |= dict.fromkeys(terms(corrected, language), _CORRECTED)
        else:
            unknown.append(token)
    return weighted, unknown


def _is_other_number(token: str, lexicon: Lexicon) -> bool:
    """Tell whether a number with points (4.3, 7.1.7) occurs nowhere as a whole, though its digits do."""
    return token.replace(".", "").isdigit() and "." in token and not lexicon.frequency(token.replace(".", ""))


def _idf(frequency: int, passages: int) -> float:
    """Return the weight of a term that stands in `frequency` of so many passages (Robertson & Zaragoza 2009)."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def _is_name(word: str, question: str, language: str) -> bool:
    """Tell whether an unknown word is a number of two digits or more, or written as names are in the question."""
    if sum(char.isdigit() for char in word) >= 2:
        return True
    found = [match for match in _ORIGINAL_TOKEN.finditer(question) if fold(match.group()) == fold(word)]
    if not found or (language in _NOUNS_ARE_CAPITAL and not found[0].group().isupper()):
        return False
    first, written = found[0].start() == len(question) - len(question.lstrip("\"'“¿¡( ")), found[0].group()
    return len(written) > 1 and ((written[0].isupper() and not first) or sum(map(str.isupper, written)) >= 2)


def _default_language(question: str, lexicon: Lexicon) -> str:
    """Return the language of a question too short to tell: the corpus' main one of its script, else English."""
    cjk = any(map(is_cjk, tokens(question)))
    candidates = [code for code in lexicon.languages if (code in ("ja", "zh", "ko")) == cjk]
    return candidates[0] if candidates else "en"
