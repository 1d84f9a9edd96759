"""Whom a supervisor may stop and set: everybody, the people of his groups, nobody (clauses 7.7, 15.5)."""

from dataclasses import replace

import pytest

from app.actions import duty, moving, routing
from app.actions.journal import HERE
from app.actions.moving import Target
from app.models.chat import MANAGE
from app.models.permission import Scope
from app.models.viewer import Viewer
from app.queries import staff
from app.queries.staff import NotYourPeople
from app.queries.visible import NotVisible
from tests.cast import Cast
from tests.dispatch.conftest import Room

pytestmark = pytest.mark.clause("7.7", "15.5")
REASON = "Tekshiruv"
_LUNCH = "SELECT id FROM work_status WHERE NOT keeps_chats AND code IS NULL ORDER BY position LIMIT 1"


def supervisor(room: Room, cast: Cast, scope: Scope | None, *groups: int) -> Viewer:
    """Botir, who manages so much."""
    found = room.viewer(cast.botir)
    rights = {code: given for code, given in found.rights.items() if code != MANAGE.code}
    return replace(found, rights=rights | ({MANAGE.code: scope} if scope else {}), groups=frozenset(groups))


def at_work(room: Room, cast: Cast, group: int | None = None) -> int:
    """Timur answers one chat, of this group."""
    chat = room.waits(language="ru")
    routing.take(chat, room.active(cast.timur), room.now)
    room.run("UPDATE standing SET group_id = :group WHERE chat_id = :id", group=group, id=chat)
    return chat


def test_with_the_right_over_all_anybody_is_stopped(room: Room, cast: Cast) -> None:
    chat, botir = at_work(room, cast), supervisor(room, cast, Scope.ALL)
    moving.stop(cast.timur.id, Target("queue"), REASON, botir, HERE, room.later(seconds=1))
    assert room.owner(chat) is None


def test_with_the_right_over_ones_groups_their_people_are_stopped_and_set(room: Room, cast: Cast) -> None:
    group = room.group(cast.timur)
    chat, botir = at_work(room, cast, group), supervisor(room, cast, Scope.GROUPS, group)

    duty.set_for(cast.timur.id, room.one(_LUNCH), botir, HERE, room.later(seconds=1))
    room.active(cast.timur)
    stop_id = moving.stop(cast.timur.id, Target("queue"), REASON, botir, HERE, room.later(seconds=1))

    assert room.owner(chat) is None
    assert staff.supervised(botir, [cast.timur.id, cast.aziza.id]) == {cast.timur.id}
    with pytest.raises(NotYourPeople):
        moving.undo(stop_id, supervisor(room, cast, Scope.GROUPS), HERE, room.now)


@pytest.mark.parametrize("scope", [Scope.GROUPS, Scope.OWN, None])
def test_whoever_is_in_none_of_ones_groups_is_neither_stopped_nor_set(
    room: Room, cast: Cast, scope: Scope | None
) -> None:
    others, mine = room.group(cast.timur), room.group(cast.aziza)
    chat, botir = at_work(room, cast, others), supervisor(room, cast, scope, mine)

    with pytest.raises(NotYourPeople) as refused:
        moving.stop(cast.timur.id, Target("queue"), REASON, botir, HERE, room.later(seconds=1))
    assert cast.timur.name in refused.value.message
    with pytest.raises(NotYourPeople):
        duty.set_for(cast.timur.id, room.one(_LUNCH), botir, HERE, room.now)
    with pytest.raises(NotVisible):
        moving.move([chat], Target("queue"), REASON, botir, HERE, room.now)

    assert room.owner(chat) == cast.timur.id
    assert staff.supervised(botir, [cast.timur.id]) == set()
    attempts = "SELECT count(*) FROM journal WHERE kind IN ('operator.stopped', 'status.set') AND outcome = 'refused'"
    assert room.one(attempts) == 2, "they are in the journal"


def test_chats_of_ones_own_group_are_moved_whoever_answers_them(room: Room, cast: Cast) -> None:
    mine = room.group(cast.aziza)
    chat, botir = at_work(room, cast, mine), supervisor(room, cast, Scope.GROUPS, mine)
    moving.move([chat], Target("queue"), REASON, botir, HERE, room.later(seconds=1))
    assert room.owner(chat) is None


@pytest.mark.own_database
def test_the_board_offers_to_stop_only_the_people_of_ones_groups(room: Room, cast: Cast) -> None:
    mine, others = room.group(cast.aziza, cast.botir), room.group(cast.timur)
    room.active(cast.aziza)
    at_work(room, cast, others)
    room.run("UPDATE role_permission SET scope = 'groups' WHERE permission = 'chats.manage'")

    board = cast.botir.browser.get("/watch/operators").text
    stranger = f"/watch/operators/{cast.timur.id}"
    assert f"/watch/operators/{cast.aziza.id}/stop" in board and f"{stranger}/stop" not in board
    assert f'action="{stranger}/status"' not in board
    for url in (f"{stranger}/stop", f"{stranger}/move", f"/watch/move?group={others}"):
        refused = cast.botir.browser.get(url, headers={"HX-Request": "true"})
        assert refused.status_code == 403, url
    form = {"to": "queue", "reason": REASON}
    refused = cast.botir.browser.post(f"{stranger}/stop", form, headers={"HX-Request": "true"})
    assert refused.status_code == 403 and cast.timur.name in refused.text
    assert cast.botir.browser.get(f"/watch/move?group={mine}").status_code == 200
