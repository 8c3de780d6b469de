"""`python -m answering --check ANSWER.json`: checks any text with citations against the corpus, sentence by sentence.

What is checked is an answer of ours (docs/answer-format.md), or no more than
`{"answer": "Text. [1] More. [2]", "citations": [{"document": "…", "quote": "…"}, …]}`, or a list of such.
Whoever wrote it is not trusted: sizes are bounded, and what is printed cannot drive a terminal.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from answering import checking
from answering.checking import Checker, Verdict, context_of
from answering.locating import locate
from answering.placing import passage_at
from answering.signals import Evidence
from errors import UsageError
from index.reader import Index, open_index
from schema import Document, Passage, Span, Support
from settings import Settings
from text.language import detect
from text.sentences import split

SUPPORTED, UNSUPPORTED = 0, 1  # exit codes: all sentences are supported, or some are not

_LONGEST_FILE = 5_000_000  # bytes
_MOST_ANSWERS = 1_000
_LONGEST_ANSWER = 50_000  # characters
_MOST_CITATIONS = 100  # of one answer
_MARKERS = re.compile(r"\s*\[(\d{1,3})\]")
_LEADING = re.compile(r"(?:\s*\[\d{1,3}\])+[.,;]?")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SAYS = {
    "number": "a number that is not there",
    "name": "a name that is not there",
    "negation": "one denies what the other says",
    "model": "does not read as if it followed",
    "quote": "the quote is not in the document",
    "document": "the corpus has no such document",
    "uncited": "nothing is cited",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the quote of a citation stands; `start` and `end` are None where it was not found."""

    number: int
    document: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of an answer (`answer[start:end]`, markers left out of `text`) and what the check found."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    support: Support
    score: float
    reasons: tuple[str, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Cited:
    place: Place
    fault: str | None = None
    document: Document | None = None
    passage: Passage | None = None
    quote: str = ""


def run(path: Path, settings: Settings, as_json: bool = False) -> int:
    """Check a file ("-" for standard input), print what was found, return SUPPORTED or UNSUPPORTED.

    :raises UsageError: where the file is no such answer.
    """
    answers = read(path)
    checker = checking.load()
    with open_index(settings.data) as index:
        found = [check(answer, index, checker) for answer in answers]
    rows = [[asdict(sentence) for sentence in sentences] for sentences in found]
    if as_json:
        text = json.dumps({"answers": [{"sentences": row} for row in rows]}, ensure_ascii=False)
    else:
        text = "\n\n".join("\n".join(_readable(sentences)) for sentences in found)
    sys.stdout.write(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text) + "\n")
    every = [sentence for sentences in found for sentence in sentences]
    return SUPPORTED if all(sentence.support == "supported" for sentence in every) else UNSUPPORTED


def read(path: Path) -> list[dict[str, Any]]:
    """Return the answers of a file, each with "answer" and "citations". :raises UsageError: where it holds none."""
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(_LONGEST_FILE + 1)
        else:
            with path.open("rb") as file:
                data = file.read(_LONGEST_FILE + 1)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error
    if len(data) > _LONGEST_FILE:
        raise UsageError(f"{path} is larger than {_LONGEST_FILE:,} bytes: check fewer answers at once")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no JSON: {str(error)[:200]}") from error
    answers = found if isinstance(found, list) else [found]
    if not 0 < len(answers) <= _MOST_ANSWERS:
        raise UsageError(f"{path} holds {len(answers)} answers: give 1 to {_MOST_ANSWERS}")
    return [_answer(answer, f"{path}, answer {number}") for number, answer in enumerate(answers, 1)]


def _answer(answer: Any, where: str) -> dict[str, Any]:
    text = answer.get("answer") if isinstance(answer, dict) else None
    citations = answer.get("citations") if isinstance(answer, dict) else None
    if not isinstance(text, str) or not isinstance(citations, list):
        raise UsageError(f'{where}: an object with "answer" (text) and "citations" (a list) is needed')
    if len(text) > _LONGEST_ANSWER or len(citations) > _MOST_CITATIONS:
        raise UsageError(f"{where}: at most {_LONGEST_ANSWER:,} characters and {_MOST_CITATIONS} citations are checked")
    for number, row in enumerate(citations, 1):
        if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("document", "quote")):
            raise UsageError(f'{where}, citation {number}: an object with "document" and "quote" is needed')
    return {"answer": text, "citations": citations}


def check(answer: dict[str, Any], index: Index, checker: Checker) -> list[Checked]:
    """Return the sentences of an answer, checked, in order."""
    cited = {number: _find(row, number, index) for number, row in enumerate(answer["citations"], 1)}
    return [
        _checked(answer["answer"], span, numbers, [cited[n] for n in numbers if n in cited], checker)
        for span, numbers in sentences(answer["answer"])
    ]


def sentences(text: str) -> Iterator[tuple[Span, tuple[int, ...]]]:
    """Yield the sentences of a text with the numbers of their markers; one behind the full stop belongs before it.

    What stands in one pair of quotation marks is one sentence: its marker stands at its end.
    """
    spans: list[Span] = []
    for span in split(text):
        leading = _LEADING.match(text, span.start, span.end) if spans else None
        begin = leading.end() if leading else span.start
        before = spans[-1] if spans else None
        if leading and before:
            spans[-1] = before = Span(before.start, leading.end())
        while begin < span.end and text[begin].isspace():
            begin += 1
        if begin >= span.end:
            continue
        if before and _open(text[before.start : before.end]) and "\n\n" not in text[before.end : begin]:
            spans[-1] = Span(before.start, span.end)
        else:
            spans.append(Span(begin, span.end))
    for span in spans:
        yield span, tuple(dict.fromkeys(int(n) for n in _MARKERS.findall(text, span.start, span.end)))


def _open(text: str) -> bool:
    return any(text.count(opening) > text.count(closing) for opening, closing in ("“”", "「」", "«»"))


def _find(row: dict[str, Any], number: int, index: Index) -> _Cited:
    name, quote = row["document"], row["quote"]
    lost = Place(number, name, None, None)
    if name not in index.document_ids():
        return _Cited(lost, "document")
    document = index.document(name)
    span = locate(quote, document.text)
    if span is None:
        return _Cited(lost, "quote")
    place = Place(number, name, span.start, span.end)
    passage = passage_at(index, document, span)
    return _Cited(place, None, document, passage, document.text[span.start : span.end])


def _checked(text: str, span: Span, numbers: tuple[int, ...], cited: Sequence[_Cited], checker: Checker) -> Checked:
    claim = _MARKERS.sub("", text[span.start : span.end]).strip()
    places = tuple(each.place for each in cited)
    verdicts = [
        checker.check(claim, each.document.text, each.passage, each.quote)
        for each in cited
        if each.document is not None and each.passage is not None
    ]
    best = max(verdicts, key=lambda verdict: verdict.score, default=None)
    if best is not None and best.support != "supported" and len(verdicts) > 1:
        together = checker.judge(claim, *_together(claim, cited))
        best = max(best, together, key=lambda verdict: verdict.score)
    faults = tuple(dict.fromkeys(each.fault for each in cited if each.fault)) or (() if cited else ("uncited",))
    verdict = best or Verdict("not", 0.0, None, ())
    reasons = (*faults, *verdict.reasons)
    return Checked(claim, span.start, span.end, numbers, verdict.support, round(verdict.score, 4), reasons, places)


def _together(claim: str, cited: Sequence[_Cited]) -> tuple[str, Evidence]:
    """Return the claim's language, and all quotes that were found as one piece of evidence."""
    found = [each for each in cited if each.document is not None and each.passage is not None]
    quotes = tuple(each.quote[span.start : span.end] for each in found for span in split(each.quote))
    passages = [each.passage for each in found if each.passage]
    context = " ".join(map(context_of, passages))
    around = " ".join(
        each.document.text[each.passage.start : each.passage.end] for each in found if each.document and each.passage
    )
    language = passages[0].language
    return detect(claim, language), Evidence(quotes, around, context, language)


def _readable(found: Sequence[Checked]) -> Iterator[str]:
    for number, sentence in enumerate(found, 1):
        yield f"{number}. {sentence.support}, {sentence.score:.2f}: {sentence.text}"
        for place in sentence.places:
            where = "not found" if place.start is None else f"{place.start}–{place.end}"
            yield f"   [{place.number}] {place.document}, {where}"
        if sentence.reasons:
            yield f"   {'; '.join(_SAYS[reason] for reason in sentence.reasons)}"
    shown = [sentence.support for sentence in found]
    counted = ", ".join(f"{shown.count(kind)} {kind}" for kind in ("supported", "partly", "not"))
    yield f"{len(found)} sentences: {counted}"
