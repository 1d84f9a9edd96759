"""How many guesses get through: the rule itself, over years of guessing (clause 12.8)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.attempts import FREE, WINDOW, Count, Rule, taken, wait

pytestmark = pytest.mark.clause("12.8")
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
LOCK = timedelta(minutes=30)
RULE = Rule(10, LOCK)
IMPATIENT = Rule(60, LOCK, patient=False)


def guess(rule: Rule, pauses: list[float]) -> list[datetime]:
    """The moments at which a guesser who pauses so is let through."""
    count, now, through = Count(since=NOW), NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if not wait(count, rule, now):
            count = taken(count, rule, now)
            through.append(now)
    return through


def test_ten_thousand_guesses_in_a_row_let_ten_through() -> None:
    assert len(guess(RULE, [0.1] * 10_000)) <= 10


def test_a_guesser_who_never_sleeps_gets_a_few_hundred_tries_a_day() -> None:
    a_day = 24 * 3600
    assert len(guess(RULE, [1.0] * a_day)) <= 10 * (a_day // LOCK.total_seconds() + 1)


@given(st.lists(st.floats(0, 4000), max_size=300), st.sampled_from([RULE, IMPATIENT]))
def test_within_any_window_no_more_than_the_rule_says_get_through(pauses: list[float], rule: Rule) -> None:
    through = guess(rule, pauses)
    for number, first in enumerate(through):
        within = [one for one in through[number:] if one - first <= WINDOW]
        # The end of one window and the beginning of the next may meet; the lock keeps them apart once it is on.
        assert len(within) < 2 * rule.most


@given(st.lists(st.floats(0, 4000), max_size=300))
def test_nobody_is_kept_out_longer_than_the_lock(pauses: list[float]) -> None:
    count, now = Count(since=NOW), NOW
    for pause in pauses:
        now += timedelta(seconds=pause)
        left = wait(count, RULE, now)
        assert left <= LOCK
        if not left:
            count = taken(count, RULE, now)


def test_the_first_mistakes_cost_no_time_and_later_ones_more_and_more() -> None:
    count, now, waits = Count(since=NOW), NOW, []
    for _try in range(RULE.most):
        now += wait(count, RULE, now)
        count = taken(count, RULE, now)
        waits.append(wait(count, RULE, now).total_seconds())
    assert waits == [0] * (FREE - 1) + [1, 2, 4, 8, 16, LOCK.total_seconds()]


def test_when_the_lock_is_over_counting_begins_anew() -> None:
    locked = Count(NOW, 10, NOW, NOW + LOCK)
    later = NOW + LOCK
    assert not wait(locked, RULE, later)
    assert taken(locked, RULE, later) == Count(later, 1, later, None)
