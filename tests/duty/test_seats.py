"""Never more seats than the licence has, whatever happens at once (clauses 14.1–14.4, 3.3)."""

import os
import random
import threading
from datetime import timedelta

import pytest
from flask import Flask

from app.actions import duty, seats, shifts
from app.actions.journal import HERE
from app.actions.seats import LicenceEnded, LicenceNotYet, NoLicence, NoSeat
from app.base.clock import business_day
from app.base.refusal import Refusal
from app.models.db import db, transaction
from app.models.viewer import SYSTEM
from app.queries import seats as known
from tests.cast import Cast
from tests.duty.conftest import ACTIVE, BREAK, CURRENT, LUNCH, MORNING, Day, Installed, one, rows, status_of
from tests.road.conftest import viewer_of

pytestmark = pytest.mark.clause("14.1", "14.2", "14.3", "14.4", "3.3")

LONG = bool(os.environ.get("LONG"))
OPERATORS, SEATS, THREADS, ATTEMPTS = 40, 7, 8, 100_000 if LONG else 5_000
PATIENCE = 7_200 if LONG else 120


def test_the_one_too_many_is_refused_and_told_who_may_free_a_seat(cast: Cast, installed: Installed) -> None:
    installed(1)
    day = Day(MORNING)
    day.chooses(cast.aziza, ACTIVE)
    cast.botir, cast.kamola  # noqa: B018 - they may free one
    with pytest.raises(NoSeat) as refused:
        day.chooses(cast.timur, ACTIVE)
    assert refused.value.values["taken"] == refused.value.values["all"] == 1
    assert cast.botir.name in refused.value.message
    assert status_of(cast.timur) is None
    today = business_day(MORNING)
    assert [one.name for one in known.refusals(SYSTEM, today, today)] == [cast.timur.name]


def test_a_freed_seat_is_the_next_ones(cast: Cast, installed: Installed) -> None:
    installed(1)
    day = Day(MORNING)
    day.chooses(cast.aziza, ACTIVE)
    day.chooses(cast.aziza, LUNCH)
    day.chooses(cast.timur, ACTIVE)
    with pytest.raises(NoSeat):
        day.chooses(cast.aziza, ACTIVE)
    assert status_of(cast.aziza) == LUNCH


def test_a_break_keeps_the_seat(cast: Cast, installed: Installed) -> None:
    installed(1)
    day = Day(MORNING)
    day.chooses(cast.aziza, ACTIVE)
    day.chooses(cast.aziza, BREAK)
    with pytest.raises(NoSeat):
        day.chooses(cast.timur, ACTIVE)


def test_whoever_answers_takes_one_and_whoever_watches_takes_none(cast: Cast, day: Day) -> None:
    for url in ("/watch/shifts", "/office/seats", "/chats"):
        assert cast.botir.browser.get(url).status_code == 200
    assert known.taken() == 0
    day.chooses(cast.botir, CURRENT)
    assert known.taken() == 1


def test_without_a_licence_work_is_refused_with_who_must_install_it(cast: Cast, context: None) -> None:
    kamola = cast.kamola
    with pytest.raises(NoLicence) as refused:
        Day(MORNING).chooses(cast.aziza, ACTIVE)
    assert kamola.name in refused.value.message
    assert cast.aziza.browser.get("/chats").status_code == 200


def test_a_licence_that_is_over_takes_nobody_new_and_disturbs_nobody(cast: Cast, installed: Installed) -> None:
    installed(3, days=31)
    day = Day(MORNING)
    day.chooses(cast.aziza, ACTIVE)
    day.jumps(days=3)
    with pytest.raises(LicenceEnded):
        day.chooses(cast.timur, ACTIVE)
    day.chooses(cast.aziza, BREAK)
    day.chooses(cast.aziza, ACTIVE)
    assert status_of(cast.aziza) == ACTIVE


def test_a_licence_for_later_holds_from_its_day(cast: Cast, installed: Installed) -> None:
    installed(1, since=2)
    day = Day(MORNING)
    with pytest.raises(LicenceNotYet):
        day.chooses(cast.aziza, ACTIVE)
    day.jumps(days=2)
    day.chooses(cast.aziza, ACTIVE)


def test_more_seats_are_there_without_a_restart(cast: Cast, installed: Installed) -> None:
    installed(1)
    day = Day(MORNING)
    day.chooses(cast.aziza, ACTIVE)
    installed(2)
    day.chooses(cast.timur, ACTIVE)
    assert known.taken() == 2


def test_fewer_seats_push_nobody_out_but_are_not_given_again(cast: Cast, installed: Installed) -> None:
    installed(2)
    day = Day(MORNING)
    for actor in (cast.aziza, cast.timur):
        day.chooses(actor, ACTIVE)
    installed(1)
    assert known.taken() == 2
    duty.finish(viewer_of(cast.timur), day.now)
    duty.finish(viewer_of(cast.aziza), day.now)
    assert one("SELECT count(*) FROM seat") == 1


def test_who_frees_a_seat_is_in_the_journal_and_the_shift_has_ended(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    duty.free_seat(cast.aziza.id, viewer_of(cast.botir), HERE, day.jumps(minutes=1))
    assert known.taken() == 0 and status_of(cast.aziza) is None
    assert one("SELECT ended_how FROM shift") == "stopped"
    assert one("SELECT person_id FROM journal WHERE kind = 'seat.freed'") == cast.botir.id
    with pytest.raises(duty.HoldsNoSeat):
        duty.free_seat(cast.aziza.id, viewer_of(cast.botir), HERE, day.now)


def test_an_operator_frees_nobodys_seat(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    assert cast.timur.browser.post(f"/office/seats/{cast.aziza.id}/free").status_code == 403
    assert cast.botir.browser.post(f"/office/seats/{cast.aziza.id}/free").status_code == 303
    assert known.taken() == 0


def test_hours_show_the_most_seats_held_at_once(cast: Cast, installed: Installed) -> None:
    installed(5)
    day = Day(MORNING)  # 10:00
    day.chooses(cast.aziza, ACTIVE)
    day.chooses(cast.timur, ACTIVE)
    day.jumps(minutes=30)
    duty.finish(viewer_of(cast.timur), day.now)
    day.jumps(hours=2)  # 12:30
    day.chooses(cast.botir, ACTIVE)
    day.jumps(hours=1)
    found = known.peaks(business_day(MORNING), business_day(MORNING), day.now)
    assert [(peak.begins.hour, peak.held) for peak in found][-4:] == [(10, 2), (11, 1), (12, 2), (13, 2)]
    assert (
        max(peak.held for peak in known.peaks(business_day(MORNING) - timedelta(3), business_day(MORNING), day.now))
        == 2
    )


def hired(cast: Cast, count: int) -> list[int]:
    made = rows(
        """INSERT INTO person (login, name, public_name, password_hash, password_set_at, created_at)
           SELECT 'op' || n, 'Operator ' || n, 'O', '-', now(), now() FROM generate_series(1, :count) n RETURNING id""",
        count=count,
    )
    db.session.commit()
    return [row.id for row in made]


def test_never_more_seats_than_paid_for_under_a_race(app: Flask, cast: Cast, installed: Installed) -> None:
    """Forty operators, seven seats, eight threads: five thousand times somebody comes or goes; --long: 100,000."""
    installed(SEATS)
    people, most, wrong = hired(cast, OPERATORS), list[int](), list[BaseException]()

    def comes_and_goes(seed: int) -> None:
        chance = random.Random(seed)
        try:
            with app.app_context():
                for number in range(ATTEMPTS // THREADS):
                    attempt(chance.choice(people), chance.random() < 0.6)
                    if number % 4 == 0:
                        most.append(known.taken())
                        db.session.rollback()
        except BaseException as error:
            wrong.append(error)

    def attempt(person_id: int, comes: bool) -> None:
        try:
            with transaction():
                shifts.locked(person_id)
                if comes:
                    seats.take(person_id, MORNING)
                else:
                    seats.free(person_id, MORNING)
        except NoSeat:
            pass

    threads = [threading.Thread(target=comes_and_goes, args=(seed,), daemon=True) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert wrong == [] and not any(thread.is_alive() for thread in threads)
    assert max(most) == SEATS, "all seats were in use at some moment, and never more"
    assert one("SELECT count(*) FROM seat") == SEATS
    came = one("SELECT count(*) FILTER (WHERE what = 'taken') - count(*) FILTER (WHERE what = 'freed') FROM seat_event")
    assert came == known.taken()


def test_all_who_press_at_once_for_the_last_seats_get_exactly_those(
    app: Flask, cast: Cast, installed: Installed
) -> None:
    installed(SEATS)
    people = hired(cast, OPERATORS)
    together, got = threading.Barrier(OPERATORS), list[bool]()

    def presses(person_id: int) -> None:
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    seats.take(person_id, MORNING)
                got.append(True)
            except Refusal:
                got.append(False)

    threads = [threading.Thread(target=presses, args=(person_id,)) for person_id in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(got) == [False] * (OPERATORS - SEATS) + [True] * SEATS


def test_a_block_leaves_no_seat_behind(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    duty.stop(cast.aziza.id, SYSTEM, day.jumps(minutes=1))
    assert known.taken() == 0 and one("SELECT ended_how FROM shift") == "stopped"
