"""Sessions: opened, kept alive, turned over, ended (clauses 12.4, 12.17)."""

from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from app.actions import journal
from app.base import ids
from app.base.refusal import Refusal
from app.live import push
from app.models.db import db, transaction
from app.models.journal import declare as declare_kind
from app.models.session import OLD_TOKEN_LASTS, HalfSignIn, KnownDevice, Session, new_token, token_hash
from app.models.viewer import AnyViewer, Viewer

SIGNED_OUT = declare_kind("session.signed_out", _l("Signed out"))
ENDED = declare_kind("session.ended", _l("Session ended"))

# A session is marked as seen at most this often: a page asks a lot, a row should change rarely.
_TOUCH_EVERY = timedelta(seconds=30)


class NotThere(Refusal):
    notice = _l("This session has ended already.")
    status = 404


def open_for(person_id: int, origin: journal.Origin, now: datetime) -> str:
    """A new session of a person who has proved who he is; gives its token."""
    token = new_token()
    with transaction():
        db.session.add(
            Session(
                id=ids.uuid7(now),
                token_hash=token_hash(token),
                person_id=person_id,
                started_at=now,
                seen_at=now,
                address=origin.address,
                device=origin.device,
            )
        )
        db.session.flush()
    return token


def sign_out(viewer: Viewer, origin: journal.Origin, now: datetime) -> None:
    with transaction():
        end(viewer, "signed out", now)
        journal.note(SIGNED_OUT, viewer, now, origin)


def end(viewer: Viewer, reason: str, now: datetime) -> None:
    """End the viewer's session; its open pages leave at once."""
    _end(Session.id == viewer.session_id, reason, now)


def end_own(viewer: Viewer, session_id: UUID, origin: journal.Origin, now: datetime) -> None:
    """End another session of one's own. Raises NotThere."""
    with transaction():
        if not _end((Session.id == session_id) & (Session.person_id == viewer.person_id), "ended by oneself", now):
            raise NotThere
        journal.note(ENDED, viewer, now, origin, of=("session", session_id), of_person=viewer.login)


def end_others(viewer: Viewer, origin: journal.Origin, now: datetime) -> int:
    """End all of one's own sessions but this one. Returns how many."""
    with transaction():
        ended = end_all_of(viewer.person_id, "ended by oneself", now, keep=viewer.session_id)
        if ended:
            journal.note(ENDED, viewer, now, origin, of=("person", viewer.person_id), sessions=ended)
    return ended


def end_anyones(session_id: UUID, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """End somebody's session. Raises NotThere."""
    with transaction():
        if not (owners := _end(Session.id == session_id, "ended by an administrator", now)):
            raise NotThere
        journal.note(ENDED, by, now, origin, of=("session", session_id), of_person=owners[0])


def end_everything_of(person_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> int:
    """Sign a person out everywhere. Returns how many sessions ended."""
    with transaction():
        ended = end_all_of(person_id, "ended by an administrator", now)
        journal.note(ENDED, by, now, origin, of=("person", person_id), sessions=ended)
    return ended


def end_all_of(person_id: int, reason: str, now: datetime, *, keep: UUID | None = None) -> int:
    """Part of another verb (blocking, a new password): end the person's sessions and half sign-ins, unjournalled."""
    with transaction():
        db.session.execute(delete(HalfSignIn).where(HalfSignIn.person_id == person_id))
        mine = Session.person_id == person_id
        return len(_end(mine & (Session.id != keep) if keep else mine, reason, now))


def touch(viewer: Viewer, now: datetime) -> None:
    """Note a sign of life of the person, coalesced."""
    if now - viewer.seen_at < _TOUCH_EVERY:
        return
    with transaction():
        db.session.execute(
            update(Session).where(Session.id == viewer.session_id, Session.seen_at < now).values(seen_at=now)
        )


def rights_changed(person_id: int, now: datetime) -> None:
    """The person's rights are others now: open pages begin anew, sockets are cut, tokens change with the next request.

    Called in the transaction that changes roles or groups.
    """
    with transaction() as tx:
        db.session.execute(
            update(Session).where(Session.person_id == person_id, Session.ended_at.is_(None)).values(rights_at=now)
        )
        tx.after(push.rights_changed, person_id)


def renew(session_id: UUID, presented: str, now: datetime) -> str | None:
    """A new token in place of the presented one, which works for some seconds more. None when another was quicker."""
    token = new_token()
    with transaction():
        renewed = db.session.execute(
            update(Session)
            .where(Session.id == session_id, Session.token_hash == token_hash(presented), Session.ended_at.is_(None))
            .values(
                token_hash=token_hash(token),
                old_token_hash=Session.token_hash,
                old_until=now + OLD_TOKEN_LASTS,
                renewed_at=func.greatest(literal(now), Session.rights_at),
            )
            .returning(Session.id)
        ).first()
    return token if renewed else None


def replace_token(viewer: Viewer, now: datetime) -> str:
    """A new token for the viewer's session, the former one dead at once: after a change of the password."""
    token = new_token()
    with transaction():
        db.session.execute(
            update(Session)
            .where(Session.id == viewer.session_id)
            .values(token_hash=token_hash(token), old_token_hash=None, old_until=None, renewed_at=now)
        )
    return token


def remember_device(token: str, person_id: int, now: datetime) -> str:
    """Note that the person has signed in with this browser; gives the token it keeps, a new one for a strange one."""
    hashed = token_hash(token)
    strange = not db.session.scalar(select(KnownDevice.first_at).where(KnownDevice.token_hash == hashed).limit(1))
    if strange:
        token = new_token()
        hashed = token_hash(token)
    row = {"token_hash": hashed, "person_id": person_id, "first_at": now, "last_at": now}
    known = insert(KnownDevice).values(row)
    db.session.execute(known.on_conflict_do_update(index_elements=["token_hash", "person_id"], set_={"last_at": now}))
    return token


def _end(which: ColumnElement[bool], reason: str, now: datetime) -> list[int]:
    """Whose sessions ended, one for each."""
    with transaction() as tx:
        ended = db.session.execute(
            update(Session)
            .where(which, Session.ended_at.is_(None))
            .values(ended_at=now, end_reason=reason)
            .returning(Session.id, Session.person_id)
        ).all()
        for row in ended:
            tx.after(push.session_ended, row.id)
        return [row.person_id for row in ended]
