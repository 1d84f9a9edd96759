"""A trial says how long the day's chats would have waited, by those who were at work then."""

from datetime import timedelta

import pytest

from app.base import clock
from app.base.clock import business_day, day_bounds
from app.queries import rules, trial
from tests.cast import Cast
from tests.desk.clients import Client
from tests.rules.conftest import routed, run

pytestmark = pytest.mark.clause("5.1")

YESTERDAY = business_day(clock.now()) - timedelta(days=1)
NOON = day_bounds(YESTERDAY)[0] + timedelta(hours=12)


def at_work(person_id: int, hours: float) -> None:
    """From ten minutes past noon, given new chats, one at a time."""
    run("UPDATE person SET capacity = 1 WHERE id = :id", id=person_id)
    run("DELETE FROM status_span WHERE person_id = :id", id=person_id)
    run(
        "INSERT INTO status_span (shift_id, person_id, status_id, began_at, ended_at, how)"
        " SELECT h.id, :id, (SELECT id FROM work_status WHERE takes_new_chats ORDER BY position LIMIT 1), :since,"
        " :until, 'chosen' FROM shift h WHERE h.person_id = :id",
        id=person_id, since=NOON + timedelta(minutes=10), until=NOON + timedelta(hours=hours),
    )  # fmt: skip


def test_a_group_without_people_makes_its_chats_wait(cast: Cast, dilshod: Client) -> None:
    at_work(cast.aziza.id, 6)
    for number in range(4):
        Client("Malika", 5000 + number).writes("Kartam bloklandi" if number else "Salom", NOON)
    before = rules.current()
    run('INSERT INTO staff_group (names, position) VALUES (\'{"ru": "Карты"}\', 1)')
    group = run("SELECT max(id) FROM staff_group")
    routed("Карты", {"group": group}, {"kind": "text", "value": ["karta"]})
    found = trial.of_day(YESTERDAY, rules.load(), before)
    assert found.waits is not None
    was, would = found.waits
    # Each takes the usual six minutes: they are begun ten, sixteen, twenty-two and twenty-eight minutes past noon.
    assert (was.median, was.most, was.never) == (22 * 60, 28 * 60, 0)
    assert (would.median, would.never) == (10 * 60, 3)


def test_where_nobody_was_at_work_nothing_is_claimed(cast: Cast, dilshod: Client) -> None:
    dilshod.writes("Salom", NOON)
    assert trial.of_day(YESTERDAY, rules.current(), rules.current()).waits is None
    page = cast.kamola.browser.get(f"/office/rules/trial?day={YESTERDAY}").text
    assert page.count("<table") == 1
