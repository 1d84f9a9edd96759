"""An operator chooses what he does, and his chats follow it (clause 8.2)."""

from datetime import timedelta

import pytest
from psycopg import Connection

from app.actions import duty, overruns, reply, routing
from app.actions.duty import BeginWithWork, NotForYou, StatusFull
from app.base import clock
from app.queries import duty as known
from app.queries.duty import NotAtWork
from tests.cast import Cast
from tests.duty.conftest import ACTIVE, BREAK, CURRENT, LOST, LUNCH, MORNING, Day, one, rows, status_of
from tests.road.conftest import viewer_of
from tests.writes import Client

pytestmark = pytest.mark.clause("8.2", "7.6")


def owner(chat_id: int) -> int | None:
    found: int | None = one("SELECT owner_id FROM standing WHERE chat_id = :id", id=chat_id)
    return found


def test_nobody_answers_before_work_begins(cast: Cast, day: Day) -> None:
    with pytest.raises(NotAtWork):
        known.must_serve(cast.aziza.id)
    day.chooses(cast.aziza, ACTIVE)
    known.must_serve(cast.aziza.id)


def test_a_reply_is_refused_without_a_status_and_sent_with_one(cast: Cast, day: Day) -> None:
    chat_id = Client(cast._app).says("Salom")
    day.chooses(cast.aziza, CURRENT)
    routing.take(chat_id, viewer_of(cast.aziza), clock.now())
    duty.finish(viewer_of(cast.aziza), day.jumps(minutes=1))
    assert owner(chat_id) is None
    day.chooses(cast.aziza, CURRENT)
    routing.take(chat_id, viewer_of(cast.aziza), clock.now())
    assert reply.say(chat_id, "Salom!", viewer_of(cast.aziza), clock.now())


def test_a_shift_begins_with_work_and_not_with_lunch(cast: Cast, day: Day) -> None:
    with pytest.raises(BeginWithWork):
        day.chooses(cast.aziza, LUNCH)
    assert status_of(cast.aziza) is None
    day.chooses(cast.aziza, ACTIVE)
    day.jumps(hours=3)
    day.chooses(cast.aziza, LUNCH)
    assert status_of(cast.aziza) == LUNCH


def test_each_status_is_a_dated_record(cast: Cast, day: Day) -> None:
    for minutes, status in ((0, ACTIVE), (50, BREAK), (15, ACTIVE)):
        day.jumps(minutes=minutes)
        day.chooses(cast.aziza, status)
    spans = rows("SELECT status_id, extract(epoch FROM ended_at - began_at)::int FROM status_span ORDER BY id")
    assert [tuple(span) for span in spans] == [(ACTIVE, 3000), (BREAK, 900), (ACTIVE, None)]
    assert one("SELECT count(*) FROM shift") == 1


def test_choosing_the_same_status_again_changes_nothing(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    day.jumps(minutes=5)
    day.chooses(cast.aziza, ACTIVE)
    assert one("SELECT count(*) FROM status_span") == 1


def test_a_status_that_keeps_no_chats_gives_them_on(cast: Cast, day: Day) -> None:
    chat_id = Client(cast._app).says("Salom")
    day.chooses(cast.aziza, CURRENT)
    routing.take(chat_id, viewer_of(cast.aziza), clock.now())
    day.chooses(cast.aziza, BREAK)
    assert owner(chat_id) == cast.aziza.id
    day.chooses(cast.aziza, LUNCH)
    assert owner(chat_id) is None


@pytest.mark.own_database
def test_no_more_people_than_a_status_takes(cast: Cast, day: Day, superuser: Connection) -> None:
    superuser.execute("UPDATE work_status SET most_people = 1 WHERE id = %s", [BREAK])
    for actor in (cast.aziza, cast.timur):
        day.chooses(actor, ACTIVE)
    day.chooses(cast.aziza, BREAK)
    with pytest.raises(StatusFull):
        day.chooses(cast.timur, BREAK)
    assert [one.full for one in known.menu(cast.timur.id, day.now).choices if one.id == BREAK] == [True]
    day.chooses(cast.aziza, ACTIVE)
    day.chooses(cast.timur, BREAK)


@pytest.mark.own_database
def test_a_status_is_offered_only_to_its_roles(cast: Cast, day: Day, superuser: Connection) -> None:
    superuser.execute(
        "UPDATE work_status SET role_ids = ARRAY[(SELECT id FROM role WHERE code = 'supervisor')] WHERE id = %s",
        [CURRENT],
    )
    assert CURRENT not in [one.id for one in known.menu(cast.aziza.id, MORNING).choices]
    with pytest.raises(NotForYou):
        day.chooses(cast.aziza, CURRENT)
    day.chooses(cast.botir, CURRENT)


def test_the_lost_status_is_nobodys_to_choose(cast: Cast, day: Day) -> None:
    with pytest.raises(NotForYou):
        day.chooses(cast.aziza, LOST)


def test_who_is_longer_in_a_status_than_recommended_is_told_once_and_so_is_the_supervisor(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    day.chooses(cast.aziza, BREAK)
    supervisor = cast.botir.id
    assert overruns.tell(day.jumps(minutes=14)) == 0
    assert overruns.tell(day.jumps(minutes=2)) == 1
    assert overruns.tell(day.jumps(minutes=2)) == 0
    told = rows("SELECT person_id, kind FROM notice ORDER BY kind")
    assert [tuple(row) for row in told] == [(cast.aziza.id, "status.longer"), (supervisor, "status.longer_of")]


@pytest.mark.own_database
def test_a_days_limit_counts_all_breaks_of_the_day(cast: Cast, day: Day, superuser: Connection) -> None:
    superuser.execute("UPDATE work_status SET daily_minutes = 20 WHERE id = %s", [BREAK])
    day.chooses(cast.aziza, ACTIVE)
    day.chooses(cast.aziza, BREAK)
    assert known.late_after(cast.aziza.id, day.now) == 15 * 60  # recommended for one time
    day.jumps(minutes=12)
    day.chooses(cast.aziza, ACTIVE)
    day.chooses(cast.aziza, BREAK)
    assert known.late_after(cast.aziza.id, day.now) == 8 * 60
    day.chooses(cast.aziza, ACTIVE)
    day.jumps(days=1)
    day.chooses(cast.aziza, BREAK)
    assert known.late_after(cast.aziza.id, day.now) == 15 * 60


@pytest.mark.own_database
def test_a_days_limit_begins_anew_at_midnight_in_the_middle_of_a_break(
    cast: Cast, day: Day, superuser: Connection
) -> None:
    """MORNING is the last day of a month: what was spent before midnight is last month's."""
    superuser.execute("UPDATE work_status SET daily_minutes = 20, recommended_minutes = NULL WHERE id = %s", [BREAK])
    midnight = clock.day_bounds(clock.business_day(day.now))[1]
    day.chooses(cast.aziza, ACTIVE)
    day.now = midnight - timedelta(minutes=30)
    day.chooses(cast.aziza, BREAK)
    day.now = midnight - timedelta(minutes=11)
    assert overruns.tell(day.now) == 0
    day.now = midnight + timedelta(minutes=20) - timedelta(seconds=1)
    assert overruns.tell(day.now) == 0
    assert overruns.tell(day.jumps(seconds=1)) == 1
