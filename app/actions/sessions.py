"""Sign in, stay, sign out (clauses 12.4, 12.8, 12.17)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.actions import journal
from app.base import ids
from app.base.passwords import hash_password, needs_rehash, password_fits
from app.base.refusal import Refusal
from app.live import push
from app.models import setting
from app.models.db import db, transaction
from app.models.journal import declare as declare_kind
from app.models.person import Person
from app.models.session import Session, new_token, token_hash
from app.models.viewer import Viewer

setting.section("sessions", _l("Sign-in and sessions"))
IDLE_MINUTES = setting.declare(
    "sessions.idle_minutes",
    "int",
    60,
    _l("Sign out after inactivity"),
    _l("Someone who does nothing for this long must sign in again."),
    low=5,
    high=480,
    unit=_l("min"),
)
ABSOLUTE_HOURS = setting.declare(
    "sessions.absolute_hours",
    "int",
    12,
    _l("Longest session"),
    _l("After this time everyone signs in again, active or not."),
    low=1,
    high=24,
    unit=_l("h"),
)

SIGNED_IN = declare_kind("session.signed_in", _l("Signed in"))
SIGN_IN_FAILED = declare_kind("session.sign_in_failed", _l("Failed sign-in"))
SIGNED_OUT = declare_kind("session.signed_out", _l("Signed out"))

# A session is marked as seen at most this often: a page asks a lot, a row should change rarely.
_TOUCH_EVERY = timedelta(seconds=30)


class CannotSignIn(Refusal):
    """Neutral on purpose: it does not say whether the login exists, is blocked or the password is wrong."""

    notice = _l("The login or the password is wrong. Check the keyboard layout and Caps Lock.")
    status = 422


@dataclass(frozen=True)
class SignedIn:
    token: str
    person: Person


def sign_in(login: str, password: str, origin: journal.Origin, now: datetime) -> SignedIn:
    """Open a session. Raises CannotSignIn, and journals the failed attempt."""
    login = login.strip().lower()
    person = db.session.scalar(select(Person).where(Person.login == login))
    hashed = person.password_hash if person else None
    # The hash takes a quarter of a second: no connection is held meanwhile.
    db.session.close()
    if not password_fits(password, hashed):
        person = None
    if person is None or not person.may_sign_in:
        with transaction():
            journal.note(SIGN_IN_FAILED, None, now, origin, login=login[:64], outcome="refused")
        raise CannotSignIn
    rehashed = hash_password(password) if needs_rehash(person.password_hash) else None
    token = new_token()
    with transaction():
        if rehashed:
            db.session.execute(update(Person).where(Person.id == person.id).values(password_hash=rehashed))
        session = Session(
            id=ids.uuid7(now),
            token_hash=token_hash(token),
            person_id=person.id,
            started_at=now,
            seen_at=now,
            address=origin.address,
            device=origin.device,
        )
        db.session.add(session)
        journal.note(SIGNED_IN, None, now, origin, login=login, of=("person", person.id))
    return SignedIn(token, person)


def sign_out(viewer: Viewer, origin: journal.Origin, now: datetime) -> None:
    with transaction():
        end(viewer, "signed out", now)
        journal.note(SIGNED_OUT, viewer, now, origin)


def end(viewer: Viewer, reason: str, now: datetime) -> None:
    """End the session; its open pages leave at once."""
    with transaction() as tx:
        tx.after(push.session_ended, viewer.session_id)
        db.session.execute(
            update(Session)
            .where(Session.id == viewer.session_id, Session.ended_at.is_(None))
            .values(ended_at=now, end_reason=reason)
        )


def touch(viewer: Viewer, now: datetime) -> None:
    """Note a sign of life of the person, coalesced."""
    if now - viewer.seen_at < _TOUCH_EVERY:
        return
    with transaction():
        db.session.execute(
            update(Session).where(Session.id == viewer.session_id, Session.seen_at < now).values(seen_at=now)
        )
