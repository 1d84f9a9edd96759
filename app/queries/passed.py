"""Why not the others: everybody at work who had no hand free when a chat was given, counted by the reason."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import text

from app.models.db import db
from app.models.dispatch import NAMED, Not, Passed, Waiting, Way
from app.queries import candidates, hrm

# The reasons in the order of `candidates.choose`. Whoever has none of them was not among those with a free hand.
_OTHERS = text(f"""
    SELECT reason, count(*) AS many, (array_agg(person_id ORDER BY person_id))[1:{NAMED}] AS nearest FROM (
      SELECT s.person_id, CASE
               WHEN NOT w.takes_new_chats THEN 'status'
               WHEN s.person_id = ANY(:absent) THEN 'absent'
               WHEN s.person_id = ANY(:unplanned) THEN 'schedule'
               WHEN CAST(:language AS text) IS NOT NULL AND s.person_id NOT IN (
                      SELECT person_id FROM person_language
                       WHERE CASE WHEN language = 'ru_Latn' THEN 'ru' ELSE language END = :language) THEN 'language'
               WHEN CAST(:skills AS bigint[]) <> '{{}}' AND NOT CAST(:skills AS bigint[]) <@ ARRAY(
                      SELECT skill_id FROM person_skill k WHERE k.person_id = s.person_id) THEN 'skill'
               WHEN CAST(:groups AS bigint[]) IS NOT NULL AND s.person_id NOT IN (
                      SELECT person_id FROM group_member WHERE group_id = ANY(CAST(:groups AS bigint[]))) THEN 'group'
               WHEN s.person_id = ANY(:refused) THEN 'refused'
               WHEN s.person_id = ANY(ARRAY(
                      SELECT offered_to FROM standing WHERE offered_to IS NOT NULL AND offered_how = 'offer'
                         AND offered_until > :now)) THEN 'asked'
               ELSE 'full' END AS reason
        FROM status_span s JOIN work_status w ON w.id = s.status_id
        JOIN person p ON p.id = s.person_id AND p.blocked_at IS NULL AND p.deleted_at IS NULL
       WHERE s.ended_at IS NULL AND s.person_id NOT IN (SELECT unnest(CAST(:known AS bigint[])))
         AND s.person_id IN (SELECT person_id FROM seat)
         AND s.person_id IN (SELECT pr.person_id FROM person_role pr JOIN role_permission rp USING (role_id)
                              WHERE rp.permission = 'chats.answer')
    ) AS others GROUP BY reason
""")  # noqa: S608 - a number of ours


def others(chat: Waiting, ways: Mapping[int, Way], known: Collection[int], now: datetime) -> list[Passed]:
    """Of everybody at work but the `known`, of whom the choice itself tells."""
    groups = candidates.groups_asked(chat, ways.get(chat.group_id or 0) or Way())
    away = hrm.away(now)
    values = {
        "now": now,
        "known": list(known),
        "absent": [one for one, why in away.items() if why is Not.ABSENT],
        "unplanned": [one for one, why in away.items() if why is Not.SCHEDULE],
        "language": None if candidates.any_language(chat, now) else chat.language,
        "skills": list(chat.skill_ids),
        "groups": None if groups is None else list(groups),
        "refused": list(chat.refused_ids),
    }
    return [Passed(Not(row.reason), row.many, row.nearest) for row in db.session.execute(_OTHERS, values)]
