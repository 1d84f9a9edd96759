"""Who is looking: the rights of several roles add up, the widest scope counts (clauses 7.4, 15.5)."""

from datetime import timedelta
from typing import Any

import pytest
from psycopg import Connection

from app.base import clock
from app.models.permission import Scope
from app.models.viewer import SYSTEM, Viewer
from app.queries import viewer
from tests.cast import Actor, Cast

pytestmark = [pytest.mark.clause("7.4", "15.5"), pytest.mark.usefixtures("context")]


def looking(actor: Actor) -> Viewer:
    long_ago = clock.now() - timedelta(days=1)
    found = viewer.of_session(actor.browser.token, idle_since=long_ago, absolute_since=long_ago)
    assert found is not None
    return found


def test_an_operator_reads_the_chats_of_the_own_groups(cast: Cast) -> None:
    aziza = looking(cast.aziza)
    assert aziza.scope("chats.read") is Scope.GROUPS
    assert aziza.may("desk.work")
    assert not aziza.may("settings.change")
    assert aziza.scope("settings.change") is None


def test_an_administrator_sets_up_but_does_not_read_chats(cast: Cast) -> None:
    kamola = looking(cast.kamola)
    assert kamola.may("settings.change")
    assert not kamola.may("chats.read")


def test_of_two_roles_the_wider_scope_counts(cast: Cast, superuser: "Connection[Any]") -> None:
    give = "INSERT INTO person_role SELECT %s, id FROM role WHERE code = 'supervisor'"
    superuser.execute(give, [cast.aziza.id])
    assert looking(cast.aziza).scope("chats.read") is Scope.ALL


def test_a_person_without_roles_may_nothing(cast: Cast, superuser: "Connection[Any]") -> None:
    superuser.execute("DELETE FROM person_role WHERE person_id = %s", [cast.aziza.id])
    assert looking(cast.aziza).rights == {}


def test_groups_come_along(cast: Cast, superuser: "Connection[Any]") -> None:
    superuser.execute("INSERT INTO group_member SELECT min(id), %s FROM staff_group", [cast.aziza.id])
    assert len(looking(cast.aziza).groups) == 1
    assert looking(cast.timur).groups == frozenset()


def test_the_system_sees_everything_and_is_nobody() -> None:
    assert SYSTEM.may("settings.change")
    assert SYSTEM.scope("chats.read") is Scope.ALL
    assert SYSTEM.person_id is None
