"""What becomes of an account: blocked, restored, given a new password, deleted (clauses 7.8, 12.7)."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete as delete_rows
from sqlalchemy import text

from app.actions import duty, journal, notices, passwords, routing, sessions
from app.actions.people_parts import locked
from app.actions.rights import check_not_own, upheld
from app.base.refusal import Refusal
from app.models.db import Transaction, db, transaction
from app.models.factor import Factor, RecoveryCode
from app.models.group import GroupMember
from app.models.journal import declare as declare_kind
from app.models.notice import declare as declare_notice
from app.models.password_policy import FormerPassword
from app.models.person import MANAGE_PEOPLE, MASS_BLOCK, Person, PersonLanguage
from app.models.session import KnownDevice
from app.models.viewer import AnyViewer
from app.queries import people as known
from app.queries import people_of, settings

BLOCKED = declare_kind("person.blocked", _l("Person blocked"))
RESTORED = declare_kind("person.restored", _l("Person restored"))
DELETED = declare_kind("person.deleted", _l("Person deleted"))

MANY_BLOCKED = declare_notice("people.mass_block", _l("Blocked within ten minutes: %(count)s people."))

_AT_ONCE = timedelta(minutes=10)
_BLOCKED_SINCE = text("SELECT count(*) FROM person WHERE blocked_at > :since AND deleted_at IS NULL")
_TOLD_SINCE = text("SELECT count(*) FROM notice WHERE kind = :kind AND at > :since")
# No hash of argon2 looks like this, so no password fits.
_NO_PASSWORD = "deleted"  # noqa: S105


class NotConfirmed(Refusal):
    notice = _l("Write the login of the person to confirm: %(login)s")
    status = 422


class StillAtWork(Refusal):
    notice = _l("%(name)s still has open chats: %(n)s. Hand them to colleagues first, or block the person meanwhile.")


class UseYourProfile(Refusal):
    notice = _l("Change your own password on the page “My profile”.")


def block(person_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """No sign-in until restored; open pages leave at once, open chats go on to colleagues.

    Raises OwnRights, LastOne, NobodyThere.
    """
    with journal.attempt(BLOCKED, by, now, origin, of=("person", person_id)), transaction() as tx, upheld():
        check_not_own(by, person_id)
        person = locked(person_id)
        if person.blocked_at is not None:
            return
        person.blocked_at = now
        db.session.flush()
        _tell_of_many(tx, by, now)
        sessions.end_all_of(person_id, "blocked", now)
        journal.note(BLOCKED, by, now, origin, of=("person", person_id), login_of=person.login)
    # A chat is locked before a person, so his chats go on when he is blocked already.
    routing.hand_on(person_id, "blocked", by, now)
    duty.stop(person_id, by, now)


def restore(person_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """The account may be used again, by a new sign-in. Raises OwnRights, BelongsApart, NobodyThere."""
    with journal.attempt(RESTORED, by, now, origin, of=("person", person_id)), transaction(), upheld() as touched:
        check_not_own(by, person_id)
        person = locked(person_id)
        if person.blocked_at is None:
            return
        person.blocked_at = None
        touched.add(person_id)
        journal.note(RESTORED, by, now, origin, of=("person", person_id), login_of=person.login)


def reset_password(person_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> str:
    """A new first password, given back once; sessions end. Raises UseYourProfile, NobodyToReset."""
    with journal.attempt(passwords.RESET, by, now, origin, of=("person", person_id)):
        if by.person_id == person_id:
            raise UseYourProfile
        return passwords.reset(person_id, by, origin, now)


def delete(person_id: int, typed: str, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """For good: no sign-in, personal data erased. The row keeps the login, which is never given again, and the name,
    which history and reports need.

    Raises NotConfirmed, OwnRights, StillAtWork, LastOne, NobodyThere.
    """
    with journal.attempt(DELETED, by, now, origin, of=("person", person_id)), transaction(), upheld():
        check_not_own(by, person_id)
        person = locked(person_id)
        if typed.strip().lower() != person.login:
            raise NotConfirmed(login=person.login)
        if chats := known.open_chats(person_id):
            raise StillAtWork(name=person.name, n=chats)
        sessions.end_all_of(person_id, "deleted", now)
        _erase(person, now)
        journal.note(DELETED, by, now, origin, of=("person", person_id), login_of=person.login)


def _tell_of_many(tx: Transaction, by: AnyViewer, now: datetime) -> None:
    """A shift that is locked out at once may be a stolen account's work: told once, to all but who does it."""
    since, least = now - _AT_ONCE, int(settings.value(MASS_BLOCK))
    count = db.session.scalar(_BLOCKED_SINCE, {"since": since}) or 0
    if not least or count < least or db.session.scalar(_TOLD_SINCE, {"kind": MANY_BLOCKED.code, "since": since}):
        return
    people = [one for one in people_of.permission(MANAGE_PEOPLE) if one != by.person_id]
    link = "/office/people?state=blocked"
    notices.tell(tx, people, MANY_BLOCKED, now, link=link, important=True, by=by, count=int(count))


def _erase(person: Person, now: datetime) -> None:
    person.deleted_at = now
    person.phone = person.email = None
    person.purpose, person.password_hash, person.public_name = "", _NO_PASSWORD, ""
    person.capacity, person.roles = None, []
    for model in (PersonLanguage, GroupMember, Factor, RecoveryCode, FormerPassword, KnownDevice):
        db.session.execute(delete_rows(model).where(model.person_id == person.id))
    # Where somebody worked from is personal; when is not.
    db.session.execute(text("UPDATE session SET address = '', device = '' WHERE person_id = :id"), {"id": person.id})
