"""What each signal counts for, and how many candidates each ranking brings.

Chosen on public sets and on questions
written for this project (training/README.md), never on golden questions or over the shipped documents.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of scores that all lie at about 0..1: cosines, and the share of the question's information matched."""

    sentence: float = 0.6  # cosine of the best sentence
    passage: float = 0.35  # cosine of the whole passage
    lexical: float = 0.3  # BM25, as a share of what matching every term once would give
    other_language: float = 0.35  # lexical, where question and passage share a script and not a language
    heading: float = 0.15  # of a heading's score, lent to what stands under it
    asked: float = 0.15  # of a question's score, lent to the turn that answers it
    titled: float = 0.12  # the question, or what was found first, calls the document by its title
    near: float = 0.2  # for a follow-up: stands in or next to what answered the turn before
    speaker: float = 0.14  # the question names whose words these are
    language: float = 0.16  # the question names the language of the source
    own_language: float = 0.03  # the source is in the question's language, which names none: easier to read and check
    source: float = 0.2  # the question names the kind of place: a comment, a summary, a recording
    quoted: float = 0.3  # holds the words that the question has in quotation marks
    recording: float = 0.25  # the question asks when in a recording something is said
    rerank: float = 0.06  # the reranker's log-odds that a sentence of the passage answers, about -8..2
    sentence_rerank: float = 0.15  # choosing the sentence of a passage: the same of that sentence
    sentence_lexical: float = 0.15  # choosing the sentence of a passage: share of the information it matches


@dataclass(frozen=True, slots=True)
class Depth:
    """How many candidates each ranking brings. More were measured to bring nothing but time."""

    passages: int = 60
    sentences: int = 120
    lexical: int = 60


DEFAULT_WEIGHTS = Weights()
DEFAULT_DEPTH = Depth()
EARLIER_TURN = 0.35  # share of a follow-up's meaning and terms that comes from the question before
EXAMINED_TURNS = 12  # last turns of a conversation, the first and the last of which a follow-up leans on
