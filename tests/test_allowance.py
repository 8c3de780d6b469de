"""Nobody uses more tokens than allowed in any 24 hours, and nothing that a visitor sends makes the count grow."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import WriterError
from models import allowance
from models.allowance import Allowance

HOUR = 3_600.0


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def spent(counted: Allowance, visitor: str, tokens: int) -> bool:
    """Tell whether tokens could be taken."""
    try:
        counted.take(visitor, tokens)
    except WriterError as error:
        assert error.fault == "budget"
        return False
    return True


def test_a_visitor_gets_so_much_and_no_more() -> None:
    counted = Allowance(100, 1_000, Clock())
    assert spent(counted, "a", 60) and spent(counted, "a", 40)
    assert not spent(counted, "a", 1)
    assert spent(counted, "b", 100), "another visitor has an allowance of his own"


def test_a_refused_request_costs_nothing() -> None:
    counted = Allowance(100, 1_000, Clock())
    assert not spent(counted, "a", 101)
    assert spent(counted, "a", 100)


def test_all_together_get_so_much_and_no_more() -> None:
    counted = Allowance(100, 250, Clock())
    assert spent(counted, "a", 100) and spent(counted, "b", 100)
    assert not spent(counted, "c", 51)
    assert spent(counted, "c", 50)


def test_what_is_given_back_can_be_used_again() -> None:
    counted = Allowance(100, 100, Clock())
    counted.take("a", 100)
    counted.give_back("a", 70)
    assert not spent(counted, "b", 71)
    assert spent(counted, "a", 70)


def test_no_more_is_given_back_than_was_taken() -> None:
    counted = Allowance(100, 1_000, Clock())
    counted.take("a", 10)
    counted.give_back("a", 10_000)
    counted.give_back("nobody", 10_000)
    assert not spent(counted, "a", 101)
    assert spent(counted, "a", 100)


def test_a_day_later_it_can_be_used_again() -> None:
    clock = Clock()
    counted = Allowance(100, 100, clock)
    counted.take("a", 100)
    clock.now = 23.9 * HOUR
    assert not spent(counted, "a", 1)
    clock.now = 25.1 * HOUR
    assert spent(counted, "a", 100)


@given(st.lists(st.tuples(st.floats(0, 6 * HOUR), st.integers(0, 60)), max_size=40))
def test_in_no_24_hours_is_more_used_than_allowed(steps: list[tuple[float, int]]) -> None:
    clock = Clock()
    counted = Allowance(100, 100, clock)
    taken: list[tuple[float, int]] = []
    for wait, tokens in steps:
        clock.now += wait
        if spent(counted, "a", tokens):
            taken.append((clock.now, tokens))
    for until, _ in taken:
        assert sum(tokens for then, tokens in taken if until - 24 * HOUR < then <= until) <= 100


@pytest.mark.parametrize("tokens", [-1, -100])
def test_fewer_than_no_tokens_are_refused(tokens: int) -> None:
    counted = Allowance(100, 100, Clock())
    with pytest.raises(ValueError):
        counted.take("a", tokens)
    with pytest.raises(ValueError):
        counted.give_back("a", tokens)


def test_visitors_without_number_are_forgotten_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "MOST_VISITORS", 3)
    counted = Allowance(100, 10_000, Clock())
    for visitor in "abcad":  # b asked longest ago
        counted.take(visitor, 50)
    assert len(counted._visitors) == 3
    assert spent(counted, "b", 100), "forgotten"
    assert not spent(counted, "a", 1) and not spent(counted, "d", 51), "remembered"


def test_a_refused_visitor_leaves_no_trace() -> None:
    counted = Allowance(100, 10, Clock())
    for number in range(50):
        assert not spent(counted, str(number), 11)
    assert not counted._visitors


@pytest.mark.parametrize("visitor", ["", "x" * 1_000_000, "\ud800", "\x00", "訪問者"])
def test_any_name_of_a_visitor_is_kept_short(visitor: str) -> None:
    counted = Allowance(100, 1_000, Clock())
    counted.take(visitor, 100)
    assert not spent(counted, visitor, 1)
    assert max(map(len, counted._visitors)) <= 16


def test_many_threads_do_not_take_more_than_there_is() -> None:
    counted = Allowance(500, 1_000, Clock())
    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(lambda number: spent(counted, str(number % 4), 1), range(4_000)))
    assert taken == 1_000
