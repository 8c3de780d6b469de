"""Fits the few weights by which the checker puts letters and model together (answering/checking.py).

Logistic regression that is held to what was guessed before: the fewer statements speak for another weight, the less it
moves, and none changes its sign. Statements that a rule decides, or that the model was trained on, are left aside.
Each true one is also taken with a sentence that says something else: a writer may cite the wrong place as well as say
what is wrong, and statements written to deceive share more words with what they cite than true ones do.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from answering.checking import features, ruled
from answering.signals import Evidence, signals
from errors import UsageError
from evaluation.bootstrap import auroc
from evaluation.statements import Statement
from models.support import SupportModel
from text.sentences import split

_Floats = npt.NDArray[np.float64]

# Guessed before anything was fitted; the sign stands.
PRIOR = {
    "bias": 0.0,
    "odds": 0.8,
    "shared": 1.0,
    "run": 0.5,
    "counts_missing": -1.0,
    "numbers_outside": -0.5,
    "names_missing": -0.7,
    "names_outside": -0.3,
    "denies_alone": -1.0,
    "denied_alone": -0.5,
}
_FALSE_SHOWN = 0.05  # of false statements may be shown as supported, by the threshold that is chosen
_TRUE_HIDDEN = 0.05  # of true statements may be left out
_HOLD = 6.0  # statements that it takes to move a weight about half of the way
_STEPS = 4_000
_RATE = 0.05


def fitted(statements: Sequence[Statement], model: SupportModel, seed: int = 1) -> list[str]:
    """Return, a line each, weights and thresholds fitted to statements, and what they do on parts left out.

    :raises UsageError: where there are not statements of each kind.
    """
    unseen = [each for each in statements if not each.trained_on] or list(statements)
    rng = random.Random(seed)
    elsewhere = [other for each in unseen if each.label == "supported" for other in _elsewhere(each, rng)]
    if not elsewhere or all(each.label != "not" for each in unseen):
        raise UsageError("to fit, true and false statements are needed, and passages of more than the sentences cited")
    asked = [*unseen, *elsewhere]
    told = [signals(each.text, each.language, each.evidence) for each in asked]
    odds = [model.score(each.text, each.evidence.said) for each in asked]
    rows = [features(one, each) for one, each in zip(odds, told, strict=True)]
    follows = [each.label == "supported" for each in asked]
    fixed = [ruled(each) for each in told]
    weighed = [n for n, score in enumerate(fixed) if score is None]
    groups = [asked[n].evidence.around for n in weighed]
    weights = fit([rows[n] for n in weighed], [follows[n] for n in weighed])
    scores = np.array([score or 0.0 for score in fixed])
    scores[weighed] = left_out_scores([rows[n] for n in weighed], [follows[n] for n in weighed], groups)
    true, false = ([scores[n] for n, each in enumerate(unseen) if each.label == kind] for kind in ("supported", "not"))
    away = scores[len(unseen) :]
    return [
        f"{len(unseen)} statements and {len(elsewhere)} cited wrongly; a rule decides {len(asked) - len(weighed)}",
        *(f'    "{name}": {value:.2f},' for name, value in weights.items()),
        *_thresholds(np.array(true), np.array(false), away),
    ]


def _elsewhere(statement: Statement, rng: random.Random) -> list[Statement]:
    """Return a true statement with a sentence of its passage that it does not cite; none where there is none."""
    evidence = statement.evidence
    sentences = [evidence.around[span.start : span.end] for span in split(evidence.around)]
    others = [text for text in sentences if len(text) > 20 and not any(text in cited for cited in evidence.sentences)]
    if not others:
        return []
    moved = Evidence((rng.choice(others),), evidence.around, evidence.context, evidence.language, evidence.speaker)
    return [replace(statement, evidence=moved, label="not", change="elsewhere")]


def _thresholds(true: _Floats, false: _Floats, away: _Floats) -> list[str]:
    upper, lower = float(np.quantile(false, 1 - _FALSE_SHOWN)), float(np.quantile(true, _TRUE_HIDDEN))
    return [
        f"SUPPORTED = {upper:.2f}  (at most {_FALSE_SHOWN} of the false are shown as supported)",
        f"PARTLY = {min(upper, lower):.2f}  (at most {_TRUE_HIDDEN} of the true are left out)",
        f"on parts left out: AUROC {auroc(true, false):.3f}, of those cited wrongly {auroc(true, away):.3f}",
        "threshold  true shown  false shown  cited wrongly",
        *(
            f"{at:9.2f} {(true >= at).mean():11.2f} {(false >= at).mean():12.2f} {(away >= at).mean():14.2f}"
            for at in np.arange(0.2, 1, 0.05)
        ),
    ]


def fit(rows: Sequence[Mapping[str, float]], follows: Sequence[bool]) -> dict[str, float]:
    """Return the weights, by name; `rows` are features (answering.checking.features), as many as `follows`."""
    if not rows:
        return dict(PRIOR)
    names = list(PRIOR)
    data = np.array([[row[name] for name in names] for row in rows], np.float64)
    wanted = np.array(follows, np.float64)
    prior = np.array([PRIOR[name] for name in names])
    hold = np.where(prior == 0, 0.01, _HOLD / np.maximum(prior**2, 0.1)) / max(1, len(rows))
    weights, speed = prior.copy(), np.zeros_like(prior)
    for _ in range(_STEPS):
        slope = (likely(data, weights) - wanted) @ data / len(rows) + hold * (weights - prior)
        speed = 0.9 * speed - _RATE * slope
        weights = weights + speed
        weights = np.where(prior > 0, np.maximum(weights, 0), np.where(prior < 0, np.minimum(weights, 0), weights))
    return dict(zip(names, map(float, weights), strict=True))


def likely(data: _Floats, weights: _Floats) -> _Floats:
    """Return the probabilities of rows, shape (rows,)."""
    return np.asarray(1 / (1 + np.exp(-(data @ weights))))


def left_out_scores(rows: Sequence[Mapping[str, float]], follows: Sequence[bool], groups: Sequence[str]) -> _Floats:
    """Return the score of each row by weights fitted without its group (ten parts), shape (rows,)."""
    names = sorted(set(groups))
    part = {name: number % 10 for number, name in enumerate(names)}
    scores = np.zeros(len(rows))
    for out in range(10):
        kept = [n for n, group in enumerate(groups) if part[group] != out]
        weights = fit([rows[n] for n in kept], [follows[n] for n in kept])
        for n in set(range(len(rows))) - set(kept):
            scores[n] = 1 / (1 + np.exp(-sum(weights[name] * rows[n][name] for name in weights)))
    return scores
