"""What to do with what was typed: find a pasted quotation, give an overview, greet, or answer a question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from answering.abstention import Verdict, judge
from answering.choosing import Chosen, choose
from answering.overview import overview
from answering.pasted import pasted
from answering.quotes import without_label
from index.reader import Index
from retrieval.cues import is_about_sources
from retrieval.preferences import stands_in
from retrieval.query import Query
from retrieval.retriever import Ranking
from schema import InputKind, Passage, Understood
from text.language import WITHOUT_BLANKS
from text.words import is_cjk, terms, tokens

# Likelihoods from which something is taken for what it looks like. Of 822 argued questions none was taken for a
# greeting or an overview at these, and of those that are no bare words, 23 misspelt ones for some.
_GREETS, _OVERVIEW, _KEYWORD, _WANTED = 0.6, 0.35, 0.5, 0.4
_MATTER = 0.25  # what each rare word of the corpus in a question adds to that: it is about a matter
_LONGEST_GREETING = 60  # characters
_RARE = 0.05  # of the passages
_DOCUMENTS = 200  # looked at for an overview; of more, that many evenly spread
_TITLE_WORD = 4  # letters; shorter words of a title call no document


@dataclass(frozen=True, slots=True)
class Reply:
    """How something typed is replied to: as which kind, with which words, or why with none."""

    kind: InputKind
    chosen: list[Chosen]
    verdict: Verdict


def reply(index: Index, question: str, ranking: Ranking, most: int) -> Reply:
    """Decide how to reply to what was typed, and with which words of the corpus."""
    likely = ranking.query.kinds
    if places := pasted(index, question, ranking.passages):
        return Reply("quotation", places, Verdict(False))
    if likely.get("greeting", 0.0) > _GREETS and len(question) <= _LONGEST_GREETING:
        return Reply("greeting", [], Verdict(True))
    if likely.get("overview", 0.0) > _OVERVIEW + _MATTER * _matters(index, ranking.query):
        sentences = overview(index, _scope(index, ranking), most)
        return Reply("overview", _unlabelled(index, sentences), Verdict(not sentences))
    kind: InputKind = "keyword" if likely.get("keyword", 0.0) > _KEYWORD else "question"
    return Reply(kind, _unlabelled(index, choose(index, ranking)), judge(ranking))


def _unlabelled(index: Index, chosen: Iterable[Chosen]) -> list[Chosen]:
    """Return the quotes without the names of their speakers in front; what was pasted is found as it was pasted."""
    return [
        (found, without_label(index.document(found.passage.document_id).text, span, found.passage.speaker))
        for found, span in chosen
    ]


def understood(kind: InputKind, ranking: Ranking) -> Understood:
    """Return how what was typed was read."""
    query = ranking.query
    wants = sorted(
        (name for name, likely in query.kinds.items() if likely > _WANTED), key=lambda name: -query.kinds[name]
    )
    return Understood(
        kind=kind,
        wants=tuple(name for name in wants if name not in {"greeting", "overview", "keyword"}),
        follows=query.earlier,
        speakers=tuple(sorted(ranking.named)),
        places=tuple(sorted(query.places | query.languages)),
        corrected=query.corrected,
    )


def _matters(index: Index, query: Query) -> float:
    """Return how many rare words of the corpus a question holds, but for those on the form of sources.

    Writing without blanks has no words to count, and is taken to hold one or two.
    """
    most = _RARE * index.passage_count
    words = [word for word in tokens(query.question) if not is_cjk(word) and not is_about_sources(word)]
    frequencies = [max(map(index.document_frequency, terms(word, query.language)), default=0) for word in words]
    return sum(0 < frequency <= most for frequency in frequencies) + 1.5 * (query.language in WITHOUT_BLANKS)


def _scope(index: Index, ranking: Ranking) -> list[Passage]:
    """Return the passages that an overview is of: where the question says to look, else all."""
    ids = index.document_ids()
    ids = _called(index, ids, ranking.query.question) or ids[:: max(1, -(-len(ids) // _DOCUMENTS))]
    passages = [passage for document_id in ids for passage in index.passages_of(document_id)]
    for narrowed in (
        [passage for passage in passages if any(stands_in(passage, place) for place in ranking.query.places)],
        [passage for passage in passages if passage.language in ranking.query.languages],
    ):
        passages = narrowed or passages
    return passages


def _called(index: Index, ids: list[str], question: str) -> list[str]:
    """Return the documents that a question calls by half of the words of their title, or more."""
    asked = set(tokens(question))
    called = []
    for document_id in ids[:_DOCUMENTS]:
        words = {word for word in tokens(index.document(document_id).title) if len(word) >= _TITLE_WORD}
        if words and 2 * len(words & asked) >= len(words):
            called.append(document_id)
    return called
