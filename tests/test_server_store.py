"""The store of answers is bounded, forgets, and gives ids that cannot be guessed."""

from __future__ import annotations

import re

from schema import Answer
from server.store import AnswerStore

ANSWER = Answer("", "q", "q", "text", True, "en")


def test_kept_answer_is_found_under_its_new_id() -> None:
    store = AnswerStore()
    kept = store.put(ANSWER)
    assert re.fullmatch("[0-9a-f]{32}", kept.id)
    assert store.get(kept.id) == kept
    assert store.put(ANSWER).id != kept.id
    assert store.get("0" * 32) is None


def test_collections_share_the_bounds_and_see_their_own_answers() -> None:
    store = AnswerStore(limit=2)
    one, other = store.within(""), store.within("Minutes")
    first, second = one.put(ANSWER), other.put(ANSWER)
    assert [seen.get(first.id) is not None for seen in (store, one, other)] == [True, True, False]
    assert [seen.get(second.id) is not None for seen in (store, one, other)] == [True, False, True]
    other.put(ANSWER)
    assert one.get(first.id) is None, "the oldest went, whoever it belonged to"


def test_oldest_goes_first_where_there_are_too_many() -> None:
    store = AnswerStore(limit=3)
    ids = [store.put(ANSWER).id for _ in range(5)]
    assert [store.get(one) is not None for one in ids] == [False, False, True, True, True]
    assert len(store) == 3


def test_answers_are_forgotten_after_their_time() -> None:
    now = 0.0
    store = AnswerStore(seconds=10, clock=lambda: now)
    first = store.put(ANSWER)
    now = 9.0
    second = store.put(ANSWER)
    assert store.get(first.id)
    now = 10.0
    assert store.get(first.id) is None
    assert store.get(second.id)
    assert len(store) == 1
