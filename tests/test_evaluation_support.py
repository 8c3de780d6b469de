"""`python -m evaluation support`: statements in three forms, swapped sentences, figures, and the fit."""

import ast
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from answering.checking import WEIGHTS, Checker, features
from answering.signals import Evidence, signals
from errors import UsageError
from evaluation import statements as forms
from evaluation.bootstrap import auroc, auroc_interval
from evaluation.fitting import PRIOR, fit, fitted, left_out_scores
from evaluation.statements import MEASURED, MEASURED_OF, Statement, read
from evaluation.support import of_statements, of_swaps
from evaluation.swapping import swapped
from index.build import build
from index.reader import Index, open_index
from models import embedding as embeddings
from settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = [
    "The harbour lock was closed by Ada Moor in 1998 after a long debate.",
    "Its {n} gates are painted by Bert Olsen with green oil paint.",
    "Nobody can open gate {n} without the key of Petra Lindqvist.",
]


class Words:
    """A model for tests: log-odds by shared words."""

    name = fingerprint = "words"

    def score(self, claim: str, evidence: Sequence[str]) -> float:
        wanted = set(claim.lower().split())
        return 8 * len(wanted & set(" ".join(evidence).lower().split())) / max(1, len(wanted)) - 4


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("support")
    corpus = folder / "corpus"
    corpus.mkdir()
    for number in range(10, 40):
        text = " ".join(SENTENCES).replace("{n}", str(number))
        (corpus / f"{number}.txt").write_text(text + "\n", "utf-8")
    settings = Settings(corpus=corpus, data=folder / "data", embedding="hash")
    build(settings, embeddings.load("hash"))
    with open_index(settings.data) as opened:
        yield opened


def nowhere() -> Index:
    raise AssertionError("no index is needed")


def written(path: Path, *rows: Mapping[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_references_are_read_as_sentences_and_markers_left_out(tmp_path: Path) -> None:
    row = {
        "id": "1",
        "claim": "It leaks[3].",
        "references": ["It is old. It leaks."],
        "attribution_label": "attributable",
    }
    (found,) = read(written(tmp_path / "queries.jsonl", row).parent, nowhere, None)
    assert (found.text, found.evidence.sentences, found.label) == (
        "It leaks.",
        ("It is old.", "It leaks."),
        "supported",
    )


def test_a_quote_is_looked_up_in_the_corpus(tmp_path: Path, index: Index) -> None:
    row = {"id": "1", "document": "12.txt", "quote": "12 gates are painted", "text": "Painted.", "lang": "en"}
    (found,) = read(written(tmp_path / "a.jsonl", {**row, "label": "not", "change": "scope"}), lambda: index, None)
    assert found.evidence.sentences == (SENTENCES[1].replace("{n}", "12"),)
    assert found.check(Checker(Words())).support in ("supported", "partly", "not")


def test_numbered_sentences_are_taken_from_the_set(tmp_path: Path) -> None:
    passage = {
        "id": f"a{MEASURED:03}",
        "title": "T",
        "section": "S",
        "text": "It is old. It leaks.",
        "sentences": [[0, 10], [11, 20]],
    }
    written(tmp_path / "sets" / "argued" / "corpus.jsonl", passage)
    row = {
        "doc": passage["id"],
        "sentences": [1],
        "text": "It drips.",
        "lang": "en",
        "label": "supported",
        "change": "none",
    }
    path = written(tmp_path / "c" / "a.jsonl", {"id": "1", **row})
    (found,) = read(path.parent, nowhere, tmp_path / "sets")
    assert found.evidence.sentences == ("It leaks.",) and not found.trained_on


@pytest.mark.parametrize(
    "row",
    [
        {"id": "1", "doc": "a1", "sentences": [0], "text": "x", "lang": "en", "label": "not", "change": "name"},
        {"id": "1", "document": "none.txt", "quote": "x", "text": "x", "lang": "en", "label": "not", "change": "name"},
        {
            "id": "1",
            "document": "12.txt",
            "quote": "not there",
            "text": "x",
            "lang": "en",
            "label": "not",
            "change": "",
        },
        {"id": "1", "claim": "x", "references": ["x"], "attribution_label": "perhaps"},
    ],
)
def test_what_is_wrong_with_statements_is_said(tmp_path: Path, index: Index, row: Mapping[str, object]) -> None:
    with pytest.raises(UsageError, match=r"1|sets"):
        read(written(tmp_path / "a.jsonl", row), lambda: index, None)


def test_what_the_model_saw_in_training_is_known() -> None:
    """Hold the constants to those of training/support/pairs.py, which needs what is not installed here."""
    constants: dict[str, object] = {}
    for node in ast.parse((ROOT / "training/support/pairs.py").read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            constants |= {target.id: node.value.value for target in node.targets if isinstance(target, ast.Name)}
    assert (constants["MEASURED_OF"], constants["_MEASURED"]) == (MEASURED_OF, MEASURED)


def test_sentences_of_the_corpus_are_swapped_as_often_in_each_way(index: Index) -> None:
    found = swapped(index, 30, seed=1)
    assert [sum(each.change == change for each in found) for change in ("number", "name", "negation")] == [10] * 3
    for each in found:
        assert each.true in each.document.text and each.false != each.true
    assert found == swapped(index, 30, seed=1)


def test_swapped_sentences_are_caught_and_true_ones_kept(index: Index) -> None:
    lines = of_swaps(index, Checker(Words()), 30, seed=1)
    figures = {
        line[:44].strip(): float(line[44:].split()[0]) for line in lines if line[44:].strip()[:2] in ("0.", "1.")
    }
    assert figures["false ones caught"] >= 0.9 and figures["true ones rejected"] <= 0.05


def test_statements_give_figures_by_label_change_and_language() -> None:
    lines = of_statements(made(), Checker(Words()))
    shown = "\n".join(lines)
    for name in ("AUROC", "true shown as supported", "false shown as supported", "not: scope", "not en", "p50"):
        assert name in shown
    assert float(next(line for line in lines if line.startswith("AUROC ")).split()[1]) > 0.9


def made() -> list[Statement]:
    evidence = Evidence(
        ("The harbour lock is closed at night.",),
        "It was built by Ada Moor. The harbour lock is closed at night.",
        "",
        "en",
    )
    rows = [("The harbour lock is closed.", "supported", "none"), ("Gulls like bread.", "not", "scope")]
    return [
        forms._judged(str(n), text, "en", evidence, label, change)  # type: ignore[arg-type]
        for n in range(20)
        for text, label, change in rows
    ]


def test_auroc_is_the_chance_of_the_right_order() -> None:
    assert auroc([2, 3], [1, 2]) == pytest.approx(0.875)
    low, high = auroc_interval([2.0, 3.0, 4.0], [1.0, 2.0, 1.5])
    assert low <= auroc([2, 3, 4], [1, 2, 1.5]) <= high <= 1


def test_the_fit_learns_what_tells_and_keeps_signs() -> None:
    rng = random.Random(1)
    told = signals("Anything.", "en", Evidence(("Else.",), "", "", "en"))
    rows = [features(rng.uniform(-4, 4), told) for _ in range(400)]
    weights = fit(rows, [row["odds"] + rng.gauss(0, 0.5) > 1 for row in rows])
    assert weights["odds"] > 1.5 * PRIOR["odds"] and weights["bias"] < 0
    assert all(weights[name] * PRIOR[name] >= 0 for name in PRIOR)
    against = fit(rows, [row["odds"] < 0 for row in rows])
    assert against["odds"] == 0  # a sign is never changed


def test_scores_of_parts_left_out_do_not_know_their_labels() -> None:
    rng = random.Random(2)
    told = signals("Anything.", "en", Evidence(("Else.",), "", "", "en"))
    rows = [features(0.0, told) for _ in range(200)]
    scores = left_out_scores(rows, [rng.random() < 0.5 for _ in rows], [str(n % 20) for n in range(200)])
    assert set(PRIOR) == set(WEIGHTS) and abs(scores.mean() - 0.5) < 0.1


def test_the_fit_prints_weights_and_thresholds_to_copy() -> None:
    shown = "\n".join(fitted(made(), Words()))
    for name in (*WEIGHTS, "SUPPORTED = ", "PARTLY = ", "cited wrongly"):
        assert name in shown
