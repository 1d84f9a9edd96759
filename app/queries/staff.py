"""Whose work and whose seat somebody may look after, by his scope of managing chats (clauses 7.5, 14.3)."""

from collections.abc import Collection

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.base.refusal import Refusal
from app.models.chat import MANAGE
from app.models.db import db
from app.models.permission import Scope
from app.models.person import MANAGE_PEOPLE
from app.models.viewer import AnyViewer
from app.queries.visible import in_scope


class NotYourPeople(Refusal):
    notice = _l("%(name)s is in none of your groups. Ask a supervisor of the groups of this person.")
    status = 403


class NotYourGroup(Refusal):
    notice = _l("This is none of your groups. Ask its supervisor.")
    status = 403


_SUPERVISED = text("""
    SELECT DISTINCT person_id FROM group_member WHERE person_id = ANY(:people) AND group_id = ANY(:groups)
""")
_NAME = text("SELECT name FROM person WHERE id = :id")


def supervised(viewer: AnyViewer, people: Collection[int]) -> set[int]:
    """Those whose work the viewer may direct, by his scope of managing: all, who shares a group with him, nobody."""
    match viewer.scope(MANAGE):
        case Scope.ALL:
            return set(people)
        case Scope.GROUPS:
            values = {"people": list(people), "groups": sorted(viewer.groups)}
            return set(db.session.scalars(_SUPERVISED, values))
    return set()


def must_supervise(viewer: AnyViewer, person_id: int) -> None:
    """Raises NotYourPeople."""
    _must_reach(person_id, supervised(viewer, [person_id]))


def looked_after(viewer: AnyViewer, people: Collection[int]) -> set[int]:
    """Those whose seats the viewer may see and free: everybody for whoever manages accounts, else the supervised."""
    return set(people) if viewer.may(MANAGE_PEOPLE) else supervised(viewer, people)


def must_look_after(viewer: AnyViewer, person_id: int) -> None:
    """Raises NotYourPeople."""
    _must_reach(person_id, looked_after(viewer, [person_id]))


def must_manage_group(viewer: AnyViewer, group_id: int) -> None:
    """Raises NotYourGroup."""
    if not in_scope(viewer, MANAGE, group_id):
        raise NotYourGroup


def _must_reach(person_id: int, reached: Collection[int]) -> None:
    if person_id not in reached:
        raise NotYourPeople(name=db.session.scalar(_NAME, {"id": person_id}) or "–")
