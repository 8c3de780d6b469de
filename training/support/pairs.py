"""What the checker learns from: a statement, the words that it cites, and whether it follows from them.

Three sources, none of them a set on which figures are reported: statements written by reading (training/claims/),
public questions turned into statements by putting an answer where they ask, right or wrong, and sentences with one
name, number or polarity swapped (text/swapping.py). The paragraphs in `evaluation/left_out.json` stay out of all.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from text.swapping import swaps
from training.reranker.sets import rows
from training.reranker.split import left_out
from training.support.statements import names_of, stated
from training.support.texts import Paragraph, argued, around, paragraphs, translated

WRITTEN = Path(__file__).resolve().parent.parent / "claims"
LABELS = {"supported": 1.0, "partly": 0.5, "not": 0.0}
MEASURED_OF = 8  # every eighth passage with written statements is measured on, not trained on
_NAMED = 0.85  # of the citations say whose words they are, where that is known
_MEASURED = 3  # the remainder of its number
_SPANS = {"squad2dev": "en", "jsquad": "ja", "jaquad": "ja", "jaquad_train": "ja", "policyqa": "en", "covidqa": "en"}
_MOST = {"jaquad_train": 4_000, "policyqa": 1_500}  # questions; what argues matters more than encyclopaedias
_SWAPPED = 7_000  # sentences at most that are made false
_PLAIN = ("squad2dev", "jsquad", "jaquad", "argued")


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement, the sentences it cites, how far it follows (1, .5, 0); pairs of one `group` differ in little."""

    claim: str
    evidence: tuple[str, ...]
    label: float
    source: str
    group: str
    measured: bool = False


def read(sets: Path, seed: int = 11) -> list[Pair]:
    """Return all pairs that can be made of a folder of public sets and of what was written."""
    rng = random.Random(seed)
    return [*_written(sets, rng), *_answered(sets, rng), *_across(sets, rng), *_swapped(sets, rng)]


def _written(sets: Path, rng: random.Random) -> Iterator[Pair]:
    """Yield the statements written by reading, also with further sentences round what they cite, and with others."""
    written = [row for path in sorted(WRITTEN.glob("*.jsonl")) for row in rows(path)]
    passages = {paragraph.id: paragraph for paragraph in argued(sets)}
    for pool in sorted({row["pool"] for row in written if "pool" in row}):
        passages |= {f"{pool} {each.id}": each for each in paragraphs(sets / pool, pool)}
    for row in written:
        name = f"{row['pool']} {row['doc']}" if "pool" in row else row["doc"]
        yield from _statement(row, name, passages[name], rng)


def _statement(row: dict[str, Any], name: str, passage: Paragraph, rng: random.Random) -> Iterator[Pair]:
    cited = sorted(set(row["sentences"]))
    label, measured = LABELS[row["label"]], int(re.sub(r"\D", "", name)) % MEASURED_OF == _MEASURED
    group = f"{name} {cited}"
    named = measured or rng.random() < _NAMED
    yield Pair(row["text"], passage.said(cited, named), label, "written", group, measured)
    if measured or row["change"] == "elsewhere":  # what the passage says elsewhere, more of it may support
        return
    last = min(len(passage.sentences), cited[-1] + 1 + rng.randint(0, 2))
    wide = range(max(0, cited[0] - rng.randint(0, 2)), last)
    yield Pair(row["text"], passage.said(wide, named), label, "written wide", group)
    others = [n for n in range(len(passage.sentences)) if all(abs(n - m) > 1 for m in cited)]
    if others:
        yield Pair(row["text"], passage.said([rng.choice(others)], named), 0.0, "written elsewhere", group)


def _answered(sets: Path, rng: random.Random) -> Iterator[Pair]:
    """Yield public questions as statements: with their answer, with another of the paragraph's, and cited wrongly."""
    out = left_out()
    for name, language in _SPANS.items():
        texts = {paragraph.id: paragraph for paragraph in paragraphs(sets / name, name)}
        asked = [row for row in rows(sets / name / "queries.jsonl") if str(row["doc"]) in texts]
        answers = _answers_of(asked)
        asked = [row for row in asked if str(row["doc"]) not in out.get(name, ())]
        for row in rng.sample(asked, min(len(asked), _MOST.get(name, len(asked)))):
            yield from _one(row, texts[str(row["doc"])], answers[str(row["doc"])], language, name, rng)


def _one(
    row: dict[str, Any], paragraph: Paragraph, answers: Sequence[str], language: str, source: str, rng: random.Random
) -> Iterator[Pair]:
    group = f"{source} {row['id']}"
    if row.get("impossible"):
        if answers:
            claim = stated(row["text"], rng.choice(answers), language, rng)
            yield Pair(claim, around(paragraph, rng.randrange(len(paragraph.sentences)), rng), 0.0, source, group)
        return
    answer = row["answers"][0]
    number = paragraph.at(answer["start"])
    if number is None or len(answer["text"]) > 200:
        return
    right = stated(row["text"], answer["text"], language, rng)
    evidence = around(paragraph, number, rng)
    yield Pair(right, evidence, 1.0, source, group)
    told = {given["text"] for given in row["answers"]}
    wrong = [text for text in answers if not any(text in given or given in text for given in told)]
    alike = [text for text in wrong if any(map(str.isdigit, text)) == any(map(str.isdigit, answer["text"]))]
    if wrong:
        yield Pair(stated(row["text"], rng.choice(alike or wrong), language, rng), evidence, 0.0, source, group)
    elsewhere = [n for n, sentence in enumerate(paragraph.sentences) if n != number and answer["text"] not in sentence]
    if elsewhere and rng.random() < 0.5:
        yield Pair(right, (paragraph.sentences[rng.choice(elsewhere)],), 0.0, source, group)


def _across(sets: Path, rng: random.Random) -> Iterator[Pair]:
    """Yield sentences and answers of one language on the same paragraph in another (XQuAD)."""
    for group, language, claim, evidence, others in translated(sets, rng):
        yield Pair(claim, evidence, 1.0, "across", group)
        yield Pair(rng.choice(others), evidence, 0.0, "across", group)
        for false, _ in swaps(claim, language, names_of(claim, others, language), rng)[:1]:
            yield Pair(false, evidence, 0.0, "across", group)


def _swapped(sets: Path, rng: random.Random) -> Iterator[Pair]:
    """Yield sentences as they stand, and with one thing swapped."""
    found = [
        (paragraph, n) for paragraph in _plain(sets) for n, text in enumerate(paragraph.sentences) if len(text) > 40
    ]
    for paragraph, number in rng.sample(found, min(len(found), _SWAPPED)):
        sentence, others = paragraph.sentences[number], [t for t in paragraph.sentences if t]
        made = swaps(sentence, paragraph.language, names_of(sentence, others, paragraph.language), rng)
        if not made:
            continue
        group, evidence = f"swap {paragraph.pool} {paragraph.id} {number}", around(paragraph, number, rng)
        yield Pair(_shortened(sentence, paragraph.language, rng), evidence, 1.0, "swapped", group)
        yield Pair(_shortened(rng.choice(made)[0], paragraph.language, rng), evidence, 0.0, "swapped", group)


def _plain(sets: Path) -> Iterator[Paragraph]:
    out = left_out()
    for name in _PLAIN:
        for paragraph in argued(sets) if name == "argued" else paragraphs(sets / name, name):
            if paragraph.id not in out.get(name, ()):
                yield paragraph


def _shortened(sentence: str, language: str, rng: random.Random) -> str:
    """Return a sentence without a word or two, now and then: what follows need not be a copy."""
    words = sentence.split(" ")
    if language == "ja" or len(words) < 8 or rng.random() < 0.4:
        return sentence
    kept = [word for word in words if any(map(str.isdigit, word)) or len(word) < 4 or rng.random() > 0.06]
    return " ".join(kept)


def _answers_of(asked: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    answers: dict[str, list[str]] = {}
    for row in asked:
        found = answers.setdefault(str(row["doc"]), [])
        found.extend(given["text"] for given in row.get("answers", ())[:1])
    return answers
