"""Sign in, step by step: password, second factor, a word about another session (clauses 12.4, 12.8, 12.17).

Each step is counted before it is judged; nothing opens before the last one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, or_, select, update

from app.actions import attempts, factors, journal, sessions
from app.actions.attempts import Counted
from app.base.passwords import hash_password, needs_rehash, password_fits
from app.base.refusal import Refusal
from app.models.db import db, transaction
from app.models.journal import declare as declare_kind
from app.models.password_policy import FIRST_DAYS
from app.models.person import Person
from app.models.session import DEVICE_LASTS, HALF_LASTS, HalfSignIn, KnownDevice, new_token, token_hash
from app.queries import factors as held
from app.queries import sessions as known
from app.queries import settings as stored

SIGNED_IN = declare_kind("session.signed_in", _l("Signed in"))
SIGN_IN_FAILED = declare_kind("session.sign_in_failed", _l("Failed sign-in"))


class CannotSignIn(Refusal):
    """Neutral on purpose: it does not say whether the login exists, is blocked or the password is wrong."""

    notice = _l("The login or the password is wrong. Check the keyboard layout and Caps Lock.")
    status = 422


class WrongCode(Refusal):
    notice = _l("This code does not fit or has been used. Wait for the next one and write that.")
    status = 422


class BeginAgain(Refusal):
    notice = _l("This took too long. Sign in again.")


@dataclass(frozen=True)
class _Person:
    """What sign-in needs of a person, held without a connection."""

    id: int
    login: str
    password_hash: str
    password_set_at: datetime
    unused: bool  # an administrator gave the password, and nobody has signed in with it
    barred: bool


@dataclass(frozen=True)
class Step:
    """How far a sign-in has come. `stage`: in (the token is a session's), code or elsewhere (of a half sign-in)."""

    stage: str
    token: str
    device: str = ""
    before: known.Before | None = None


def begin(login: str, password: str, device: str, origin: journal.Origin, now: datetime) -> Step:
    """The first step. Raises CannotSignIn, TooManyTries; a failed attempt is journalled."""
    login = login.strip().lower()
    person = _who(Person.login == login)
    counted = _counted(login, person, device, origin, now)
    attempts.let_through(counted, login, origin, now)
    # The hash takes a quarter of a second: no connection is held meanwhile.
    db.session.close()
    if not password_fits(password, person.password_hash if person else None) or not _may_enter(person, now):
        _failed(login, origin, now)
        raise CannotSignIn
    assert person is not None  # noqa: S101 - nobody's password never fits
    rehashed = hash_password(password) if needs_rehash(person.password_hash) else None
    with transaction():
        if rehashed:
            db.session.execute(update(Person).where(Person.id == person.id).values(password_hash=rehashed))
        if held.confirmed_at(person.id):
            return Step("code", _half(person.id, proved=False, now=now))
        return _go_on(person, counted, device, origin, now)


def prove(half: str, code: str, device: str, origin: journal.Origin, now: datetime) -> Step:
    """The second step: a code of the second factor, or a recovery code. Raises WrongCode, BeginAgain, TooManyTries."""
    person = _of_half(half, proved=False, now=now)
    counted = _counted(person.login, person, device, origin, now)
    attempts.let_through(counted, person.login, origin, now)
    with transaction():
        fits = factors.spend(person.id, person.login, code, origin, now)
        if fits:
            _forget(half)
            return _go_on(person, counted, device, origin, now)
    _failed(person.login, origin, now, why="code")
    raise WrongCode


def take_over(half: str, device: str, origin: journal.Origin, now: datetime) -> Step:
    """The person said to end the other session and to work here. Raises BeginAgain."""
    person = _of_half(half, proved=True, now=now)
    with transaction():
        _forget(half)
        ended = sessions.end_all_of(person.id, "signed in elsewhere", now)
        return _enter(person, device, origin, now, ended=ended)


def _counted(
    login: str, person: _Person | None, device: str, origin: journal.Origin, now: datetime
) -> Sequence[Counted]:
    """On a device the person has signed in with before, tries are counted for that device alone.

    So whoever guesses at a colleague's password from elsewhere locks out everybody but the colleague.
    """
    if person is not None and known.knows_device(device, person.id, now):
        return [Counted("device", f"{device}:{person.id}")]
    return [Counted("account", login), Counted("address", origin.address)]


def _may_enter(person: _Person | None, now: datetime) -> bool:
    if person is None or person.barred:
        return False
    days = stored.value(FIRST_DAYS)
    return not (person.unused and days and now - person.password_set_at > timedelta(days=days))


def _go_on(person: _Person, counted: Sequence[Counted], device: str, origin: journal.Origin, now: datetime) -> Step:
    """All secrets are proved. Whoever works at the desk does so in one place."""
    attempts.succeeded(counted)
    if known.works_at_desk(person.id) and known.of_person(person.id, now):
        return Step("elsewhere", _half(person.id, proved=True, now=now))
    return _enter(person, device, origin, now)


def _enter(person: _Person, device: str, origin: journal.Origin, now: datetime, ended: int = 0) -> Step:
    with transaction():
        _sweep(now)
        before = known.before(person.id, None)
        token = sessions.open_for(person.id, origin, now)
        device = sessions.remember_device(device, person.id, now)
        journal.note(SIGNED_IN, None, now, origin, login=person.login, of=("person", person.id), ended=ended)
    return Step("in", token, device, before)


def _half(person_id: int, *, proved: bool, now: datetime) -> str:
    token = new_token()
    db.session.add(HalfSignIn(token_hash=token_hash(token), person_id=person_id, begun_at=now, proved=proved))
    db.session.flush()
    return token


def _of_half(token: str, *, proved: bool, now: datetime) -> _Person:
    half = select(HalfSignIn.person_id).where(
        HalfSignIn.token_hash == token_hash(token),
        HalfSignIn.proved == proved,
        HalfSignIn.begun_at > now - HALF_LASTS,
    )
    person = _who(Person.id == half.scalar_subquery())
    if person is None or person.barred:
        raise BeginAgain
    return person


def _who(which: ColumnElement[bool]) -> _Person | None:
    row = db.session.execute(
        select(
            Person.id,
            Person.login,
            Person.password_hash,
            Person.password_set_at,
            (Person.must_change_password & ~Person.demo).label("unused"),
            or_(Person.blocked_at.is_not(None), Person.deleted_at.is_not(None)).label("barred"),
        ).where(which)
    ).one_or_none()
    return _Person(*row) if row else None


def _forget(half: str) -> None:
    db.session.execute(delete(HalfSignIn).where(HalfSignIn.token_hash == token_hash(half)))


def _sweep(now: datetime) -> None:
    attempts.sweep(now)
    db.session.execute(delete(HalfSignIn).where(HalfSignIn.begun_at < now - HALF_LASTS))
    db.session.execute(delete(KnownDevice).where(KnownDevice.last_at < now - DEVICE_LASTS))


def _failed(login: str, origin: journal.Origin, now: datetime, why: str = "password") -> None:
    with transaction():
        journal.note(SIGN_IN_FAILED, None, now, origin, login=login[:64], outcome="refused", step=why)
