"""A lost page is noticed, a restart is not taken for one, and nothing flips back by itself (clauses 8.2, 14.1)."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.actions import leases, routing
from app.base import clock
from app.models.db import db, transaction
from app.models.duty import GRACE_SECONDS, LEASE, SEAT_IDLE_MINUTES
from app.queries import duty as known
from tests.cast import Actor, Cast
from tests.duty.conftest import ACTIVE, BREAK, CURRENT, LOST, LUNCH, Day, one, status_of
from tests.road.conftest import viewer_of
from tests.writes import Client

pytestmark = pytest.mark.clause("8.2", "14.1", "3.3")
# How long a page may be silent before its person is given up.
PATIENCE = LEASE.total_seconds() + GRACE_SECONDS.default


def test_a_page_that_comes_back_within_the_grace_time_was_never_lost(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    day.passes(PATIENCE - 10)
    day.passes(60, [cast.aziza])
    assert status_of(cast.aziza) == ACTIVE


def test_a_lost_page_goes_into_the_lost_status_and_its_chats_go_on(cast: Cast, day: Day) -> None:
    chat_id = Client(cast._app).says("Salom")
    day.chooses(cast.aziza, CURRENT)
    routing.take(chat_id, viewer_of(cast.aziza), clock.now())
    day.passes(PATIENCE + 20)
    assert status_of(cast.aziza) == LOST
    assert one("SELECT owner_id FROM standing WHERE chat_id = :id", id=chat_id) is None
    assert one("SELECT count(*) FROM seat WHERE person_id IS NOT NULL") == 0


def test_nothing_flips_back_by_itself(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    day.passes(PATIENCE + 20)
    day.passes(600, [cast.aziza])
    assert status_of(cast.aziza) == LOST
    day.chooses(cast.aziza, ACTIVE)
    day.passes(600, [cast.aziza])
    assert status_of(cast.aziza) == ACTIVE


@pytest.mark.parametrize(("web", "sweeper"), [(False, True), (True, False), (False, False)])
def test_an_outage_of_ours_takes_nobodys_chats(cast: Cast, day: Day, web: bool, sweeper: bool) -> None:
    """Half an hour without the web process, without the worker, without both; then pages come back one by one."""
    everybody = [cast.aziza, cast.timur, cast.botir]
    for actor in everybody:
        day.chooses(actor, ACTIVE)
    day.passes(1800, everybody if web else (), web=web, sweeper=sweeper)
    day.passes(50)  # the system is back, the pages are not yet
    assert [status_of(actor) for actor in everybody] == [ACTIVE] * 3
    day.passes(600, everybody)
    assert [status_of(actor) for actor in everybody] == [ACTIVE] * 3


def test_after_an_outage_who_stays_away_is_lost_all_the_same(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    day.passes(1800, web=False, sweeper=False)
    day.passes(PATIENCE + 30)
    assert status_of(cast.aziza) == LOST


def test_inactivity_frees_the_seat_although_the_page_lives(cast: Cast, day: Day) -> None:
    minutes = SEAT_IDLE_MINUTES.default
    day.chooses(cast.aziza, ACTIVE)
    day.passes(600, [cast.aziza])
    day.acts(cast.aziza)
    acted = day.now
    day.passes(60 * (minutes - 1), [cast.aziza])
    assert status_of(cast.aziza) == ACTIVE
    day.passes(120, [cast.aziza])
    assert status_of(cast.aziza) == LOST
    assert one("SELECT began_at FROM status_span WHERE ended_at IS NULL") == acted
    duty = known.duty_of(cast.aziza.id)
    assert duty is not None and duty.how == "inactive" and duty.seat is None


def test_who_acts_keeps_the_seat(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    for _ in range(3):
        day.passes(60 * 20, [cast.aziza])
        day.acts(cast.aziza)
    assert status_of(cast.aziza) == ACTIVE


def test_without_a_seat_nobody_is_hurried(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    day.chooses(cast.aziza, LUNCH)
    day.passes(3600, [cast.aziza])
    assert status_of(cast.aziza) == LUNCH


@pytest.mark.own_database
def test_a_break_keeps_its_seat_for_as_long_as_it_may_last(cast: Cast, day: Day, superuser: object) -> None:
    superuser.execute("UPDATE work_status SET recommended_minutes = 45 WHERE id = %s", [BREAK])  # type: ignore[attr-defined]
    day.chooses(cast.aziza, ACTIVE)
    day.chooses(cast.aziza, BREAK)
    day.passes(44 * 60, [cast.aziza])
    assert status_of(cast.aziza) == BREAK
    day.passes(3 * 60, [cast.aziza])
    assert status_of(cast.aziza) == LOST


def test_renewing_is_one_statement_for_everybody(cast: Cast, day: Day) -> None:
    for actor in (cast.aziza, cast.timur):
        day.chooses(actor, ACTIVE)
    leases.renew([cast.aziza.id, cast.timur.id], day.jumps(seconds=10))
    assert one("SELECT count(*) FROM lease WHERE renewed_at = :now", now=day.now) == 2


def test_an_older_word_never_shortens_a_lease(cast: Cast, day: Day) -> None:
    day.chooses(cast.aziza, ACTIVE)
    leases.renew([cast.aziza.id], day.now - timedelta(minutes=5))
    assert one("SELECT renewed_at FROM lease") == day.now


class Hand:
    """A browser in which no script runs, by the clock of the day: it asks for whole pages and sends whole forms."""

    def __init__(self, actor: Actor, day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
        self.actor, self.day = actor, day
        monkeypatch.setattr("app.base.clock.now", lambda: day.now)

    def opens(self, **headers: str) -> None:
        with transaction():
            db.session.execute(text("UPDATE session SET started_at = :now, seen_at = :now"), {"now": self.day.now})
        answer = self.actor.browser.get("/chats", headers={"Accept": "text/html,*/*;q=0.8", **headers})
        assert answer.status_code == 200


def test_without_scripts_whoever_opens_a_page_every_couple_of_minutes_stays(
    cast: Cast, day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = Hand(cast.aziza, day, monkeypatch)
    day.chooses(cast.aziza, ACTIVE)
    for _ in range(40):
        day.passes(110)
        hand.opens()
    assert status_of(cast.aziza) == ACTIVE, "an hour and more, longer than the time of inactivity"
    day.passes(PATIENCE + 30)
    assert status_of(cast.aziza) == LOST


def test_what_a_page_asks_for_by_itself_is_no_act_of_its_person(
    cast: Cast, day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = Hand(cast.aziza, day, monkeypatch)
    day.chooses(cast.aziza, ACTIVE)
    for _ in range(20):
        day.passes(110)
        hand.opens(**{"HX-Request": "true"})
    assert status_of(cast.aziza) == LOST
    assert one("SELECT how FROM status_span WHERE ended_at IS NULL") == "inactive"


def test_many_requests_write_once(cast: Cast, day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Hand(cast.aziza, day, monkeypatch)
    day.chooses(cast.aziza, ACTIVE)
    renewed = []
    for _ in range(30):
        day.jumps(seconds=2)
        hand.opens()
        renewed.append(one("SELECT renewed_at FROM lease"))
    assert len(set(renewed)) <= 4
    assert day.now - renewed[-1] <= timedelta(seconds=20)
