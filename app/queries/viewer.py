"""Who is looking: session, person, roles and groups in one statement."""

from datetime import datetime

from sqlalchemy import text

from app.models.db import db
from app.models.permission import Scope
from app.models.session import token_hash
from app.models.viewer import Viewer

_WIDER = {Scope.OWN: 0, Scope.GROUPS: 1, Scope.ALL: 2}

_VIEWER = text("""
    SELECT p.id, p.login, p.name, p.locale, p.theme, p.must_change_password, s.id AS session_id, s.seen_at,
           (SELECT array_agg(rp.permission || ' ' || rp.scope)
              FROM person_role pr JOIN role_permission rp USING (role_id) WHERE pr.person_id = p.id) AS rights,
           (SELECT array_agg(gm.group_id) FROM group_member gm WHERE gm.person_id = p.id) AS groups
      FROM session s JOIN person p ON p.id = s.person_id
     WHERE s.token_hash = :token_hash AND s.ended_at IS NULL
       AND p.blocked_at IS NULL AND p.deleted_at IS NULL
       AND s.seen_at > :idle_since AND s.started_at > :absolute_since
""")


def of_session(token: str, *, idle_since: datetime, absolute_since: datetime) -> Viewer | None:
    """The viewer behind a session's token, or None when it ended, idled out or its person may not sign in."""
    row = db.session.execute(
        _VIEWER, {"token_hash": token_hash(token), "idle_since": idle_since, "absolute_since": absolute_since}
    ).one_or_none()
    if row is None:
        return None
    return Viewer(
        person_id=row.id,
        login=row.login,
        name=row.name,
        locale=row.locale,
        theme=row.theme,
        session_id=row.session_id,
        must_change_password=row.must_change_password,
        seen_at=row.seen_at,
        rights=_widest(row.rights or ()),
        groups=frozenset(row.groups or ()),
    )


def _widest(rights: list[str] | tuple[str, ...]) -> dict[str, Scope]:
    """Of several roles that give one permission, the widest scope counts."""
    found: dict[str, Scope] = {}
    for right in rights:
        code, _, scope = right.rpartition(" ")
        if code not in found or _WIDER[Scope(scope)] > _WIDER[found[code]]:
            found[code] = Scope(scope)
    return found
