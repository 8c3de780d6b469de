"""`python -m evaluation retrieval DIR`: figures of each ranking on a set in the layout of BEIR."""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from evaluation import ranking
from evaluation.refusal import left_out_of
from evaluation.sets import JudgedQuestion, index_of, questions
from schema import ScoredPassage
from settings import Settings

EXAMPLE = """examples:
  python -m evaluation retrieval sets/squad
  python -m evaluation retrieval sets/english --questions sets/german     questions in another language
  python -m evaluation retrieval sets/squad --limit 500                   500 questions, evenly spread

DIR holds corpus.jsonl {id, title, text}, queries.jsonl {id, text} and qrels.tsv (question, document, relevance).
Its index is kept below the data folder and used again."""
_PASSAGES = 40  # examined for ten documents; a long document has several
_RANKINGS = ("lexical", "dense", "full")

Rank = Callable[[str], Sequence[ScoredPassage]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this command understands."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="the set")
    parser.add_argument("--questions", type=Path, metavar="OTHER_DIR", help="questions and judgements of another set")
    parser.add_argument("--limit", type=_positive, metavar="N", help="ask N questions only, evenly spread")
    parser.add_argument("--all", type=_positive, metavar="K", help="also: all relevant documents among the first K")
    parser.add_argument("--left-out", action="store_true", help="only questions on documents left out of training")


def run(arguments: argparse.Namespace) -> int:
    """Index the set, ask its questions of each ranking, print one row for each."""
    from index.reader import open_index
    from models import reranker
    from models.embedding import load
    from retrieval.retriever import Retriever

    asked = questions(arguments.questions or arguments.folder, None if arguments.left_out else arguments.limit)
    if arguments.left_out:
        documents = left_out_of(arguments.folder)
        asked = [question for question in asked if not documents.isdisjoint(question.relevant)]
        asked = asked[:: max(1, -(-len(asked) // arguments.limit))] if arguments.limit else asked
    settings = Settings.from_env(data=arguments.data)
    embedding = load(settings.embedding)
    settings, names = index_of(arguments.folder, settings, embedding)
    with open_index(settings.data) as index:
        retriever = Retriever(index, embedding, reranker.load(settings.reranker))
        rankings: dict[str, Rank] = {
            "lexical": lambda question: retriever.lexical(question, _PASSAGES),
            "dense": lambda question: retriever.dense(question, _PASSAGES),
            "full": lambda question: retriever.retrieve(question, k=_PASSAGES),
        }
        sys.stdout.write(f"{index.passage_count:,} passages, {len(asked):,} questions\n")
        every = (f"all@{arguments.all}",) if arguments.all else ()
        sys.stdout.write(f"ranking  {''.join(f'{name:>11}' for name in (*ranking.NAMES, 'ms/question', *every))}\n")
        for name in _RANKINGS:
            row = measure(rankings[name], asked, names, name, arguments.all)
            sys.stdout.write(f"{name:9}" + "".join(f"{value:11.3f}" for value in row.values()) + "\n")
            sys.stdout.flush()
    return 0


def measure(
    rank: Rank, asked: Sequence[JudgedQuestion], names: Mapping[str, str], label: str = "", every: int | None = None
) -> dict[str, float]:
    """Return the mean figures of one ranking, and the median milliseconds of a question.

    :param names: the set's id of each document of the index.
    :param every: also how often all relevant documents are among so many.
    """
    from tqdm import tqdm

    found: list[dict[str, float]] = []
    milliseconds: list[float] = []
    whole: list[bool] = []
    for question in tqdm(asked, desc=label, unit="question", disable=None, leave=False):
        started = time.perf_counter()
        passages = rank(question.text)
        milliseconds.append((time.perf_counter() - started) * 1_000)
        documents = list(_documents(passages, names))
        found.append(ranking.figures(documents, question.relevant))
        whole.append(question.relevant.keys() <= set(documents[:every]))
    means = {name: statistics.fmean(row[name] for row in found) for name in ranking.NAMES}
    means |= {"ms": statistics.median(milliseconds)}
    return means | {"all": statistics.fmean(whole)} if every else means


def _documents(passages: Sequence[ScoredPassage], names: Mapping[str, str]) -> Iterator[str]:
    """Yield the documents of passages, each once, in order."""
    yield from dict.fromkeys(names[found.passage.document_id] for found in passages)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a whole number of at least 1")
    return number
