from dataclasses import replace

import numpy as np
import pytest

from answering.abstention import judge
from retrieval.query import Query
from retrieval.retriever import Ranking
from retrieval.unknown import Unknown
from schema import Passage, ScoredPassage, Span

FAR_AWAY = {"passage": 0.02, "sentence": 0.02}


def ranking(odds: float | None, parts: dict[str, float], unknown: Unknown) -> Ranking:
    passage = Passage(0, "a.txt", 0, 0, 10, (Span(0, 10),), "body", language="en")
    found = ScoredPassage(passage, sum(parts.values()), (0.5,), parts, odds)
    vector = np.zeros(4, np.float32)
    query = Query("What burns?", "What burns?", "en", vector, (), {}, 0.0, unknown)
    return Ranking(query, (found,))


@pytest.mark.parametrize(("odds", "refused"), [(2.0, False), (-1.0, False), (-4.0, True), (-6.0, True), (None, True)])
def test_being_far_refuses_only_what_the_reranker_doubts_too(odds: float | None, refused: bool) -> None:
    assert judge(ranking(odds, FAR_AWAY, Unknown())).abstain is refused


def test_what_is_near_is_refused_where_no_sentence_answers() -> None:
    near = {"passage": 0.3, "sentence": 0.3}
    assert judge(ranking(-5.0, near, Unknown())).abstain and not judge(ranking(-3.0, near, Unknown())).abstain


@pytest.mark.parametrize(("alone", "refused"), [(-0.5, False), (-3.0, False), (-6.0, True)])
def test_a_follow_up_about_something_else_is_refused_though_the_question_before_is_answered(
    alone: float, refused: bool
) -> None:
    near = {"passage": 0.3, "sentence": 0.3}
    followed, by_itself = ranking(2.0, near, Unknown()), ranking(alone, near, Unknown())
    assert judge(replace(followed, alone=by_itself.passages)).abstain is refused


def test_a_name_that_occurs_nowhere_refuses_whatever_was_read() -> None:
    verdict = judge(ranking(2.0, FAR_AWAY, Unknown(("Quill",), ("Quill",), 1.0)))
    assert verdict.abstain and verdict.missing == ("Quill",)
