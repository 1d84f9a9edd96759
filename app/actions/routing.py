"""Who answers: take, give, hand on, transfer. The chat's row is locked first, so a chat never has two owners."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import auto_replies, reply
from app.actions.record import record
from app.base import wakeups
from app.base.later import later
from app.base.refusal import Refusal
from app.live import push
from app.models.chat import MANAGE, TAKE, Stage, Verb
from app.models.db import Transaction, db, retried, transaction
from app.models.permission import Scope
from app.models.viewer import AnyViewer, Viewer
from app.queries import duty, visible
from app.queries.dispatching import foreign_since, wished_for
from app.queries.standing import Standing, locked


class AlreadyTaken(Refusal):
    notice = _l("%(name)s has taken this chat a moment earlier.")


class NobodyWaits(Refusal):
    notice = _l("Nobody waits in the queue.")
    tone = "hold"


class NobodyYouCanServe(NobodyWaits):
    notice = _l(
        "Nobody waits whom you can serve. Chats that need a language or a skill you do not have: %(count)s. "
        "Their rows in the queue say which."
    )


class HeldForColleagues(NobodyWaits):
    notice = _l("Whoever waits is being offered to a colleague, or waits a moment for one. Chats: %(count)s.")


class CannotTake(Refusal):
    notice = _l("You have no right to take this chat. Ask the supervisor to hand it to you.")
    status = 403


class NoSuchColleague(Refusal):
    notice = _l("This colleague cannot take chats now. Choose another.")
    status = 422


_ME = """
    WITH me AS (
      SELECT (SELECT coalesce(array_agg(CASE WHEN language = 'ru_Latn' THEN 'ru' ELSE language END), '{}')
                FROM person_language WHERE person_id = :me) AS languages,
             (SELECT coalesce(array_agg(skill_id), '{}') FROM person_skill WHERE person_id = :me) AS skills
    )
"""
_OF_MY_GROUPS = """s.stage = 'queue'
       AND (:all_groups OR s.group_id IS NULL OR s.group_id = ANY(:groups) OR s.level >= 2
            OR s.level = 1 AND EXISTS (SELECT 1 FROM staff_group g WHERE g.id = s.group_id
                                          AND (g.wider_ids = '{}' OR g.wider_ids && CAST(:groups AS bigint[]))))"""
_I_SERVE = """(s.language IS NULL OR CASE WHEN s.language = 'ru_Latn' THEN 'ru' ELSE s.language END = ANY(me.languages)
            OR s.queued_at <= CAST(:foreign AS timestamptz))
       AND s.skill_ids <@ me.skills"""
# The queue's own order, and only what this person can serve (clause 5.1): his languages, his skills; what waits for
# somebody who was wished for, or is offered to somebody else, is passed over. SKIP LOCKED: many may press.
_NEXT = text(f"""
    {_ME}
    SELECT c.id FROM me, standing s JOIN chat c ON c.id = s.chat_id
     WHERE {_OF_MY_GROUPS}
       AND {_I_SERVE}
       AND (s.offered_to IS NULL OR s.offered_to = :me OR s.offered_until <= :now)
       AND (s.wished_id IS NULL OR s.wished_id = :me OR s.queued_at <= :wished)
     ORDER BY s.score DESC, s.waits_since NULLS LAST, s.last_at LIMIT 1
       FOR UPDATE OF c SKIP LOCKED
""")  # noqa: S608 - our own words
_WHY_NONE = text(f"""
    {_ME}
    SELECT count(*) FILTER (WHERE {_I_SERVE}) AS held, count(*) FILTER (WHERE ({_I_SERVE}) IS NOT TRUE) AS beyond
      FROM me, standing s WHERE {_OF_MY_GROUPS}
""")  # noqa: S608 - our own words

# One trip for all that changes with the owner. Counting those that ended lets them end first: only one may be open.
_GIVE = text("""
    WITH stood AS (
      UPDATE standing SET stage = 'work', owner_id = :person_id, snooze = NULL, snoozed_until = NULL, level = 0,
             wished_id = NULL, offered_to = NULL, offered_until = NULL, offered_how = NULL, refused_ids = '{}',
             alarmed_at = NULL
       WHERE chat_id = :chat_id
    ), owned AS (
      UPDATE episode SET owner_id = :person_id, assigned_at = coalesce(assigned_at, :now),
             type = CASE WHEN type = 'bot-only' THEN 'new' ELSE type END
       WHERE id = :episode_id
    ), ended AS (
      UPDATE assignment SET ended_at = :now WHERE episode_id = :episode_id AND ended_at IS NULL RETURNING 1
    )
    INSERT INTO assignment (episode_id, person_id, began_at, how, by_id)
    SELECT :episode_id, :person_id, :now, :how, :by_id FROM (SELECT count(*) FROM ended) AS first
 RETURNING (SELECT public_name FROM person WHERE id = :person_id)
""")
_END = text("UPDATE assignment SET ended_at = :now WHERE episode_id = :episode_id AND ended_at IS NULL")
_TO_QUEUE = text("""
    UPDATE standing SET stage = 'queue', owner_id = NULL, group_id = coalesce(:group_id, group_id),
           snooze = NULL, snoozed_until = NULL, queued_at = :now, level = 0, wished_id = NULL, offered_to = NULL,
           offered_until = NULL, offered_how = NULL, refused_ids = CAST(:refused AS bigint[]), alarmed_at = NULL
     WHERE chat_id = :chat_id
""")
TRANSFERRED = text("UPDATE episode SET type = 'transferred' WHERE id = :episode_id AND type IN ('new', 'resumed')")
# What was set aside stays with its owner: it is handed on when it is back and he is not.
_HELD = text("""
    SELECT chat_id FROM standing WHERE owner_id = :person_id AND (snooze IS NULL OR :everything) ORDER BY chat_id
""")
_OFFERED = text("SELECT chat_id FROM standing WHERE offered_to = :person_id ORDER BY chat_id")
_WITHDRAW = text("""
    UPDATE standing SET offered_to = NULL, offered_until = NULL, offered_how = NULL
     WHERE chat_id = :chat_id AND offered_to = :person_id
""")
_MAY_ANSWER = text("""
    SELECT 1 FROM person p JOIN person_role pr ON pr.person_id = p.id JOIN role_permission rp USING (role_id)
     WHERE p.id = :id AND p.blocked_at IS NULL AND p.deleted_at IS NULL AND rp.permission = 'chats.answer' LIMIT 1
""")


@retried
def take_next(by: Viewer, now: datetime) -> int:
    """Take the first chat of the queue that this person can serve.

    Raises NobodyWaits, or its kinds NobodyYouCanServe and HeldForColleagues, and NotAtWork.
    """
    duty.must_serve(by.person_id)
    values: dict[str, Any] = {"me": by.person_id, "all_groups": by.scope(TAKE) is Scope.ALL, "groups": list(by.groups)}
    with transaction() as tx:
        values |= {"now": now, "wished": now - wished_for(), "foreign": foreign_since(now)}
        while (chat_id := db.session.scalar(_NEXT, values)) is not None:
            standing = locked(chat_id)
            if standing is not None and standing.stage is Stage.QUEUE:  # a colleague was not quicker
                give(tx, standing, by.person_id, by, now, "next")
                return chat_id
        raise _why_none(values)


@retried
def take(chat_id: int, by: Viewer, now: datetime) -> None:
    """Take a waiting chat, or take over a colleague's when one may manage it.

    Raises AlreadyTaken, CannotTake, NotAtWork.
    """
    duty.must_serve(by.person_id)
    with transaction() as tx:
        standing = locked(chat_id)
        if standing is None:
            raise reply.NothingOpen
        if standing.owner_id == by.person_id:
            return
        if standing.owner_id is not None and not visible.in_scope(by, MANAGE, standing.group_id):
            raise AlreadyTaken(name=standing.owner_name)
        if standing.owner_id is None and not visible.in_scope(by, TAKE, standing.group_id):
            raise CannotTake
        give(tx, standing, by.person_id, by, now, "taken" if standing.owner_id is None else "taken over")


@retried
def give_back(chat_id: int, by: Viewer, now: datetime) -> None:
    """Return one's chat to the queue."""
    with transaction() as tx:
        standing = own(chat_id, by)
        to_queue(tx, standing, None, now, refused=[by.person_id])
        record(tx, chat_id, standing.episode_id, Verb.RETURNED, by.person_id, now)


@retried
def hand_on(person_id: int, why: str, by: AnyViewer, now: datetime) -> int:
    """Every open chat of a person goes back to its queue; how many did.

    `why` is a code that the thread says in words: status, lost, shift, stopped, blocked. Chats set aside stay with
    him, except when he is blocked or stopped. What is offered to him is withdrawn.
    """
    values = {"person_id": person_id, "everything": why in ("blocked", "stopped")}
    with transaction() as tx:
        withdraw_from(tx, person_id)
        held = [standing for chat_id in db.session.scalars(_HELD, values).all() if (standing := locked(chat_id))]
        mine = [standing for standing in held if standing.owner_id == person_id]
        for standing in mine:
            to_queue(tx, standing, None, now, refused=[person_id])
            record(tx, standing.chat_id, standing.episode_id, Verb.RETURNED, by.person_id, now, why=why, of=person_id)
        if mine:
            tx.after(later, wakeups.ASSIGN)
    return len(mine)


def withdraw_from(tx: Transaction, person_id: int) -> None:
    """Take back whatever is offered to somebody."""
    for chat_id in db.session.scalars(_OFFERED, {"person_id": person_id}).all():
        if locked(chat_id) is not None:
            db.session.execute(_WITHDRAW, {"chat_id": chat_id, "person_id": person_id})
            tx.after(push.offers_changed, person_id)
            tx.after(later, wakeups.ASSIGN)


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
        standing = own(chat_id, by)
        if note.strip():
            reply.note(chat_id, note, by, now)
        if to_person is not None:
            if to_person == standing.owner_id or not may_answer(to_person):
                raise NoSuchColleague
            give(tx, standing, to_person, by, now, "transferred")
        else:
            to_queue(tx, standing, to_group, now, refused=[by.person_id])
            record(tx, chat_id, standing.episode_id, Verb.TRANSFERRED, by.person_id, now, group=to_group)
            db.session.execute(TRANSFERRED, {"episode_id": standing.episode_id})


def give(
    tx: Transaction,
    standing: Standing,
    person_id: int,
    by: AnyViewer,
    now: datetime,
    how: str,
    *,
    of: int | None = None,
) -> None:
    """Make the person the owner; the chat's row is locked by the caller. `how` is kept with the assignment.

    `of`: whose deed it is when not that of `by`: a transfer is its sender's, whoever accepts it.
    """
    actor = of or by.person_id
    values = {"chat_id": standing.chat_id, "episode_id": standing.episode_id, "person_id": person_id, "now": now}
    _tell_offered(tx, standing)
    name = db.session.scalar(_GIVE, {**values, "how": how, "by_id": actor})
    if how == "transferred":
        db.session.execute(TRANSFERRED, values)
    verb = Verb.TRANSFERRED if how == "transferred" else Verb.TAKEN
    record(tx, standing.chat_id, standing.episode_id, verb, actor, now, to=person_id, how=how)
    auto_replies.joined(tx, standing.chat_id, person_id, name or "", now)
    tx.after(push.chat_moved, standing.chat_id, standing.place)
    if standing.owner_id is not None:  # his former owner has a hand free
        tx.after(later, wakeups.ASSIGN)


def to_queue(
    tx: Transaction, standing: Standing, group_id: int | None, now: datetime, *, refused: Sequence[int | None] = ()
) -> None:
    """Put the chat back into the queue of its group, or of another; locked by the caller. `refused`: not to them."""
    _tell_offered(tx, standing)
    values = {"chat_id": standing.chat_id, "episode_id": standing.episode_id, "now": now, "group_id": group_id}
    db.session.execute(_END, values)
    db.session.execute(_TO_QUEUE, {**values, "refused": [one for one in refused if one]})
    tx.after(push.chat_moved, standing.chat_id, standing.place)
    tx.after(later, wakeups.ASSIGN)


def may_answer(person_id: int) -> bool:
    """Whether the person's account is in use and may answer clients."""
    return db.session.scalar(_MAY_ANSWER, {"id": person_id}) is not None


def own(chat_id: int, by: Viewer) -> Standing:
    """One's own chat, or one of those this person manages; locked. Raises NothingOpen, NotYours, NotTaken."""
    standing = locked(chat_id)
    if standing is None:
        raise reply.NothingOpen
    if not visible.manages(by, standing.owner_id, standing.group_id):
        raise reply.NotYours(name=standing.owner_name) if standing.owner_id else reply.NotTaken()
    return standing


def _tell_offered(tx: Transaction, standing: Standing) -> None:
    """Whoever had it as an offer sees it go."""
    if standing.offered_to is not None:
        tx.after(push.offers_changed, standing.offered_to)


def _why_none(values: dict[str, Any]) -> NobodyWaits:
    """Others may wait whom this person cannot serve, and sees in his list."""
    found = db.session.execute(_WHY_NONE, values).one()
    if found.beyond:
        return NobodyYouCanServe(count=found.beyond)
    return HeldForColleagues(count=found.held) if found.held else NobodyWaits()
