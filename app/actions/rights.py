"""What every change of rights must leave behind: nobody holds what belongs apart, and somebody can still manage.

Clauses 12.13 and 7.4. Changes of rights happen one after another: two administrators could otherwise remove each
other in the same moment.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.base.refusal import Refusal
from app.models.db import db
from app.models.duties import conflict
from app.models.permission import PERMISSIONS
from app.models.person import MANAGE_PEOPLE
from app.models.role import CHANGE_ROLES
from app.models.viewer import AnyViewer

# Without somebody who holds these the rest could never be put right again.
_NEEDED = (MANAGE_PEOPLE.code, CHANGE_ROLES.code)


class OwnRights(Refusal):
    notice = _l("Nobody changes one's own rights. Ask a colleague who manages people.")
    status = 403


class BelongsApart(Refusal):
    notice = _l("“%(first)s” and “%(second)s” belong apart. %(why)s %(who)s would have both.")


class LastOne(Refusal):
    notice = _l("Nobody would be left with the right “%(right)s”. Give it to somebody else first.")


_LOCK = text("SELECT pg_advisory_xact_lock(7005)")
_HELD = text("""
    SELECT p.id, p.name, array_agg(DISTINCT rp.permission) AS rights
      FROM person p JOIN person_role pr ON pr.person_id = p.id JOIN role_permission rp USING (role_id)
     WHERE p.id = ANY(:people) AND p.deleted_at IS NULL GROUP BY p.id ORDER BY p.name
""")
_MANAGERS = text("""
    SELECT DISTINCT rp.permission
      FROM person p JOIN person_role pr ON pr.person_id = p.id JOIN role_permission rp USING (role_id)
     WHERE rp.permission = ANY(:needed) AND p.blocked_at IS NULL AND p.deleted_at IS NULL AND NOT p.technical
""")


@contextmanager
def upheld() -> Iterator[set[int]]:
    """Inside a transaction, around the change. Gives a set for the ids of those whose rights it touches.

    Raises BelongsApart, LastOne.
    """
    db.session.execute(_LOCK)
    before = _managed()
    touched: set[int] = set()
    yield touched
    db.session.flush()
    check_apart(touched)
    for code in before - _managed():
        raise LastOne(right=PERMISSIONS[code].label)


def check_not_own(by: AnyViewer, person_id: int) -> None:
    """Raises OwnRights."""
    if by.person_id == person_id:
        raise OwnRights


def check_apart(people: Collection[int]) -> None:
    """Raises BelongsApart for the first of them who holds a pair."""
    for person in db.session.execute(_HELD, {"people": list(people)}):
        refuse_pair(person.rights, person.name)


def refuse_pair(rights: Collection[str], who: Any) -> None:
    """Raises BelongsApart when these rights hold a pair; `who` is a person's name, or a role's."""
    if pair := conflict(rights):
        raise BelongsApart(first=pair.first.label, second=pair.second.label, why=pair.why, who=who)


def _managed() -> set[str]:
    return set(db.session.scalars(_MANAGERS, {"needed": list(_NEEDED)}))
