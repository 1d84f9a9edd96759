"""A chat is offered and accepted, declined or let pass; a transfer to a colleague is an offer too (clause 8.2)."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import notices, reply, routing
from app.actions.tracing import trace
from app.base import wakeups
from app.base.later import later
from app.base.refusal import Refusal
from app.live import push
from app.models.db import Transaction, db, retried, transaction
from app.models.dispatch import Told
from app.models.notice import declare
from app.models.viewer import Viewer
from app.queries import dispatching, duty, settings
from app.queries.offers import Offer, expired, standing_offer
from app.queries.standing import Standing, locked

OFFER, TRANSFER = "offer", "transfer"

TRANSFER_DECLINED = declare("chat.transfer_declined", _l("%(name)s has declined chat %(chat)s. It is still with you."))
TRANSFER_PASSED = declare(
    "chat.transfer_passed", _l("%(name)s has not accepted chat %(chat)s in time. It is still with you.")
)
HANDED = declare("chat.handed", _l("%(name)s has handed chat %(chat)s to you."))


class NoLongerOffered(Refusal):
    notice = _l("This chat is no longer offered to you.")


class ColleagueAway(Refusal):
    notice = _l("%(name)s is not at work now. Choose another colleague or a group.")
    status = 422


class OfferedAlready(Refusal):
    notice = _l("This chat is offered to %(name)s already. Wait for the answer, or take the offer back.")


# An acceptance that was pressed in the last second still counts.
_LATE = timedelta(seconds=2)

_OFFER = text("""
    UPDATE standing SET offered_to = :person_id, offered_until = :until, offered_how = :how WHERE chat_id = :chat_id
""")
_WITHDRAW = text("""
    UPDATE standing SET offered_to = NULL, offered_until = NULL, offered_how = NULL,
           refused_ids = CASE WHEN stage = 'queue' THEN array_append(array_remove(refused_ids, :person_id), :person_id)
                              ELSE refused_ids END
     WHERE chat_id = :chat_id
""")
_NAME = text("SELECT name FROM person WHERE id = :id")


def offer(tx: Transaction, standing: Standing, person_id: int, now: datetime) -> None:
    """Offer a waiting chat to somebody; locked by the caller."""
    _offer(tx, standing, person_id, OFFER, now + timedelta(seconds=settings.value(dispatching.OFFER_SECONDS)))


@retried
def accept(chat_id: int, by: Viewer, now: datetime) -> None:
    """Take what is offered. Raises NoLongerOffered, NotAtWork."""
    duty.must_serve(by.person_id)
    with transaction() as tx:
        standing, offered = _offered_to(chat_id, by, now)
        if offered.how == TRANSFER:
            routing.give(tx, standing, by.person_id, by, now, "transferred", of=standing.owner_id)
        else:
            routing.give(tx, standing, by.person_id, by, now, "accepted")
        trace(chat_id, standing.episode_id, Told.ACCEPTED, by.person_id, now, how=offered.how)


@retried
def decline(chat_id: int, by: Viewer, now: datetime) -> None:
    """Let it go to the next; no reason is asked. Raises NoLongerOffered."""
    with transaction() as tx:
        standing, offered = _offered_to(chat_id, by, now)
        _withdraw(tx, standing, offered, Told.DECLINED, now)


def expire(now: datetime) -> int:
    """Take back what was not accepted in time; how many chats."""
    return sum(_expire(chat_id, now) for chat_id in expired(now))


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
    """Hand one's chat on: to a group's queue, or to a colleague at work, who accepts it when the setting asks for that.

    Raises NoSuchColleague, ColleagueAway, OfferedAlready, NothingOpen, NotYours, NotTaken.
    """
    if to_person is None:
        routing.transfer(chat_id, by, now, to_group=to_group, note=note)
        return
    with transaction() as tx:
        standing = routing.own(chat_id, by)
        _check_colleague(standing, to_person, now)
        if not settings.value(dispatching.TRANSFER_ACCEPT):
            routing.transfer(chat_id, by, now, to_person=to_person, note=note)
            notices.tell(tx, [to_person], HANDED, now, chat_id=chat_id, by=by, name=by.name)
            return
        if note.strip():
            reply.note(chat_id, note, by, now)
        until = now + timedelta(seconds=settings.value(dispatching.TRANSFER_SECONDS))
        _offer(tx, standing, to_person, TRANSFER, until)
        trace(chat_id, standing.episode_id, Told.OFFERED, to_person, now, how=TRANSFER, by=by.person_id)
        tx.after(push.row_changed, chat_id)


@retried
def take_back(chat_id: int, by: Viewer, now: datetime) -> None:
    """The sender wants a transfer back before it is accepted."""
    with transaction() as tx:
        standing = routing.own(chat_id, by)
        offered = standing_offer(chat_id, now)
        if offered is not None and offered.how == TRANSFER:
            db.session.execute(_WITHDRAW, {"chat_id": chat_id, "person_id": offered.person_id})
            trace(chat_id, standing.episode_id, Told.EXPIRED, offered.person_id, now, how="taken back")
            tx.after(push.offers_changed, offered.person_id)


def _offer(tx: Transaction, standing: Standing, person_id: int, how: str, until: datetime) -> None:
    values = {"chat_id": standing.chat_id, "person_id": person_id, "until": until, "how": how}
    db.session.execute(_OFFER, values)
    tx.after(push.offers_changed, person_id)


def _offered_to(chat_id: int, by: Viewer, now: datetime) -> tuple[Standing, Offer]:
    standing = locked(chat_id)
    offered = standing_offer(chat_id, now - _LATE)
    if standing is None or offered is None or offered.person_id != by.person_id:
        raise NoLongerOffered
    return standing, offered


@retried
def _expire(chat_id: int, now: datetime) -> bool:
    with transaction() as tx:
        standing = locked(chat_id)
        offered = standing_offer(chat_id)
        if standing is None or offered is None or offered.until > now:
            return False
        _withdraw(tx, standing, offered, Told.EXPIRED, now)
    return True


def _withdraw(tx: Transaction, standing: Standing, offered: Offer, told: Told, now: datetime) -> None:
    chat_id = standing.chat_id
    db.session.execute(_WITHDRAW, {"chat_id": chat_id, "person_id": offered.person_id})
    trace(chat_id, standing.episode_id, told, offered.person_id, now, how=offered.how)
    tx.after(push.offers_changed, offered.person_id)
    if offered.how == TRANSFER and standing.owner_id is not None:
        kind = TRANSFER_DECLINED if told is Told.DECLINED else TRANSFER_PASSED
        notices.tell(tx, [standing.owner_id], kind, now, chat_id=chat_id, name=_name(offered.person_id))
        tx.after(push.row_changed, chat_id)
    tx.after(later, wakeups.ASSIGN)


def _check_colleague(standing: Standing, person_id: int, now: datetime) -> None:
    if person_id == standing.owner_id or not routing.may_answer(person_id):
        raise routing.NoSuchColleague
    if duty.duty_of(person_id) is None:
        raise ColleagueAway(name=_name(person_id))
    if (offered := standing_offer(standing.chat_id, now)) is not None:
        raise OfferedAlready(name=_name(offered.person_id))


def _name(person_id: int) -> str:
    return str(db.session.scalar(_NAME, {"id": person_id}))
