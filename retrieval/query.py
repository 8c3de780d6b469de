"""What is sent to the index for a question: its vector, its weighted terms, and what could be told about it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from models.embedding import Embedding, Vectors
from models.kinds import Kinds
from models.means import Means
from retrieval import cues
from retrieval.lexicon import Lexicon
from retrieval.unknown import Unknown, find_unknown
from retrieval.weights import EARLIER_TURN
from text.language import WITHOUT_BLANKS, detect
from text.words import is_cjk, terms, tokens

_CORRECTED = 0.8  # weight of the word that an unknown one was probably meant to be


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is searched.

    `vector` is centred for `language` and L2-normalised. `terms` are (term, weight), `weights` the same times how
    rare each term is; `information` is their sum, what matching every term once would score. `languages` and `places`
    are those that the question names (cues.PLACES), `quoted` the words that it has in quotation marks. `kinds` says how
    likely each kind of answer is wanted, 0..1, `corrected` which words were taken for which. `text` is the question
    with what it was understood to lean on.
    """

    question: str
    text: str
    language: str
    vector: Vectors
    terms: tuple[tuple[str, float], ...]
    weights: dict[str, float]
    information: float
    unknown: Unknown = field(default_factory=Unknown)
    asks_when: bool = False
    languages: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    quoted: tuple[str, ...] = ()
    kinds: Mapping[str, float] = field(default_factory=dict)
    corrected: tuple[tuple[str, str], ...] = ()
    earlier: str | None = None


def understand(
    question: str, earlier: str | None, embedding: Embedding, means: Means, kinds: Kinds, lexicon: Lexicon
) -> Query:
    """Return the query for a question.

    :param earlier: the question before, where this one is to lean on it.
    """
    language = detect(question, _default_language(question, lexicon))
    own = vector = means.question(embedding.question(question), language)
    weighted = _terms(question, language, lexicon)
    if earlier:
        before = detect(earlier, language)
        mixed = vector + EARLIER_TURN * means.question(embedding.question(earlier), before)
        vector = np.asarray(mixed / np.linalg.norm(mixed), np.float32)
        for term, weight in _terms(earlier, before, lexicon).items():
            weighted.setdefault(term, EARLIER_TURN * weight)
    weights = {term: weight * _idf(lexicon.frequency(term), lexicon.passages) for term, weight in weighted.items()}
    return Query(
        question=question,
        text=f"{earlier} {question}" if earlier else question,
        language=language,
        vector=vector,
        terms=tuple(weighted.items()),
        weights=weights,
        information=sum(weights.values()),
        unknown=find_unknown(question, language, lexicon),
        asks_when=cues.asks_when(question),
        languages=cues.named_languages(question) & set(lexicon.languages),
        places=cues.named_places(question),
        quoted=cues.quoted(question),
        kinds=_kinds(question, own, kinds),
        corrected=tuple(_corrected(question, language, lexicon)),
        earlier=earlier,
    )


def _kinds(question: str, vector: Vectors, kinds: Kinds) -> dict[str, float]:
    """Return how likely each kind of answer is wanted: by the words that say so, else by the vector."""
    said = {"comparison": cues.compares(question), "list": cues.lists(question)}
    return {**kinds.likely(vector), **{kind: 1.0 for kind, plainly in said.items() if plainly}}


def _corrected(question: str, language: str, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Yield the words that occur nowhere with those of the corpus that they may be misspellings of."""
    for token in dict.fromkeys(tokens(question)):
        word = token.removesuffix("'s")
        known = any(map(lexicon.frequency, lexicon.forms(token, language)))
        meant = None if known else lexicon.nearest(word)
        if meant is not None and meant != word:
            yield word, meant


def _terms(question: str, language: str, lexicon: Lexicon) -> dict[str, float]:
    """Return the weighted terms of a question; a word that occurs nowhere brings the one it may be a typo of."""
    weighted: dict[str, float] = {}
    for token in tokens(question):
        known = [term for term in lexicon.forms(token, language) if lexicon.frequency(term)]
        weighted |= dict.fromkeys(known or terms(token, language), 1.0)
        corrected = None if known else lexicon.nearest(token.removesuffix("'s"))
        if corrected:
            weighted |= dict.fromkeys(terms(corrected, language), _CORRECTED)
    return weighted


def _idf(frequency: int, passages: int) -> float:
    """Return the weight of a term that stands in `frequency` of so many passages (Robertson & Zaragoza 2009)."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def _default_language(question: str, lexicon: Lexicon) -> str:
    """Return the language of a question too short to tell: the corpus' main one of its script, else English."""
    cjk = any(map(is_cjk, tokens(question)))
    candidates = [code for code in lexicon.languages if (code in WITHOUT_BLANKS) == cjk]
    return candidates[0] if candidates else "en"
