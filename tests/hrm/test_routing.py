"""Nothing is given by the system to whoever is absent or outside the planned shift; he may still take chats himself."""

from datetime import datetime, timedelta

import pytest

from app.actions import dispatch, routing, widening
from app.models.dispatch import Not
from app.queries import candidates, hrm, settings
from tests.cast import Actor, Cast
from tests.dispatch.conftest import Room

pytestmark = pytest.mark.clause("7.5")


@pytest.fixture
def desk(room: Room) -> Room:
    room.run("INSERT INTO setting (key, value, changed_at) VALUES ('hrm.respected', 'true', now())")
    room.run("UPDATE setting_version SET number = number + 1")
    settings.forget()
    return room


def planned(desk: Room, actor: Actor, since: datetime, until: datetime) -> None:
    desk.run(
        "INSERT INTO schedule VALUES (:id, (CAST(:since AS timestamptz) AT TIME ZONE 'Asia/Tashkent')::date,"
        " :since, :until, 'file')",
        id=actor.id, since=since, until=until,
    )  # fmt: skip


def absent(desk: Room, actor: Actor) -> None:
    desk.run(
        "INSERT INTO absence (person_id, from_at, till_at, kind, source) VALUES (:id, :since, :until, 'sick', 'file')",
        id=actor.id, since=desk.now - timedelta(days=1), until=desk.now + timedelta(days=1),
    )  # fmt: skip


def test_whoever_is_absent_is_given_nothing_and_the_trace_says_why(desk: Room, cast: Cast) -> None:
    desk.active(cast.aziza)
    desk.active(cast.timur)
    absent(desk, cast.aziza)
    chat = desk.waits()
    assert dispatch.assign(desk.later(seconds=1)) == 1
    assert desk.owner(chat) == cast.timur.id
    kept = desk.one("SELECT data -> 'passed' ->> :id FROM routing_trace WHERE what = 'given'", id=str(cast.aziza.id))
    assert kept == "absent"


def test_outside_the_planned_shift_nothing_is_given_and_inside_it_is(desk: Room, cast: Cast) -> None:
    desk.active(cast.aziza)
    planned(desk, cast.aziza, desk.now + timedelta(hours=2), desk.now + timedelta(hours=6))
    chat = desk.waits()
    assert dispatch.assign(desk.later(seconds=1)) == 0
    assert hrm.away(desk.now) == {cast.aziza.id: Not.SCHEDULE}
    assert dispatch.assign(desk.later(hours=2)) == 1
    assert desk.owner(chat) == cast.aziza.id


def test_who_has_no_schedule_is_outside_of_none(desk: Room, cast: Cast) -> None:
    desk.active(cast.aziza)
    planned(desk, cast.aziza, desk.now - timedelta(days=30), desk.now - timedelta(days=30) + timedelta(hours=8))
    assert hrm.away(desk.now) == {}


def test_he_may_still_take_a_chat_himself(desk: Room, cast: Cast) -> None:
    aziza = desk.active(cast.aziza)
    absent(desk, cast.aziza)
    chat = desk.waits()
    assert routing.take_next(aziza, desk.later(seconds=1)) == chat


def test_with_the_setting_off_plans_are_only_compared(desk: Room, cast: Cast) -> None:
    desk.run("DELETE FROM setting WHERE key = 'hrm.respected'")
    desk.run("UPDATE setting_version SET number = number + 1")
    settings.forget()
    desk.active(cast.aziza)
    absent(desk, cast.aziza)
    assert [one.away for one in candidates.pool(desk.now)] == [None]


@pytest.mark.own_database
def test_the_only_one_of_a_language_who_is_absent_serves_nobody_and_supervisors_hear_it(desk: Room, cast: Cast) -> None:
    desk.active(cast.aziza)
    absent(desk, cast.aziza)
    chat = desk.waits(language="uz_Cyrl")
    desk.run("UPDATE business_hours SET week = (SELECT jsonb_object_agg(d, '[[\"00:00\", \"24:00\"]]'::jsonb)"
             " FROM unnest(ARRAY['mon','tue','wed','thu','fri','sat','sun']) d), holidays = '{}'")  # fmt: skip
    assert widening.alarm(desk.later(seconds=1)) == 1
    assert desk.told(chat)[-1] == "alarmed"
