"""How busy people are: open chats by what their channel counts for, and what is offered; not what is set aside."""

from datetime import datetime

from sqlalchemy import text

from app.models.db import db

# A common table expression `load`; needs :now. Only channels that count for more or less than one chat are looked up:
# most banks have none, and then the table of identities is not read.
LOADS = """load AS (
      SELECT w.person_id, CAST(sum(coalesce(h.weight, 10)) AS float8) / 10 AS load
        FROM (SELECT owner_id AS person_id, identity_id FROM standing WHERE owner_id IS NOT NULL AND snooze IS NULL
              UNION ALL
              SELECT offered_to, identity_id FROM standing WHERE offered_to IS NOT NULL AND offered_until > :now) w
        LEFT JOIN (SELECT i.id, c.weight FROM channel c JOIN identity i ON i.channel_id = c.id WHERE c.weight <> 10) h
               ON h.id = w.identity_id
       GROUP BY w.person_id)"""

# The same of one person, for a list of columns; needs :person_id and :now.
LOAD_OF = """
    SELECT CAST(coalesce(sum(h.weight), 0) AS float8) / 10
      FROM (SELECT identity_id FROM standing WHERE owner_id = :person_id AND snooze IS NULL
            UNION ALL
            SELECT identity_id FROM standing WHERE offered_to = :person_id AND offered_until > :now) w
      JOIN identity i ON i.id = w.identity_id JOIN channel h ON h.id = i.channel_id
"""
_OF = text(LOAD_OF)


def of(person_id: int, now: datetime) -> float:
    """The load of one person; a plain chat is 1."""
    return float(db.session.scalar(_OF, {"person_id": person_id, "now": now}) or 0)
