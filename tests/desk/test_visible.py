"""Who may see a chat, its messages and its files."""

from uuid import UUID

import pytest
from sqlalchemy import text

from app.actions import routing
from app.base import clock
from app.models.db import db, transaction
from app.models.permission import Scope
from app.models.viewer import SYSTEM, Viewer
from app.queries import visible
from tests.cast import Actor, Cast
from tests.desk.clients import Client, last_message


def viewer(actor: Actor, read: Scope = Scope.GROUPS, take: Scope = Scope.GROUPS, *groups: int) -> Viewer:
    rights = {"desk.work": Scope.ALL, "chats.read": read, "chats.take": take, "chats.answer": Scope.OWN}
    return Viewer(
        actor.id, actor.login, actor.name, "ru", "auto", UUID(int=1), False, clock.now(), rights, frozenset(groups)
    )


def put_in_group(chat_id: int, group_id: int) -> None:
    with transaction():
        db.session.execute(
            text("UPDATE standing SET group_id = :group WHERE chat_id = :id"), {"group": group_id, "id": chat_id}
        )


def test_a_waiting_chat_without_a_group_is_seen_by_everyone_who_takes_chats(cast: Cast, dilshod: Client) -> None:
    chat_id = dilshod.writes("Salom")
    for actor in (cast.aziza, cast.timur):
        assert visible.chat(viewer(actor), chat_id).name == "Dilshod Aliyev"


def test_a_stranger_cannot_read_a_chat_by_guessing_its_id(cast: Cast, dilshod: Client) -> None:
    chat_id = dilshod.writes("Salom")
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    assert cast.aziza.browser.get(f"/chats/{chat_id}").status_code == 200
    for address in ("", "/head", "/composer", "/changes?since=0", "/older?before=1-" + "0" * 32, "/finish"):
        assert cast.timur.browser.get(f"/chats/{chat_id}{address}").status_code == 404, address
    for verb in ("say", "note", "draft", "seen", "take", "return", "transfer", "finish"):
        answer = cast.timur.browser.post(f"/chats/{chat_id}/{verb}", {"text": "Salom", "later": "1", "to": "group:1"})
        assert answer.status_code == 404, verb


def test_what_does_not_exist_and_what_is_not_ours_look_alike(cast: Cast, dilshod: Client) -> None:
    chat_id = dilshod.writes("Salom")
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    there, nowhere = (cast.timur.browser.get(f"/chats/{one}") for one in (chat_id, 999_999))
    assert there.status_code == nowhere.status_code == 404
    assert len(there.text) == pytest.approx(len(nowhere.text), abs=40)


@pytest.mark.parametrize(
    ("read", "groups", "seen"),
    [(Scope.OWN, (1,), False), (Scope.GROUPS, (1,), True), (Scope.GROUPS, (2,), False), (Scope.ALL, (), True)],
)
def test_a_colleagues_chat_is_seen_by_scope(
    cast: Cast, dilshod: Client, read: Scope, groups: tuple[int, ...], seen: bool
) -> None:
    chat_id = dilshod.writes("Salom")
    put_in_group(chat_id, 1)
    routing.take(chat_id, viewer(cast.aziza, Scope.GROUPS, Scope.ALL), clock.now())
    asks = viewer(cast.timur, read, Scope.GROUPS, *groups)
    if seen:
        assert visible.chat(asks, chat_id).owner_id == cast.aziza.id
    else:
        with pytest.raises(visible.NotVisible):
            visible.chat(asks, chat_id)


def test_a_waiting_chat_of_a_group_is_only_for_that_group(cast: Cast, dilshod: Client) -> None:
    chat_id = dilshod.writes("Salom")
    put_in_group(chat_id, 1)
    assert visible.chat(viewer(cast.aziza, Scope.OWN, Scope.GROUPS, 1), chat_id).can_take
    with pytest.raises(visible.NotVisible):
        visible.chat(viewer(cast.timur, Scope.OWN, Scope.GROUPS, 2), chat_id)


def test_messages_and_files_follow_their_chat(cast: Cast, dilshod: Client) -> None:
    chat_id = dilshod.writes(document={"file_id": "x", "file_unique_id": "x", "file_name": "договор.pdf"})
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    message_id = last_message(chat_id)
    file_id = db.session.scalar(text("SELECT id FROM file WHERE message_id = :id"), {"id": message_id})
    assert visible.message(viewer(cast.aziza), message_id).chat_id == chat_id
    assert visible.file(viewer(cast.aziza), file_id).name == "договор.pdf"
    for ask, of in ((visible.message, message_id), (visible.file, file_id)):
        with pytest.raises(visible.NotVisible):
            ask(viewer(cast.timur), of)


def test_the_system_sees_everything(dilshod: Client) -> None:
    assert visible.chat(SYSTEM, dilshod.writes("Salom")).unread == 1


def test_only_the_owner_can_answer(cast: Cast, dilshod: Client) -> None:
    chat_id = dilshod.writes("Salom")
    put_in_group(chat_id, 1)
    owner, colleague = (viewer(one, Scope.GROUPS, Scope.GROUPS, 1) for one in (cast.aziza, cast.timur))
    assert not visible.chat(owner, chat_id).can_answer
    routing.take(chat_id, owner, clock.now())
    assert visible.chat(owner, chat_id).can_answer
    assert not visible.chat(colleague, chat_id).can_answer


@pytest.mark.clause("12.2")
def test_looking_at_a_chat_that_is_not_ones_own_stands_in_the_journal_once(cast: Cast, dilshod: Client) -> None:
    chat_id = dilshod.writes("Salom")
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    for actor in (cast.aziza, cast.botir, cast.botir):
        assert actor.browser.get(f"/chats/{chat_id}").status_code == 200

    lookers = db.session.scalars(text("SELECT login FROM journal WHERE kind = 'chat.seen'")).all()
    assert lookers == ["botir"]
