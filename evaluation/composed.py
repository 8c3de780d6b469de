"""What a language model made of judged questions: how many it answered, and how right beside the quotes alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from evaluation.jsonl import Row
from evaluation.scoring import judge

_VERDICTS = ("supported", "partly", "not")


def composed(items: Sequence[Row], answers: Mapping[str, Row], quoted: Mapping[str, Row]) -> Iterator[str]:
    """Yield lines: questions composed, why others were not, sentences by verdict, right with and without the model.

    :param quoted: the answers to the same questions without a model, by id.
    """
    written = [item for item in items if answers[item["id"]]["mode"] == "composed"]
    yield f"\ncomposed                     {len(written)} of {len(items)} questions\n"
    why = Counter(_why(answers[item["id"]]) for item in items if item not in written)
    yield from (f"  quoted instead: {reason:18} {count}\n" for reason, count in why.most_common())
    verdicts = Counter(said["support"] for item in written for said in answers[item["id"]]["sentences"])
    yield from (f"  sentences: {verdict:18} {verdicts[verdict]}\n" for verdict in _VERDICTS)
    if written:
        for name, given in (("composed", answers), ("quoted", quoted)):
            right = sum(judge(item, given[item["id"]]).result for item in written) / len(written)
            yield f"  right on these, {name:10}   {right:.3f}\n"


def _why(answer: Row) -> str:
    if answer["abstained"]:
        return "the corpus does not say"
    return answer["fell_back"] or "no model needed"
