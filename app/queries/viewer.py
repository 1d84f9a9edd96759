"""Who is looking: session, person, roles and groups in one statement."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text

from app.models.db import db
from app.models.permission import Scope
from app.models.session import STRICT, token_hash
from app.models.viewer import Viewer

_WIDER = {Scope.OWN: 0, Scope.GROUPS: 1, Scope.ALL: 2}

# Demonstration people are spared what a bank asks of its own: a new password, a second factor.
_VIEWER = text("""
    SELECT p.id, p.login, p.name, p.locale, p.theme, p.sounds, p.undo, p.ctrl_sends, s.id AS session_id, s.seen_at,
           NOT p.demo AND (p.must_change_password OR p.password_set_at < :password_since) AS must_change_password,
           NOT p.demo AND EXISTS (SELECT FROM person_role JOIN factor_role USING (role_id) WHERE person_id = p.id)
             AND NOT EXISTS (SELECT FROM factor WHERE person_id = p.id AND confirmed_at IS NOT NULL) AS must_enrol,
           s.rights_at > coalesce(s.renewed_at, s.started_at) AS renew,
           (SELECT array_agg(rp.permission || ' ' || rp.scope)
              FROM person_role pr JOIN role_permission rp USING (role_id) WHERE pr.person_id = p.id) AS rights,
           (SELECT array_agg(gm.group_id) FROM group_member gm WHERE gm.person_id = p.id) AS groups
      FROM session s JOIN person p ON p.id = s.person_id
     WHERE (s.token_hash = :token_hash OR s.old_token_hash = :token_hash AND s.old_until > :now)
       AND s.ended_at IS NULL AND p.blocked_at IS NULL AND p.deleted_at IS NULL
       AND s.seen_at > :idle_since AND s.started_at > :absolute_since
""")


def of_session(
    token: str,
    *,
    idle_since: datetime,
    absolute_since: datetime,
    strict_since: datetime | None = None,
    password_since: datetime | None = None,
    now: datetime | None = None,
) -> Viewer | None:
    """The viewer behind a session's token, or None when it ended, idled out or its person may not sign in.

    `strict_since`: the idle limit of administrators; `password_since`: older passwords must be changed;
    `now`: lets a token that has just been replaced pass for its last moments.
    """
    row = db.session.execute(
        _VIEWER,
        {
            "token_hash": token_hash(token),
            "idle_since": idle_since,
            "absolute_since": absolute_since,
            "password_since": password_since,
            "now": now,
        },
    ).one_or_none()
    if row is None:
        return None
    rights = _widest(row.rights or ())
    if strict_since is not None and row.seen_at <= strict_since and is_strict(rights):
        return None
    return Viewer(
        person_id=row.id,
        login=row.login,
        name=row.name,
        locale=row.locale,
        theme=row.theme,
        session_id=row.session_id,
        must_change_password=bool(row.must_change_password),
        seen_at=row.seen_at,
        rights=rights,
        groups=frozenset(row.groups or ()),
        must_enrol=row.must_enrol,
        sounds=row.sounds,
        undo=row.undo,
        ctrl_sends=row.ctrl_sends,
        renew=bool(row.renew),
    )


def is_strict(rights: Mapping[str, Scope]) -> bool:
    """Whether the stricter limits of administrators hold."""
    return not rights.keys().isdisjoint(STRICT)


def _widest(rights: list[str] | tuple[str, ...]) -> dict[str, Scope]:
    """Of several roles that give one permission, the widest scope counts."""
    found: dict[str, Scope] = {}
    for right in rights:
        code, _, scope = right.rpartition(" ")
        if code not in found or _WIDER[Scope(scope)] > _WIDER[found[code]]:
            found[code] = Scope(scope)
    return found
