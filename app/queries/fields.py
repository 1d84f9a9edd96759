"""A field as one viewer may see it: whole with the right for it, masked without (clause 15.5)."""

from collections.abc import Collection
from dataclasses import dataclass

from app.models.field import FIELDS
from app.models.permission import Scope
from app.models.viewer import AnyViewer


@dataclass(frozen=True)
class Whose:
    """Who serves the record, or whose it is, and which groups that one stands in."""

    person_id: int | None = None
    groups: Collection[int] = ()


NOBODYS = Whose()


def shown(viewer: AnyViewer, kind: str, value: str | None, whose: Whose = NOBODYS) -> str:
    """The value, or its mask. "" stays "". `kind`: phone, email, document, account, address."""
    if not value:
        return ""
    field = FIELDS[kind]
    return field.whole(value) if may_see(viewer, kind, whose) else field.mask(value)


def may_see(viewer: AnyViewer, kind: str, whose: Whose = NOBODYS) -> bool:
    scope = viewer.scope(FIELDS[kind].permission)
    own = whose.person_id is not None and whose.person_id == viewer.person_id
    if scope is Scope.GROUPS:
        return own or not set(whose.groups).isdisjoint(viewer.groups)
    return scope is Scope.ALL or scope is Scope.OWN and own
