"""Questions that a corpus was seen to answer well: to begin with, and to follow an answer.

Nobody is offered a question that the corpus does not answer: each was asked before, and `holds` judged its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

import numpy as np

from models.embedding import Vectors
from schema import Answer, Citation
from ui.candidates import OURS, Candidate, plain, to_somebody
from ui.examples import asks, width

FOLLOWING = 3  # questions offered after an answer
STARTING = 4  # questions offered to begin with
# Log-odds that the first quotes answer, from which a question is offered: where they stand where they should, and
# anywhere. Read over the questions of a few documents: below, what was quoted first often missed the question.
SURE, SURE_ANYWHERE = -0.75, 1.0
SURE_OURS = 1.0  # the same for questions of our making: of eight about sections, the four below were the weak ones
_SAYS = 40  # columns of a quote from which it says something by itself
_OVERLAP = 40  # characters of the place for an answer that a quote must hold
_NEAR = {"section": 0.3, "document": 0.1, "speaker": 0.1, "language": 0.5}  # added to a cosine
_MADE = 0.15  # taken from it where the question is of our making, or put to somebody


@dataclass(frozen=True, slots=True)
class Ready:
    """A question that the corpus answers well, with the place of its first quote."""

    text: str
    language: str
    document: str
    start: int
    end: int
    section: tuple[str, ...]
    speaker: str | None
    passage: int  # id in the generation that it was asked of
    source: str

    def to_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {**asdict(self), "section": list(self.section)}

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Ready:
        """Read back what `to_json` wrote. :raises KeyError, TypeError: where it is not such a row."""
        return cls(**{**row, "section": tuple(row["section"])})


def holds(candidate: Candidate, answer: Answer, sure: float) -> bool:
    """Tell whether the corpus answers a candidate well: surely, and first with what stands where it should.

    What another place answers very surely will do as well, but for questions that only make sense in theirs.
    """
    if answer.outcome != "answered" or answer.understood.kind not in ("question", "keyword"):
        return False
    if sure < (SURE_OURS if candidate.source in OURS else SURE):
        return False
    first = answer.citations[0]
    if asks(first.quote.strip()) or width(first.quote) < _SAYS:
        return False
    if candidate.speaker is not None and first.speaker != candidate.speaker:
        return False
    places = ((first.document, first.start, first.end), *((at.document, at.start, at.end) for at in first.also))
    enough = min(_OVERLAP, candidate.end - candidate.start)
    inside = any(
        name == candidate.document and min(end, candidate.end) - max(start, candidate.start) >= enough
        for name, start, end in places
    )
    return inside or (sure >= SURE_ANYWHERE and candidate.source in ("heading", "chapter"))


def starting(ready: Sequence[Ready]) -> list[Ready]:
    """Return questions to begin with, in turn from each document and language; those of our making come last.

    What was put to somebody in a document is none: a reader does not know who is meant.
    """
    groups: dict[tuple[str, str], list[Ready]] = {}
    for one in sorted((one for one in ready if not to_somebody(one.text)), key=lambda one: one.source in OURS):
        groups.setdefault((one.document, one.language), []).append(one)
    turns = [one for row in zip_longest(*groups.values()) for one in row if one is not None]
    return sorted(turns, key=lambda one: one.source in OURS)[:STARTING]


def following(
    ready: Sequence[Ready],
    answer: Answer,
    asked: Collection[str],
    vectors: Callable[[Sequence[int]], Vectors],
    passages: Sequence[int],
) -> list[Ready]:
    """Return the questions nearest to what an answer rests on, best first.

    :param asked: questions that were asked already.
    :param vectors: gives the vectors of passages by their ids.
    :param passages: ids of the passages that the answer quotes.
    """  # fmt: skip
    evidence = answer.citations or answer.nearest
    said = {plain(question) for question in (*asked, answer.question)}
    left = [
        one for one in ready if plain(one.text) not in said and not any(_overlap(one, cited) for cited in evidence[:1])
    ]
    if not left or not evidence or not passages:
        return []
    cosines = (vectors([one.passage for one in left]) @ vectors(passages).T).max(axis=1)
    scores = cosines + np.array([_nearness(one, evidence, answer.language) for one in left], np.float32)
    chosen: list[Ready] = []
    for row in np.argsort(-scores, kind="stable"):
        if not any(_same_place(left[row], one) for one in chosen):  # three questions, three answers
            chosen.append(left[row])
    return chosen[:FOLLOWING]


def _nearness(one: Ready, evidence: Sequence[Citation], language: str) -> float:
    near = {
        "section": any(one.document == cited.document and one.section == cited.section for cited in evidence),
        "document": any(one.document == cited.document for cited in evidence),
        "speaker": any(one.speaker is not None and one.speaker == cited.speaker for cited in evidence),
        "language": one.language == language,
    }
    return sum(_NEAR[name] for name, true in near.items() if true) - _MADE * (
        one.source in OURS or to_somebody(one.text)
    )


def _overlap(one: Ready, cited: Citation) -> bool:
    places = ((cited.document, cited.start, cited.end), *((at.document, at.start, at.end) for at in cited.also))
    return any(one.document == name and one.start < end and start < one.end for name, start, end in places)


def _same_place(one: Ready, other: Ready) -> bool:
    return one.document == other.document and one.start < other.end and other.start < one.end
