"""A shift is a record: when it begins, when it ends, to which day it belongs (clauses 8.2, 6.1)."""

import json
from datetime import timedelta

import pytest
from flask import Flask

from app.actions import duty, shifts
from app.actions.journal import HERE
from app.base import crypt
from app.models.session import Session
from app.queries import shifts as known
from tests.cast import Cast
from tests.duty.conftest import ACTIVE, BREAK, LUNCH, MORNING, Day, Installed, one, rows
from tests.road.conftest import viewer_of

pytestmark = pytest.mark.clause("8.2", "6.1")


def shift_of(cast: Cast) -> known.Shift:
    found = known.of_period(viewer_of(cast.botir), MORNING.date(), MORNING.date(), "", MORNING + timedelta(days=2))
    assert len(found) == 1
    return found[0]


def test_finishing_ends_the_shift_and_frees_the_seat(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    duty.finish(viewer_of(cast.aziza), day.jumps(hours=8))
    shift = shift_of(cast)
    assert (shift.ended_at, shift.ended_how) == (day.now, "finished")
    assert one("SELECT count(*) FROM seat WHERE person_id IS NOT NULL") == 0


def test_signing_out_ends_the_shift(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    duty.sign_out(viewer_of(cast.aziza), HERE, day.jumps(hours=1))
    assert shift_of(cast).ended_how == "signed out"
    assert one("SELECT count(*) FROM session WHERE person_id = :id AND ended_at IS NULL", id=cast.aziza.id) == 0


def test_the_button_sign_out_ends_the_shift(app: Flask, cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    assert cast.aziza.browser.post("/sign-out").status_code == 303
    assert one("SELECT ended_how FROM shift") == "signed out"
    assert one("SELECT count(*) FROM seat WHERE person_id IS NOT NULL") == 0


def test_a_night_shift_belongs_to_the_day_it_began(cast: Cast, installed: Installed) -> None:
    """Half past eleven in the evening of Tashkent, on the last day of a month."""
    began = MORNING.replace(hour=18, minute=30)
    installed(2, began)
    night = Day(began)
    night.chooses(cast.aziza, ACTIVE)
    night.jumps(hours=7)
    duty.finish(viewer_of(cast.aziza), night.now)
    shift = shift_of(cast)
    assert shift.day == MORNING.date()
    assert shift.times[0].seconds == 7 * 3600


def test_a_page_that_is_lost_ends_the_shift_at_its_last_sign_of_life(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    day.passes(300, [cast.aziza])
    last = day.now
    day.passes(40 * 60)
    shift = shift_of(cast)
    assert (shift.ended_at, shift.ended_how) == (last, "lost")
    assert shift.worked == 300


def test_who_comes_back_in_time_goes_on_with_the_same_shift(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    day.passes(300, [cast.aziza])
    day.passes(600)
    day.chooses(cast.aziza, ACTIVE)
    day.passes(300, [cast.aziza])
    assert shift_of(cast).ended_at is None
    assert {time.names["en"]: time.seconds for time in known.of_period(
        viewer_of(cast.botir), MORNING.date(), MORNING.date(), "", day.now)[0].times
    } == {"Active": 600, "Connection lost": 600}  # fmt: skip


def test_time_too_long_in_a_status_is_counted(cast: Cast, day: Day) -> None:
    for minutes, status in ((0, ACTIVE), (60, BREAK), (20, ACTIVE), (60, LUNCH), (45, ACTIVE)):
        day.jumps(minutes=minutes)
        day.chooses(cast.aziza, status)
    duty.finish(viewer_of(cast.aziza), day.jumps(minutes=5))
    shift = shift_of(cast)
    assert shift.longer == 1
    assert shift.worked == (60 + 20 + 60 + 5) * 60


def ended(cast: Cast, day: Day) -> int:
    day.chooses(cast.aziza, ACTIVE)
    duty.finish(viewer_of(cast.aziza), day.jumps(hours=8))
    return int(one("SELECT id FROM shift"))


def test_a_correction_needs_a_reason_and_keeps_what_was(cast: Cast, day: Day) -> None:
    shift_id, until = ended(cast, day), MORNING + timedelta(hours=7)
    with pytest.raises(shifts.NoReason):
        shifts.correct(shift_id, MORNING, until, "  ", viewer_of(cast.botir), HERE, day.now)
    shifts.correct(shift_id, MORNING, until, "Забыла закончить", viewer_of(cast.botir), HERE, day.now)
    kept = known.corrections(shift_id)[0]
    assert (kept.old_ended_at, kept.new_ended_at, kept.by) == (day.now, until, cast.botir.name)
    assert shift_of(cast).times[0].seconds == 7 * 3600
    row = rows("SELECT id, details FROM journal WHERE kind = 'shift.corrected' AND outcome = 'done'")[0]
    told = json.loads(crypt.open_sealed(row.details, at=("journal.details", row.id)))
    assert told["before"]["ended_at"] == str(day.now) and told["after"]["ended_at"] == str(until)
    assert one("SELECT count(*) FROM journal WHERE kind = 'shift.corrected' AND outcome = 'refused'") == 1


@pytest.mark.parametrize(
    ("begins", "ends", "refusal"),
    [(60, 0, shifts.WrongTimes), (0, 24 * 60, shifts.WrongTimes), (-2000, 60, shifts.WrongTimes)],
)
def test_times_that_cannot_be_are_refused(
    cast: Cast, day: Day, begins: int, ends: int, refusal: type[Exception]
) -> None:
    shift_id = ended(cast, day)
    times = (MORNING + timedelta(minutes=begins), MORNING + timedelta(minutes=ends))
    with pytest.raises(refusal):
        shifts.correct(shift_id, *times, "why", viewer_of(cast.botir), HERE, day.now)


def test_nobody_corrects_ones_own_shift_or_one_that_goes_on(cast: Cast, day: Day) -> None:
    day.chooses(cast.botir, ACTIVE)
    own = int(one("SELECT id FROM shift"))
    times = (MORNING, MORNING + timedelta(hours=1))
    with pytest.raises(shifts.ShiftGoesOn):
        shifts.correct(own, *times, "why", viewer_of(cast.botir), HERE, day.jumps(hours=2))
    duty.finish(viewer_of(cast.botir), day.now)
    with pytest.raises(shifts.OwnShift):
        shifts.correct(own, *times, "why", viewer_of(cast.botir), HERE, day.now)


def test_two_shifts_of_one_person_never_meet(cast: Cast, day: Day) -> None:
    shift_id = ended(cast, day)
    day.jumps(hours=1)
    day.chooses(cast.aziza, ACTIVE)
    duty.finish(viewer_of(cast.aziza), day.jumps(hours=1))
    with pytest.raises(shifts.ShiftsMeet):
        shifts.correct(
            shift_id, MORNING, MORNING + timedelta(hours=9, minutes=30), "why", viewer_of(cast.botir), HERE, day.now
        )


def test_a_supervisor_sees_and_corrects_in_the_page_and_an_operator_does_not(cast: Cast, day: Day) -> None:
    shift_id = ended(cast, day)
    page = cast.botir.browser.get(f"/watch/shifts?from={MORNING:%Y-%m-%d}&to={MORNING:%Y-%m-%d}")
    assert "Азиза Каримова" in page.text
    form = {"began": f"{MORNING:%Y-%m-%d}T10:00", "ended": f"{MORNING:%Y-%m-%d}T17:00", "reason": "Ошибка"}
    # The page's own clock is the real one, for which this day is still to come.
    assert cast.botir.browser.post(f"/watch/shifts/{shift_id}", form).status_code == 422
    assert cast.aziza.browser.get("/watch/shifts").status_code == 403
    assert cast.aziza.browser.post(f"/watch/shifts/{shift_id}", form).status_code == 403


def test_a_new_session_goes_on_with_the_shift(cast: Cast, day: Day) -> None:
    """Whoever changes the computer has not ended the shift: only the old page is gone."""
    day.chooses(cast.aziza, ACTIVE)
    before = one("SELECT count(*) FROM shift")
    cast.session(cast.aziza.id)
    day.passes(60, [cast.aziza])
    assert one("SELECT count(*) FROM shift WHERE ended_at IS NULL") == before == 1
    assert Session.__tablename__ == "session"
