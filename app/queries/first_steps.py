"""What stands and what is missing before the first client may write."""

from dataclasses import dataclass

from sqlalchemy import text

from app.models.db import db

_STANDING = text("""
    SELECT (SELECT count(*) FROM channel WHERE enabled) AS channels,
           (SELECT count(*) FROM person WHERE deleted_at IS NULL AND NOT demo) AS people,
           (SELECT count(*) FROM person WHERE deleted_at IS NULL AND demo) AS demo_people,
           (SELECT count(*) FROM staff_group WHERE archived_at IS NULL) AS groups,
           (SELECT count(*) FROM group_member JOIN staff_group g ON g.id = group_id
             WHERE g.archived_at IS NULL) AS members,
           (SELECT count(*) FROM topic WHERE archived_at IS NULL) AS topics,
           (SELECT count(*) FROM work_status WHERE archived_at IS NULL) AS statuses,
           (SELECT count(*) FROM business_hours WHERE archived_at IS NULL) AS hours
""")


@dataclass(frozen=True)
class Standing:
    """How many of each there are."""

    channels: int
    people: int
    demo_people: int
    groups: int
    members: int
    topics: int
    statuses: int
    hours: int


def standing() -> Standing:
    return Standing(**db.session.execute(_STANDING).one()._mapping)
