"""Scores answers against judged questions: whether quotes carry the evidence, the fact is said, silence is right.

A citation counts only through the words that it quotes. Only the first five are read, 600 characters of one quote and
1,500 of all: a page quoted whole gains nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

CITATIONS_READ = 5
LONGEST_QUOTE = 600  # characters of one quote that are read
CHARACTERS_READ = 1_500  # characters of all quotes of an answer that are read
SHARE_OF_EVIDENCE = 0.65  # a quote that holds this much of the evidence in one piece carries it
MUST_SAY = frozenset({"timestamp", "attribution", "number"})  # types whose answer states the fact, not only the place

_STRAIGHT = str.maketrans("’‘“”„–—", '\'\'"""--')
_BLANKS = re.compile(r"\s+")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one answer is worth: the figures it adds to, by name, and the result for a question of its type, 0..1."""

    id: str
    type: str
    question: str
    figures: Mapping[str, float]
    result: float


def normal(text: str) -> str:
    """Return the text in lower case with straight quotes and single blanks: for comparing words, not bytes."""
    return _BLANKS.sub(" ", text.translate(_STRAIGHT)).strip().lower()


def carries(quote: str, evidence: str) -> bool:
    """Tell whether a quote holds the evidence, or most of it in one piece. A heading that asks is no evidence."""
    held, wanted = normal(quote), normal(evidence)
    if not held or not wanted:
        return False
    if wanted in held:
        return True
    if held.endswith("?") and "?" not in wanted:
        return False
    piece = SequenceMatcher(None, held, wanted, autojunk=False).find_longest_match(0, len(held), 0, len(wanted))
    return piece.size >= SHARE_OF_EVIDENCE * len(wanted)


def judge(item: Json, answer: Json | None) -> Judgement:
    """Judge the answer to one question; None is a question that was not answered at all."""
    figures = {"answered_at_all": float(answer is not None)}
    answer = answer or {"answer": "", "abstained": False, "citations": []}
    abstained = bool(answer.get("abstained"))
    expected = item.get("expected", "answer" if item["answerable"] else "abstain")
    if answer.get("seconds") is not None:
        figures["seconds"] = float(answer["seconds"])
    if abstained:
        figures["abstain_precision"] = float(expected != "answer")
    if expected == "answer":
        more, result = _judge_answer(item, answer, abstained)
        figures |= more
    elif expected == "abstain":
        figures["abstained_rightly"] = result = float(abstained)
    else:
        result = float(abstained or _covered(item, _read(answer)) > 0)
        figures["abstained_or_corrected"] = result
    return Judgement(item["id"], item["type"], item["question"], figures, result)


def summarise(judgements: Sequence[Judgement]) -> dict[str, float]:
    """Return the means of all figures, the result by type, and how long an answer took (p50 and p95, seconds)."""
    values: dict[str, list[float]] = defaultdict(list)
    types: dict[str, list[float]] = defaultdict(list)
    for judgement in judgements:
        types[judgement.type].append(judgement.result)
        for name, value in judgement.figures.items():
            values[name].append(value)
    seconds = sorted(values.pop("seconds", []))
    figures = {name: _mean(rows) for name, rows in values.items()}
    if seconds:
        figures["seconds_p50"] = seconds[len(seconds) // 2]
        figures["seconds_p95"] = seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))]
    figures["right_overall"] = _mean([judgement.result for judgement in judgements])
    return figures | {f"type:{name}": _mean(types[name]) for name in sorted(types)}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _judge_answer(item: Json, answer: Json, abstained: bool) -> tuple[dict[str, float], float]:
    """Judge an answer to a question that has one; return its figures and the result for its type."""
    shown = [] if abstained else _read(answer)
    carried = _covered(item, shown)
    told = [answer.get("answer", ""), *(f"{row['quote']} {row.get('speaker') or ''}" for row in shown)]
    said = _says(item, "\n".join(told)) and not abstained
    figures = {
        "not_abstained": float(not abstained),
        "evidence_at_1": float(_covered(item, shown[:1]) > 0),
        "evidence_at_5": carried,
        "key_facts": float(said),
    }
    if shown:
        evidence = [quote for point in _points(item) for quote in point]
        bearing = [any(carries(row["quote"], quote) for quote in evidence) for row in shown]
        figures["citation_precision"] = sum(bearing) / len(shown)
        figures["citations_shown"] = float(len(shown))
        figures["characters_quoted"] = float(sum(len(row["quote"]) for row in answer["citations"][:CITATIONS_READ]))
    return figures, carried if said or item["type"] not in MUST_SAY else 0.0


def _points(item: Json) -> list[list[str]]:
    """Return the required points, each a list of quotes any one of which will do."""
    evidence = item["evidence"]
    if item.get("evidence_mode") == "all":
        return [[row["quote"], *(other["quote"] for other in row.get("alts", []))] for row in evidence]
    return [[row["quote"] for row in evidence]] if evidence else []


def _read(answer: Json) -> list[dict[str, Any]]:
    """Return the citations that count, their quotes cut to what is read."""
    left, cited = CHARACTERS_READ, []
    for citation in answer.get("citations", [])[:CITATIONS_READ]:
        quote = citation.get("quote", "")[: min(LONGEST_QUOTE, left)]
        left -= len(quote)
        cited.append({**citation, "quote": quote})
    return cited


def _covered(item: Json, citations: Iterable[Json]) -> float:
    """Return the share of the required points that some citation carries."""
    points = _points(item)
    quotes = [row["quote"] for row in citations if _in_segment(row, item.get("segment"))]
    return _mean([float(any(carries(q, wanted) for q in quotes for wanted in point)) for point in points])


def _in_segment(citation: Json, segment: Sequence[float] | None) -> bool:
    """Tell whether no recording was asked about, or the citation's time meets the right part of it (seconds)."""
    if not segment:
        return True
    time = citation.get("time") or {}
    if time.get("start") is None:
        return False
    return bool(time["start"] <= segment[1] and time.get("end", time["start"]) >= segment[0])


def _says(item: Json, text: str) -> bool:
    """Tell whether a text holds one alternative of each key fact, beginning where a word or number begins."""
    body = normal(text)
    return all(any(_holds(body, one) for one in alternatives) for alternatives in item.get("answer_contains", []))


def _holds(body: str, alternative: str) -> bool:
    wanted = normal(alternative)
    before = r"(?<![\d.])" if wanted[:1].isdigit() else r"(?<![a-z])" if wanted[:1].isascii() else ""
    after = r"(?!\d)" if wanted[-1:].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, body) is not None
