"""Roles of the bank: made, changed, deleted (clauses 7.4, 12.13). Rights take effect at once, also on open pages."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.actions import journal, sessions
from app.actions.list_values import NotAccepted
from app.actions.rights import refuse_pair, upheld
from app.base.refusal import Refusal
from app.models.db import db, transaction
from app.models.journal import declare as declare_kind
from app.models.kinds import Names, Unfit
from app.models.names import pick
from app.models.permission import PERMISSIONS, Scope
from app.models.role import Role, RolePermission
from app.models.viewer import AnyViewer
from app.queries import roles as known

CREATED = declare_kind("role.created", _l("Role created"))
CHANGED = declare_kind("role.changed", _l("Role changed"))
DELETED = declare_kind("role.deleted", _l("Role deleted"))


class OwnRole(Refusal):
    notice = _l("You have this role yourself, and nobody changes one's own rights. A colleague may do it.")
    status = 403


class RoleHeld(Refusal):
    notice = _l("This role is in use: %(who)s. Give these people another role first.")


class ReadyRole(Refusal):
    notice = _l("A ready role may be edited, but not deleted.")


class NoSuchRole(Refusal):
    notice = _l("There is no such role any more.")
    status = 404


def create(
    names: Mapping[str, str], rights: Mapping[str, str], by: AnyViewer, origin: journal.Origin, now: datetime
) -> Role:
    """Rights are scopes by the code of the permission. Raises NotAccepted, BelongsApart."""
    accepted, given = _names(names, None), fitting(rights)
    with journal.attempt(CREATED, by, now, origin, of=("role", "")), transaction():
        refuse_pair(given, pick(accepted, "ru"))
        role = Role(names=accepted, permissions=_permissions(given))
        db.session.add(role)
        db.session.flush()
        journal.note(CREATED, by, now, origin, of=("role", role.id), after={"names": accepted, "rights": given})
    return role


def change(
    role_id: int,
    names: Mapping[str, str],
    rights: Mapping[str, str],
    by: AnyViewer,
    origin: journal.Origin,
    now: datetime,
) -> None:
    """Raises NotAccepted, OwnRole, BelongsApart, LastOne, NoSuchRole."""
    accepted, given = _names(names, role_id), fitting(rights)
    with journal.attempt(CHANGED, by, now, origin, of=("role", role_id)), transaction(), upheld() as touched:
        role = _locked(role_id)
        before, after = _told(role), {"names": accepted, **_words(given)}
        changed = [key for key in before | after if before.get(key) != after.get(key)]
        if not changed:
            return
        holders = known.holders(role_id)
        if by.person_id in {person.id for person in holders}:
            raise OwnRole
        refuse_pair(given, pick(accepted, "ru"))
        role.names = accepted
        _give(role, given)
        touched.update(person.id for person in holders)
        journal.note(
            CHANGED,
            by,
            now,
            origin,
            of=("role", role_id),
            before={key: before.get(key) for key in changed},
            after={key: after.get(key) for key in changed},
        )
        for person in holders:
            sessions.rights_changed(person.id, now)


def delete(role_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Raises ReadyRole, RoleHeld, NoSuchRole."""
    with journal.attempt(DELETED, by, now, origin, of=("role", role_id)), transaction(), upheld():
        role = _locked(role_id)
        if role.code is not None:
            raise ReadyRole
        if holders := known.holders(role_id):
            raise RoleHeld(who=", ".join(person.name for person in holders[:10]))
        journal.note(DELETED, by, now, origin, of=("role", role_id), before=_told(role))
        db.session.delete(role)


def fitting(rights: Mapping[str, str]) -> dict[str, str]:
    """Only permissions that are declared, each with a scope it can have."""
    given = {}
    for code, scope in rights.items():
        permission = PERMISSIONS.get(code)
        if permission is not None and scope in set(Scope):
            given[code] = scope if permission.scoped else Scope.ALL.value
    return given


def _names(entered: Mapping[str, str], role_id: int | None) -> dict[str, str]:
    try:
        names: dict[str, str] = Names().read(entered)
    except Unfit as unfit:
        raise NotAccepted({f"names.{part}": said for part, said in unfit.errors.items()}) from unfit
    for other in db.session.scalars(select(Role).where(Role.id != (role_id or 0))):
        for code, name in names.items():
            if other.names.get(code, "").casefold() == name.casefold():
                raise NotAccepted({f"names.{code}": _("There is already an entry with this name")})
    return names


def _locked(role_id: int) -> Role:
    role = db.session.get(Role, role_id, with_for_update=True, populate_existing=True)
    if role is None:
        raise NoSuchRole
    return role


def _give(role: Role, given: Mapping[str, str]) -> None:
    kept = [one for one in role.permissions if one.permission in given]
    for one in kept:
        one.scope = given[one.permission]
    there = {one.permission for one in kept}
    role.permissions = kept + _permissions({code: scope for code, scope in given.items() if code not in there})


def _permissions(given: Mapping[str, str]) -> list[RolePermission]:
    return [RolePermission(permission=code, scope=scope) for code, scope in sorted(given.items())]


def _told(role: Role) -> dict[str, object]:
    return {"names": role.names, **_words(role.rights)}


def _words(rights: Mapping[str, str]) -> dict[str, object]:
    return {"rights": dict(sorted(rights.items()))}
