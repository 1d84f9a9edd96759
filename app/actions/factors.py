"""The second factor: set up with a phone, spent at sign-in, taken away, asked for by roles (clause 12.24)."""

import secrets
from collections.abc import Collection
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, insert, select, update

from app.actions import attempts, journal, passwords
from app.actions.attempts import Counted
from app.base import totp
from app.base.crypt import keyed_hash, open_sealed, seal
from app.base.refusal import Refusal
from app.models.db import db, transaction
from app.models.factor import Factor, FactorRole, RecoveryCode
from app.models.journal import declare as declare_kind
from app.models.viewer import AnyViewer, Viewer
from app.queries import factors as held

SET_UP = declare_kind("factor.set_up", _l("Second factor set up"))
REMOVED = declare_kind("factor.removed", _l("Second factor removed"))
CODES = declare_kind("factor.codes", _l("New recovery codes made"))
RECOVERED = declare_kind("factor.recovered", _l("Recovery code used"))
REQUIRED = declare_kind("factor.required", _l("Second factor asked of roles"))

_CODES = 10
# Without letters and digits that look alike; ten of them make 49 bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class CodeDoesNotFit(Refusal):
    notice = _l(
        "This code does not fit or has been used. Check the clock of the phone and write the code it shows now."
    )
    status = 422


class NotBegun(Refusal):
    notice = _l("The second factor is not being set up. Begin again.")


class InForce(Refusal):
    notice = _l("You have a second factor. To set up another phone, remove it first.")


class NobodyToRemoveFrom(Refusal):
    notice = _l("This person has no second factor.")
    status = 404


def begin(viewer: Viewer, password: str, origin: journal.Origin, now: datetime) -> None:
    """Make a secret that waits for its first code. Raises InForce, WrongPassword, TooManyTries."""
    if held.confirmed_at(viewer.person_id):
        raise InForce
    passwords.prove(viewer, password, origin, now)
    with transaction():
        _drop(viewer.person_id)
        sealed = seal(totp.new_secret(), at=("factor.secret", viewer.person_id))
        db.session.add(Factor(person_id=viewer.person_id, secret=sealed, begun_at=now))


def confirm(viewer: Viewer, code: str, origin: journal.Origin, now: datetime) -> list[str]:
    """The first code puts the factor in force. Gives recovery codes, once. Raises NotBegun, CodeDoesNotFit."""
    with transaction():
        factor = db.session.get(Factor, viewer.person_id, with_for_update=True)
        if factor is None or factor.confirmed_at is not None:
            raise NotBegun
        step = _step(factor, _bare(code), now)
        if step is None:
            raise CodeDoesNotFit
        factor.confirmed_at, factor.last_step = now, step
        codes = _fresh_codes(viewer.person_id)
        journal.note(SET_UP, viewer, now, origin, of=("person", viewer.person_id))
    return codes


def new_codes(viewer: Viewer, code: str, origin: journal.Origin, now: datetime) -> list[str]:
    """Other recovery codes, the former void. Raises CodeDoesNotFit, TooManyTries."""
    _prove(viewer, code, origin, now)
    with transaction():
        codes = _fresh_codes(viewer.person_id)
        journal.note(CODES, viewer, now, origin, of=("person", viewer.person_id))
    return codes


def remove(viewer: Viewer, code: str, origin: journal.Origin, now: datetime) -> None:
    """Take one's own factor away; where a role asks for one, another is set up at once. Raises as `new_codes`."""
    _prove(viewer, code, origin, now)
    with transaction():
        _drop(viewer.person_id)
        journal.note(REMOVED, viewer, now, origin, of=("person", viewer.person_id))


def reset(person_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Take somebody's factor away: the phone is lost and the codes too. Raises NobodyToRemoveFrom."""
    with transaction():
        if not held.confirmed_at(person_id):
            raise NobodyToRemoveFrom
        _drop(person_id)
        journal.note(REMOVED, by, now, origin, of=("person", person_id))


def require(role_ids: Collection[int], by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Ask a second factor of exactly these roles. It holds with everyone's next request."""
    with transaction():
        before = set(db.session.scalars(select(FactorRole.role_id).with_for_update()))
        after = {role.id for role, _asks in held.roles() if role.id in role_ids}
        if before == after:
            return
        db.session.execute(delete(FactorRole))
        db.session.add_all(FactorRole(role_id=role_id) for role_id in sorted(after))
        journal.note(REQUIRED, by, now, origin, of=("role", ""), before=sorted(before), after=sorted(after))


def spend(person_id: int, login: str, given: str, origin: journal.Origin, now: datetime) -> bool:
    """Whether the code of the phone, or a recovery code, is right; it is never right twice."""
    given = _bare(given)
    with transaction():
        factor = db.session.get(Factor, person_id, with_for_update=True)
        if factor is None or factor.confirmed_at is None:
            return False
        step = _step(factor, given, now)
        if step is not None:
            factor.last_step = step
            return True
        used = update(RecoveryCode).where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_hash == _hash(person_id, given),
            RecoveryCode.used_at.is_(None),
        )
        recovered = db.session.execute(used.values(used_at=now).returning(RecoveryCode.used_at)).first() is not None
        if recovered:
            journal.note(RECOVERED, None, now, origin, login=login, of=("person", person_id))
        return recovered


def _prove(viewer: Viewer, code: str, origin: journal.Origin, now: datetime) -> None:
    counted = [Counted("factor", str(viewer.person_id))]
    attempts.let_through(counted, viewer.login, origin, now)
    with transaction():
        fits = spend(viewer.person_id, viewer.login, code, origin, now)
        if fits:
            attempts.succeeded(counted)
    if not fits:
        raise CodeDoesNotFit


def _step(factor: Factor, code: str, now: datetime) -> int | None:
    secret = open_sealed(factor.secret, ("factor.secret", factor.person_id))
    return totp.fitting_step(secret, code, now, after=factor.last_step)


def _fresh_codes(person_id: int) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(_CODES)]
    rows = [{"person_id": person_id, "code_hash": _hash(person_id, code)} for code in codes]
    db.session.execute(insert(RecoveryCode), rows)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _drop(person_id: int) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    db.session.execute(delete(Factor).where(Factor.person_id == person_id))


def _bare(code: str) -> str:
    """As it was meant: phones show 123 456, paper 8abc4-x9yzw."""
    return "".join(char for char in code.lower() if char.isalnum())


def _hash(person_id: int, code: str) -> bytes:
    return keyed_hash("recovery", f"{person_id}:{code}")
