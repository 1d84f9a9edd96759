"""To whom a chat can be handed: colleagues who may answer clients, and groups."""

from dataclasses import dataclass

from sqlalchemy import text

from app.models.db import db

_MOST = 500


@dataclass(frozen=True)
class Colleague:
    id: int
    name: str
    languages: list[str]
    chats: int
    at_work: bool = True


@dataclass(frozen=True)
class GroupOption:
    id: int
    names: dict[str, str]


_COLLEAGUES = text(f"""
    SELECT p.id, p.name,
           coalesce((SELECT array_agg(l.language ORDER BY l.language) FROM person_language l WHERE l.person_id = p.id),
                    '{{}}') AS languages,
           (SELECT count(*) FROM standing s WHERE s.owner_id = p.id) AS chats,
           EXISTS (SELECT 1 FROM status_span d WHERE d.person_id = p.id AND d.ended_at IS NULL) AS at_work
      FROM person p
     WHERE p.blocked_at IS NULL AND p.deleted_at IS NULL AND p.id IS DISTINCT FROM :but
       AND EXISTS (SELECT 1 FROM person_role pr JOIN role_permission rp USING (role_id)
                    WHERE pr.person_id = p.id AND rp.permission = 'chats.answer')
     ORDER BY at_work DESC, p.name LIMIT {_MOST}
""")  # noqa: S608 - a number of ours
_GROUPS = text("SELECT id, names FROM staff_group WHERE archived_at IS NULL ORDER BY position, id")


def colleagues(but: int | None) -> list[Colleague]:
    """Everyone who may answer, except the present owner; how many chats each has now."""
    return [Colleague(*row) for row in db.session.execute(_COLLEAGUES, {"but": but})]


def groups() -> list[GroupOption]:
    return [GroupOption(*row) for row in db.session.execute(_GROUPS)]
