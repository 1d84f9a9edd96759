"""Passwords: changed by their owner, given anew by an administrator (clauses 12.8–12.12)."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from app.actions import attempts, journal, sessions
from app.actions.attempts import Counted
from app.base.passwords import fresh_password, hash_password, password_fits
from app.base.refusal import Refusal
from app.models.db import db, transaction
from app.models.journal import declare as declare_kind
from app.models.password_policy import FormerPassword
from app.models.person import Person
from app.models.viewer import AnyViewer, Viewer
from app.queries import passwords as rules

CHANGED = declare_kind("password.changed", _l("Password changed"))
RESET = declare_kind("password.reset", _l("Password given anew"))
NOT_PROVED = declare_kind("password.not_proved", _l("Wrong password in a session"))

# As many as the setting of the history may ever ask for.
_MOST_KEPT = 24


class WrongPassword(Refusal):
    notice = _l("This is not your present password.")
    status = 422


class PasswordUnfit(Refusal):
    """`faults`: what the new password lacks, a sentence each."""

    notice = _l("The new password does not fit yet.")
    status = 422

    def __init__(self, faults: list[str]) -> None:
        super().__init__()
        self.faults = faults


class HadBefore(Refusal):
    notice = _l("You have had this password before. Choose another.")
    status = 422


class NobodyToReset(Refusal):
    notice = _l("There is no such person any more.")
    status = 404


def change(viewer: Viewer, present: str, new: str, origin: journal.Origin, now: datetime) -> str:
    """Give oneself a new password. All other sessions end; gives the new token of this one.

    Raises WrongPassword, PasswordUnfit, HadBefore, TooManyTries.
    """
    if faults := rules.policy(viewer.person_id).faults(new):
        raise PasswordUnfit(faults)
    prove(viewer, present, origin, now)
    former = rules.former(viewer.person_id)
    # Hashes take a quarter of a second each: no connection is held meanwhile.
    db.session.close()
    if any(password_fits(new, hashed) for hashed in former):
        raise HadBefore
    hashed = hash_password(new)
    with transaction():
        _store(db.session.get_one(Person, viewer.person_id, with_for_update=True), hashed, False, now)
        sessions.end_all_of(viewer.person_id, "password changed", now, keep=viewer.session_id)
        token = sessions.replace_token(viewer, now)
        journal.note(CHANGED, viewer, now, origin, of=("person", viewer.person_id))
    return token


def reset(person_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> str:
    """Give somebody a generated password, told once, to be changed at the first sign-in; all his sessions end."""
    password = fresh_password()
    hashed = hash_password(password)
    with transaction():
        person = db.session.get(Person, person_id, with_for_update=True)
        if person is None or person.deleted_at is not None:
            raise NobodyToReset
        _store(person, hashed, True, now)
        sessions.end_all_of(person_id, "password given anew", now)
        journal.note(RESET, by, now, origin, of=("person", person_id))
    return password


def prove(viewer: Viewer, password: str, origin: journal.Origin, now: datetime) -> None:
    """Whoever sits at an open session shows that it is his. Raises WrongPassword, TooManyTries."""
    counted = [Counted("owner", str(viewer.person_id))]
    attempts.let_through(counted, viewer.login, origin, now)
    hashed = db.session.scalar(select(Person.password_hash).where(Person.id == viewer.person_id))
    db.session.close()
    fits = password_fits(password, hashed)
    with transaction():
        if fits:
            attempts.succeeded(counted)
        else:
            journal.note(NOT_PROVED, viewer, now, origin, of=("person", viewer.person_id), outcome="refused")
    if not fits:
        raise WrongPassword


def _store(person: Person, hashed: str, must_change: bool, now: datetime) -> None:
    db.session.add(FormerPassword(person_id=person.id, password_hash=person.password_hash, until=now))
    person.password_hash, person.password_set_at, person.must_change_password = hashed, now, must_change
    db.session.flush()
    kept = (
        select(FormerPassword.id)
        .where(FormerPassword.person_id == person.id)
        .order_by(FormerPassword.until.desc())
        .limit(_MOST_KEPT)
    )
    db.session.execute(
        delete(FormerPassword).where(FormerPassword.person_id == person.id, FormerPassword.id.not_in(kept))
    )
