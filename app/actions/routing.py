"""Who answers: take, give back, transfer. The chat's row is locked first, so a chat never has two owners."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import reply
from app.actions.record import record
from app.base.refusal import Refusal
from app.live import push
from app.models.chat import MANAGE, TAKE, Stage, Verb
from app.models.db import Transaction, db, retried, transaction
from app.models.permission import Scope
from app.models.viewer import Viewer
from app.queries.standing import Standing, locked


class AlreadyTaken(Refusal):
    notice = _l("%(name)s has taken this chat a moment earlier.")


class NobodyWaits(Refusal):
    notice = _l("Nobody waits in the queue.")


class CannotTake(Refusal):
    notice = _l("You have no right to take this chat. Ask the supervisor to hand it to you.")
    status = 403


class NoSuchColleague(Refusal):
    notice = _l("This colleague cannot take chats now. Choose another.")
    status = 422


# Whoever waits longest, and whom this person may take; SKIP LOCKED lets colleagues press the button at once.
_NEXT = text("""
    SELECT c.id FROM standing s JOIN chat c ON c.id = s.chat_id
     WHERE s.stage = 'queue' AND (:all_groups OR s.group_id IS NULL OR s.group_id = ANY(:groups))
     ORDER BY s.waits_since NULLS LAST, s.last_at LIMIT 1
       FOR UPDATE OF c SKIP LOCKED
""")

_GIVE = text("""
    UPDATE standing SET stage = 'work', owner_id = :person_id, group_id = coalesce(:group_id, group_id),
           snooze = NULL, snoozed_until = NULL
     WHERE chat_id = :chat_id
""")
_ASSIGNED = text("""
    UPDATE episode SET owner_id = :person_id, assigned_at = coalesce(assigned_at, :now) WHERE id = :episode_id
""")
_BEGIN = text("""
    INSERT INTO assignment (episode_id, person_id, began_at, how, by_id)
    VALUES (:episode_id, :person_id, :now, :how, :by_id)
""")
_END = text("UPDATE assignment SET ended_at = :now WHERE episode_id = :episode_id AND ended_at IS NULL")
_TO_QUEUE = text("""
    UPDATE standing SET stage = 'queue', owner_id = NULL, group_id = coalesce(:group_id, group_id),
           snooze = NULL, snoozed_until = NULL
     WHERE chat_id = :chat_id
""")
_TRANSFERRED = text("UPDATE episode SET type = 'transferred' WHERE id = :episode_id AND type IN ('new', 'resumed')")
_MAY_ANSWER = text("""
    SELECT 1 FROM person p JOIN person_role pr ON pr.person_id = p.id JOIN role_permission rp USING (role_id)
     WHERE p.id = :id AND p.blocked_at IS NULL AND p.deleted_at IS NULL AND rp.permission = 'chats.answer' LIMIT 1
""")


@retried
def take_next(by: Viewer, now: datetime) -> int:
    """Take the chat whose client waits longest. Raises NobodyWaits."""
    with transaction() as tx:
        values = {"all_groups": by.scope(TAKE) is Scope.ALL, "groups": list(by.groups)}
        while (chat_id := db.session.scalar(_NEXT, values)) is not None:
            standing = locked(chat_id)
            if standing is not None and standing.stage is Stage.QUEUE:  # a colleague was not quicker
                _give(tx, standing, by.person_id, by, now, "next")
                return chat_id
    raise NobodyWaits


@retried
def take(chat_id: int, by: Viewer, now: datetime) -> None:
    """Take a waiting chat, or take over a colleague's when one may manage it. Raises AlreadyTaken, CannotTake."""
    with transaction() as tx:
        standing = locked(chat_id)
        if standing is None:
            raise reply.NothingOpen
        if standing.owner_id == by.person_id:
            return
        if standing.owner_id is not None and not by.may(MANAGE):
            raise AlreadyTaken(name=standing.owner_name)
        if standing.owner_id is None and not _may_take(standing, by):
            raise CannotTake
        _give(tx, standing, by.person_id, by, now, "taken" if standing.owner_id is None else "taken over")


@retried
def give_back(chat_id: int, by: Viewer, now: datetime) -> None:
    """Return one's chat to the queue."""
    with transaction() as tx:
        standing = _own(chat_id, by)
        _to_queue(tx, standing, None, now)
        record(tx, chat_id, standing.episode_id, Verb.RETURNED, by.person_id, now)


@retried
def transfer(
    chat_id: int,
    by: Viewer,
    now: datetime,
    *,
    to_person: int | None = None,
    to_group: int | None = None,
    note: str = "",
) -> None:
    """Hand one's chat to a colleague or to a group's queue, with a note. Raises NoSuchColleague."""
    with transaction() as tx:
        standing = _own(chat_id, by)
        if note.strip():
            reply.note(chat_id, note, by, now)
        if to_person is not None:
            if to_person == standing.owner_id or not db.session.scalar(_MAY_ANSWER, {"id": to_person}):
                raise NoSuchColleague
            _give(tx, standing, to_person, by, now, "transferred")
        else:
            _to_queue(tx, standing, to_group, now)
            record(tx, chat_id, standing.episode_id, Verb.TRANSFERRED, by.person_id, now, group=to_group)
        db.session.execute(_TRANSFERRED, {"episode_id": standing.episode_id})


def _own(chat_id: int, by: Viewer) -> Standing:
    standing = locked(chat_id)
    if standing is None:
        raise reply.NothingOpen
    if standing.owner_id != by.person_id and not by.may(MANAGE):
        raise reply.NotYours(name=standing.owner_name) if standing.owner_id else reply.NotTaken()
    return standing


def _may_take(standing: Standing, by: Viewer) -> bool:
    if not by.may(TAKE):
        return False
    return by.scope(TAKE) is Scope.ALL or standing.group_id is None or standing.group_id in by.groups


def _give(tx: Transaction, standing: Standing, person_id: int, by: Viewer, now: datetime, how: str) -> None:
    values = {"chat_id": standing.chat_id, "episode_id": standing.episode_id, "person_id": person_id, "now": now}
    db.session.execute(_END, values)
    db.session.execute(_GIVE, {**values, "group_id": None})
    db.session.execute(_ASSIGNED, values)
    db.session.execute(_BEGIN, {**values, "how": how, "by_id": by.person_id})
    verb = Verb.TRANSFERRED if how == "transferred" else Verb.TAKEN
    record(tx, standing.chat_id, standing.episode_id, verb, by.person_id, now, to=person_id, how=how)
    tx.after(push.chat_moved, standing.chat_id, standing.place)


def _to_queue(tx: Transaction, standing: Standing, group_id: int | None, now: datetime) -> None:
    values = {"chat_id": standing.chat_id, "episode_id": standing.episode_id, "now": now}
    db.session.execute(_END, values)
    db.session.execute(_TO_QUEUE, {**values, "group_id": group_id})
    tx.after(push.chat_moved, standing.chat_id, standing.place)
