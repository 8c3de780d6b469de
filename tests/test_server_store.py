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


def test_what_is_still_being_written_takes_no_others_place_and_is_soon_forgotten() -> None:
    now = [0.0]
    store = AnswerStore(limit=2, clock=lambda: now[0])
    whole = store.put(ANSWER)
    growing = [store.put(ANSWER, writing=True) for _ in range(5)]
    assert all(re.fullmatch("w[0-9a-f]{32}", one.id) for one in growing)
    assert all(map(store.get, [one.id for one in growing])) and store.get(whole.id) and len(store) == 1
    assert store.within("Minutes").get(growing[0].id) is None
    now[0] = 601.0
    assert store.get(growing[-1].id) is None and store.get(whole.id)


def test_states_of_answers_are_bounded() -> None:
    store = AnswerStore()
    ids = [store.put(ANSWER, writing=True).id for _ in range(250)]
    assert [store.get(one) is not None for one in (ids[0], ids[49], ids[50], ids[-1])] == [False, False, True, True]
