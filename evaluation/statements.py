"""Statements with what they cite and a label, in the three forms in which sets of them come.

- `references`: the evidence as text (AttributionBench).
- `document` and `quote`: words of the indexed corpus (evaluation/claims/).
- `doc` and `sentences`: numbers of the sentences of a passage that a public set holds (training/claims/).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from answering.checking import Checker, Verdict, context_of
from answering.locating import locate
from answering.placing import passage_at
from answering.signals import Evidence
from errors import UsageError
from evaluation.jsonl import Row, rows
from index.reader import Index
from schema import Support
from text.language import detect
from text.sentences import split

_Passages = dict[str, tuple[str, Sequence[Sequence[int]], str, Sequence[str | None]]]

LABELS: dict[str, Support] = {
    "supported": "supported",
    "partly": "partly",
    "not": "not",
    "attributable": "supported",
    "not attributable": "not",
}
ARGUED = "argued"  # the set of passages where a statement names no other
_SEPARATOR = "[SEP]"  # between title and text in JSQuAD
# The model was trained on the others (training/support/pairs.py; a test holds the two together).
MEASURED_OF = 8
MEASURED = 3
_MARKERS = re.compile(r"\s*\[\d{1,3}\]")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, what it cites, and how the checker is asked about it."""

    id: str
    text: str
    language: str
    evidence: Evidence
    label: Support
    change: str
    check: Callable[[Checker], Verdict]
    trained_on: bool = False


def read(path: Path, index: Callable[[], Index], sets: Path | None) -> list[Statement]:
    """Return the statements of a file, or of a folder's queries.jsonl, or of all its files.

    :param index: opens the corpus that quotes are of; called where it is needed.
    :param sets: folder of the public sets that numbered sentences are of.
    :raises UsageError: where something is missing or wrong.
    """
    files = [path]
    if path.is_dir():
        files = [path / "queries.jsonl"] if (path / "queries.jsonl").exists() else sorted(path.glob("*.jsonl"))
    held: dict[str, _Passages] = {}
    found: list[Statement] = []
    for row in (row for file in files for row in rows(file, ("id",))):
        if "references" in row:
            found.append(_attributed(row))
        elif "quote" in row:
            found.append(_quoted(row, index()))
        else:
            pool = str(row.get("pool", ARGUED))
            if pool not in held:
                held[pool] = _passages(sets, pool)
            found.append(_numbered(row, pool, held[pool]))
    if not found:
        raise UsageError(f"{path} holds no statements")
    return found


def _attributed(row: Row) -> Statement:
    references = [str(each) for each in row["references"]]
    sentences = tuple(text for each in references for text in _sentences(each))
    claim = _MARKERS.sub("", str(row["claim"]))
    language = detect(claim, "en")
    evidence = Evidence(sentences, "", "", detect(" ".join(references), language))
    change = str(row.get("src_dataset", ""))
    return _judged(str(row["id"]), claim, language, evidence, _label(row, "attribution_label"), change)


def _quoted(row: Row, index: Index) -> Statement:
    if row["document"] not in index.document_ids():
        raise UsageError(f"the corpus has no document {str(row['document'])[:80]!r}, which {row['id']} cites")
    document = index.document(row["document"])
    span = locate(row["quote"], document.text)
    if span is None:
        raise UsageError(f"{row['document']} does not hold the quote of {row['id']}")
    passage = passage_at(index, document, span)
    sentences = [each for each in passage.sentences if each.start < span.end and span.start < each.end]
    cited = tuple(document.text[each.start : each.end] for each in sentences)
    around = document.text[passage.start : passage.end]
    evidence = Evidence(cited, around, context_of(passage), passage.language, passage.speaker)
    quote = document.text[span.start : span.end]

    def check(checker: Checker) -> Verdict:
        return checker.check(row["text"], document.text, passage, quote)

    return Statement(row["id"], row["text"], row["lang"], evidence, _label(row, "label"), row["change"], check)


def _numbered(row: Row, pool: str, held: _Passages) -> Statement:
    if row["doc"] not in held:
        raise UsageError(f"{pool} does not hold {row['doc']}, which {row['id']} cites")
    text, spans, context, speakers = held[row["doc"]]
    numbers = sorted(set(row["sentences"]))
    cited = tuple(text[slice(*spans[n])] for n in numbers)
    evidence = Evidence(cited, text, context, detect(text, "en"), speakers[numbers[0]] if speakers else None)
    number = re.sub(r"\D", "", row["doc"] if pool == ARGUED else f"{pool} {row['doc']}")
    found = _judged(row["id"], row["text"], row["lang"], evidence, _label(row, "label"), row["change"])
    return replace(found, trained_on=int(number) % MEASURED_OF != MEASURED)


def _judged(name: str, text: str, language: str, evidence: Evidence, label: Support, change: str) -> Statement:
    def check(checker: Checker) -> Verdict:
        return checker.judge(text, language, evidence)

    return Statement(name, text, language, evidence, label, change, check)


def _label(row: Row, key: str) -> Support:
    label = LABELS.get(str(row.get(key)))
    if label is None:
        raise UsageError(f"{row['id']}: {key} is {str(row.get(key))[:40]!r}: one of {', '.join(LABELS)}")
    return label


def _passages(sets: Path | None, pool: str) -> _Passages:
    """Return the passages of a set by id: text, offsets of the sentences, title and section."""
    if sets is None:
        raise UsageError(f"these statements number sentences of {pool}: give the folder of the sets by --sets")
    held: _Passages = {}
    for row in (row for file in sorted((sets / pool).glob("*.jsonl")) for row in rows(file)):
        if "sentences" in row:
            held[str(row["id"])] = (row["text"], row["sentences"], _context(row), row.get("speakers") or ())
        elif "text" in row and "doc" not in row:
            text = row["text"]
            begin = text.index(_SEPARATOR) + len(_SEPARATOR) if _SEPARATOR in text[:80] else 0
            spans = [(span.start, span.end) for span in split(text, begin, len(text))]
            held[str(row["id"])] = (text, spans, text[:begin], ())
    return held


def _context(row: Row) -> str:
    """Return what an index would put in front of a passage: title, section, speakers."""
    speakers = row.get("speakers") or ()
    return " ".join([str(row.get("title")), str(row.get("section")), *map(str, speakers)])


def _sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split(text)]
