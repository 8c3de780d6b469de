"""Checks one sentence against the words that it cites: does it follow, in part, or not.

What letters tell (answering/signals.py) and what the model reads (models/support.py) are put together by a logistic
map. Some things need no weighing: a sentence that stands there word for word follows, one that gives a number that
nobody gives does not, nor does one that is a sentence of the source but for a number, a name or a "not".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from answering.locating import locate
from answering.signals import Evidence, Signals, signals
from models import support
from models.support import SupportModel
from schema import UNKNOWN_LANGUAGE, Passage, Span, Support
from text.language import detect
from text.words import terms

# Fitted by `python -m evaluation support training/claims --fit`; docs/evaluation.md says on what, and how well it does.
WEIGHTS = {
    "bias": -0.38,
    "odds": 0.38,
    "shared": 0.0,  # nothing beside the model; it counts where another one is fitted
    "run": 0.25,
    "counts_missing": -0.8,
    "numbers_outside": -0.4,
    "names_missing": -0.58,
    "names_outside": -0.29,
    "denies_alone": -0.73,
    "denied_alone": -0.4,
}
SUPPORTED = 0.7  # score from which a sentence is shown as supported: .48 of the true, .10 of those written to deceive
PARTLY = 0.3  # score from which it is shown, as partly supported: .86 of the true, .32 of those

_MOST_ODDS = 8.0  # log-odds beyond this are not surer
_VETOED = 0.05  # score of what is known to be false
_AT_BEST = 0.65  # score of what names somebody or a number that only the passage holds, not the words that are cited
_VERBATIM = 0.98  # score of what stands there word for word
_TRIED = 4  # sentences that are read where a quote was not found
_LONGEST = 2_000  # characters of a claim; what comes after is not read


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `score` is how likely the sentence follows (0 to 1), `span` the words it rests on.

    `reasons` says what speaks against it: "number", "name", "negation", "model" (it does not read as if it followed),
    "quote" (the words that were to be quoted are not there, others were found or none).
    """

    support: Support
    score: float
    span: Span | None
    reasons: tuple[str, ...]


class Checker:
    """Checks sentences. Safe to use from several threads."""

    def __init__(self, model: SupportModel) -> None:
        self._model = model

    def check(self, claim: str, document_text: str, passage: Passage, quote: str | None) -> Verdict:
        """Return the verdict on a sentence that cites words of a passage; `span` holds whole sentences of it.

        A quote that is not there is replaced by the sentence, or two neighbours, that the claim follows from
        best; where it follows from none, the span is None.
        """
        reader = _Reader(claim, document_text, passage, self._model)
        found = locate(quote, document_text, passage.start, passage.end) if quote else None
        cited = reader.touched(found) if found else range(0)
        if cited:
            return reader.verdict(cited)
        verdict = reader.best()
        missing = ("quote",) if quote else ()
        span = None if verdict.support == "not" else verdict.span
        return replace(verdict, span=span, reasons=(*missing, *verdict.reasons))

    def judge(self, claim: str, language: str, evidence: Evidence) -> Verdict:
        """Return the verdict on a claim beside evidence that is not in the index; it has no span."""
        return _verdict(self._model, claim[:_LONGEST], signals(claim[:_LONGEST], language, evidence), evidence)


class _Reader:
    """Reads one claim against runs of sentences of one passage."""

    def __init__(self, claim: str, text: str, passage: Passage, model: SupportModel) -> None:
        self._claim, self._passage, self._model = claim[:_LONGEST], passage, model
        self._around = text[passage.start : passage.end]
        self._sentences = [text[span.start : span.end] for span in passage.sentences]
        self._written = passage.language if passage.language != UNKNOWN_LANGUAGE else detect(self._around)
        self._language = detect(self._claim, self._written)

    def touched(self, span: Span) -> range:
        """Return the numbers of the sentences that a span touches; an empty range where there are none."""
        spans = self._passage.sentences
        numbers = [n for n, each in enumerate(spans) if each.start < span.end and span.start < each.end]
        return range(numbers[0], numbers[-1] + 1) if numbers else range(0)

    def verdict(self, cited: range) -> Verdict:
        """Return the verdict on the claim as one that cites a run of sentences."""
        evidence = self._evidence(cited)
        found = _verdict(self._model, self._claim, signals(self._claim, self._language, evidence), evidence)
        spans = self._passage.sentences
        return replace(found, span=Span(spans[cited.start].start, spans[cited.stop - 1].end))

    def _evidence(self, cited: range) -> Evidence:
        sentences, passage = tuple(self._sentences[cited.start : cited.stop]), self._passage
        return Evidence(sentences, self._around, context_of(passage), self._written, passage.speaker)

    def best(self) -> Verdict:
        """Return the verdict on the run of sentences that the claim follows from best."""
        if not self._sentences:
            return Verdict("not", 0.0, None, ("model",))
        whole = range(len(self._sentences))
        if signals(self._claim, self._language, self._evidence(whole)).swapped:  # whatever else it may be like
            return self.verdict(whole)
        tried = [(self.verdict(run), run) for run in self._likeliest()]
        found, run = max(tried, key=lambda each: each[0].score)
        if found.support == "supported":
            return found
        wider = (range(run.start - 1, run.stop), range(run.start, run.stop + 1))
        inside = [each for each in wider if each.start >= 0 and each.stop <= len(self._sentences)]
        return max(found, *map(self.verdict, inside), key=lambda each: each.score) if inside else found

    def _likeliest(self) -> Sequence[range]:
        """Return the sentences that share most with the claim; in order where none shares anything."""
        wanted = set(terms(self._claim, self._language))
        shared = [len(wanted & set(terms(sentence, self._written))) for sentence in self._sentences]
        order = sorted(range(len(shared)), key=lambda n: -shared[n])
        return [range(n, n + 1) for n in order[:_TRIED]]


def context_of(passage: Passage) -> str:
    """Return what stands over a passage: title, section, whose words these are and who hands them on."""
    people = (passage.speaker, passage.quoted_by, *passage.reports)
    return " ".join(filter(None, (passage.context, *passage.section, *people)))


def features(odds: float, told: Signals) -> dict[str, float]:
    """Return what is weighed, by the names in WEIGHTS."""
    return {
        "bias": 1.0,
        "odds": max(-_MOST_ODDS, min(_MOST_ODDS, odds)),
        "shared": told.shared,
        "run": told.run,
        "counts_missing": float(min(2, told.counts_missing)),
        "numbers_outside": float(min(2, told.numbers_outside)),
        "names_missing": float(min(2, told.names_missing)),
        "names_outside": float(min(2, told.names_outside)),
        "denies_alone": float(told.denies_alone),
        "denied_alone": float(told.denied_alone),
    }


def ruled(told: Signals) -> float | None:
    """Return the score of what needs no weighing, None for the rest."""
    if told.verbatim:
        return _VERBATIM
    return _VETOED if told.numbers_missing or told.swapped else None


def weigh(odds: float, told: Signals) -> float:
    """Return how likely a claim follows that no rule decides, 0 to 1."""
    weighed = sum(WEIGHTS[name] * value for name, value in features(odds, told).items())
    return 1 / (1 + math.exp(-weighed))


def _verdict(model: SupportModel, claim: str, told: Signals, evidence: Evidence) -> Verdict:
    """Return the verdict, without a span; the model reads only where no rule decides."""
    rule = ruled(told)
    likely = weigh(model.score(claim, evidence.said), told) if rule is None else rule
    if rule is None and (told.names_outside or told.numbers_outside):
        likely = min(likely, _AT_BEST)
    support: Support = "supported" if likely >= SUPPORTED else "partly" if likely >= PARTLY else "not"
    if support == "supported":
        return Verdict(support, likely, None, ())
    against = {
        "number": told.numbers_missing or told.counts_missing or "number" in told.swapped,
        "name": told.names_missing or "name" in told.swapped,
        "negation": told.denies_alone or told.denied_alone or "negation" in told.swapped,
    }
    reasons = tuple(name for name, found in against.items() if found)
    return Verdict(support, likely, None, reasons or ("model",))


@lru_cache(maxsize=1)
def load() -> Checker:
    """Return the checker, with its model loaded once for the process. :raises ModelError: where it cannot be."""
    return Checker(support.load())
