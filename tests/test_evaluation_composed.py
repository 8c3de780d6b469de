"""What a model made of judged questions is counted beside what the quotes alone were worth."""

from typing import Any

from evaluation.composed import composed

ITEMS = [
    {
        "id": name,
        "question": "Why?",
        "type": "fact",
        "answerable": True,
        "evidence": [{"doc": "a", "quote": "It is so."}],
    }
    for name in ("a", "b", "c")
]


def answered(quote: str, **more: Any) -> dict[str, Any]:
    citations = [{"quote": quote, "speaker": None}]
    return {"answer": quote, "abstained": False, "mode": "extractive", "fell_back": None, "sentences": [],
            "citations": citations, **more}  # fmt: skip


def test_composed_answers_are_judged_beside_the_quotes_on_the_same_questions() -> None:
    sentences = [{"support": "supported"}, {"support": "not"}]
    answers = {
        "a": answered("It is so.", mode="composed", sentences=sentences),
        "b": answered("It is so.", fell_back="slow"),
        "c": answered("", abstained=True),
    }
    quoted = {name: answered("Nothing of the kind.") for name in "abc"}
    told = "".join(composed(ITEMS, answers, quoted))
    assert "1 of 3 questions" in told
    assert "slow" in told and "the corpus does not say" in told
    assert [line.split()[-1] for line in told.splitlines() if "sentences:" in line] == ["1", "0", "1"]
    assert [line.split()[-1] for line in told.splitlines() if "right on these" in line] == ["1.000", "0.000"]
