"""Who may do something: the people a permission reaches, for telling them."""

from sqlalchemy import text

from app.models.db import db
from app.models.permission import Permission

_HAVE = text("""
    SELECT DISTINCT p.id
      FROM person p JOIN person_role pr ON pr.person_id = p.id JOIN role_permission rp USING (role_id)
     WHERE rp.permission = :permission AND p.blocked_at IS NULL AND p.deleted_at IS NULL AND NOT p.technical
     ORDER BY p.id
""")

_EVERYBODY = text("""
    SELECT id FROM person WHERE blocked_at IS NULL AND deleted_at IS NULL AND NOT technical ORDER BY id
""")


def everybody() -> list[int]:
    """All who may sign in."""
    return list(db.session.scalars(_EVERYBODY))


def permission(permission: Permission) -> list[int]:
    """Everybody with the permission who may sign in."""
    return list(db.session.scalars(_HAVE, {"permission": permission.code}))
