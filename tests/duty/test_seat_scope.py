"""Whose seat one may free and see: everybody's, that of the people of one's groups, nobody's (clauses 14.4, 15.5)."""

from dataclasses import replace

import pytest

from app.actions import duty, seats
from app.actions.journal import HERE
from app.base.clock import business_day
from app.models.chat import MANAGE
from app.models.permission import Scope
from app.models.viewer import Viewer
from app.queries import seats as known
from app.queries.staff import NotYourPeople
from tests.cast import Actor, Cast
from tests.duty.conftest import ACTIVE, MORNING, Day, one, rows, run, status_of
from tests.road.conftest import viewer_of

pytestmark = pytest.mark.clause("14.4", "15.5")
TODAY = business_day(MORNING)


def group(*actors: Actor) -> int:
    """A new group of these people."""
    made = int(one('INSERT INTO staff_group (names, position) VALUES (\'{"ru": "Группа"}\', 1) RETURNING id'))
    for actor in actors:
        run("INSERT INTO group_member (group_id, person_id) VALUES (:id, :person_id)", id=made, person_id=actor.id)
    return made


def supervisor(cast: Cast, scope: Scope | None, *groups: int) -> Viewer:
    """Botir, who manages the chats of so many."""
    found = viewer_of(cast.botir)
    rights = {code: given for code, given in found.rights.items() if code != MANAGE.code}
    return replace(found, rights=rights | ({MANAGE.code: scope} if scope else {}), groups=frozenset(groups))


@pytest.fixture
def both(cast: Cast, day: Day) -> Day:
    """Aziza and Timur are at work."""
    for actor in (cast.aziza, cast.timur):
        day.chooses(actor, ACTIVE)
    return day


def test_the_seat_of_ones_own_people_is_freed(cast: Cast, both: Day) -> None:
    botir = supervisor(cast, Scope.GROUPS, group(cast.aziza))
    duty.free_seat(cast.aziza.id, botir, HERE, both.jumps(minutes=1))
    assert status_of(cast.aziza) is None and status_of(cast.timur) == ACTIVE


@pytest.mark.parametrize("scope", [Scope.GROUPS, Scope.OWN, None])
def test_nobody_elses_seat_is_freed_and_the_attempt_is_journalled(cast: Cast, both: Day, scope: Scope | None) -> None:
    group(cast.timur)
    botir = supervisor(cast, scope, group(cast.aziza))
    with pytest.raises(NotYourPeople) as refused:
        duty.free_seat(cast.timur.id, botir, HERE, both.now)
    assert cast.timur.name in refused.value.message
    assert status_of(cast.timur) == ACTIVE and known.taken() == 2
    assert one("SELECT count(*) FROM journal WHERE kind = 'seat.freed' AND outcome = 'refused'") == 1


def test_only_ones_own_people_are_seen_but_every_seat_is_counted(cast: Cast, both: Day) -> None:
    for actor in (cast.aziza, cast.timur):
        seats.refused(actor.id, both.now)
    botir = supervisor(cast, Scope.GROUPS, group(cast.aziza))

    held = known.held(botir)

    assert (held.taken, [holder.person_id for holder in held.holders]) == (2, [cast.aziza.id])
    assert [refusal.login for refusal in known.refusals(botir, TODAY, TODAY)] == [cast.aziza.login]


def test_whoever_manages_all_chats_or_all_accounts_looks_after_everybody(cast: Cast, both: Day) -> None:
    assert viewer_of(cast.kamola).scope(MANAGE) is None
    for viewer in (supervisor(cast, Scope.ALL), viewer_of(cast.kamola)):
        assert len(known.held(viewer).holders) == 2
    duty.free_seat(cast.timur.id, viewer_of(cast.kamola), HERE, both.jumps(minutes=1))
    duty.free_seat(cast.aziza.id, supervisor(cast, Scope.ALL), HERE, both.now)
    assert rows("SELECT number FROM seat WHERE person_id IS NOT NULL") == []


@pytest.mark.own_database
def test_the_page_offers_to_free_only_the_seats_of_ones_groups(cast: Cast, both: Day) -> None:
    group(cast.aziza, cast.botir)
    run("UPDATE role_permission SET scope = 'groups' WHERE permission = 'chats.manage'")

    page = cast.botir.browser.get("/office/seats").text
    assert f"/office/seats/{cast.aziza.id}/free" in page and cast.timur.name not in page
    assert cast.timur.name in cast.kamola.browser.get("/office/seats").text

    refused = cast.botir.browser.post(f"/office/seats/{cast.timur.id}/free", headers={"HX-Request": "true"})
    assert refused.status_code == 403 and status_of(cast.timur) == ACTIVE
