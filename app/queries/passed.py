"""Why not the others: everybody at work who had no hand free when a chat was given, counted by the reason."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import text

from app.models.db import db
from app.models.dispatch import NAMED, Not, Passed, Waiting, Way
from app.queries import candidates, hrm

# The reasons in the order of `candidates.choose`. Whoever has none of them was not among those with a free hand.
_ORDER = (
    Not.STATUS, Not.ABSENT, Not.SCHEDULE, Not.LANGUAGE, Not.SKILL, Not.GROUP, Not.REFUSED, Not.ASKED, Not.FULL,
)  # fmt: skip
# By their numbers: a thousand words would be sorted by the rules of a language.
_OTHERS = text(f"""
    SELECT reason, count(*) AS many, (array_agg(person_id ORDER BY person_id))[1:{NAMED}] AS nearest FROM (
      SELECT s.person_id, CASE
               WHEN s.status_id <> ALL(ARRAY(SELECT id FROM work_status WHERE takes_new_chats)) THEN 0
               WHEN s.person_id = ANY(:absent) THEN 1
               WHEN s.person_id = ANY(:unplanned) THEN 2
               WHEN CAST(:written AS text[]) IS NOT NULL AND s.person_id NOT IN (
                      SELECT person_id FROM person_language WHERE language = ANY(CAST(:written AS text[]))) THEN 3
               WHEN CAST(:skills AS bigint[]) <> '{{}}' AND NOT CAST(:skills AS bigint[]) <@ ARRAY(
                      SELECT skill_id FROM person_skill k WHERE k.person_id = s.person_id) THEN 4
               WHEN CAST(:groups AS bigint[]) IS NOT NULL AND s.person_id NOT IN (
                      SELECT person_id FROM group_member WHERE group_id = ANY(CAST(:groups AS bigint[]))) THEN 5
               WHEN s.person_id = ANY(:refused) THEN 6
               WHEN s.person_id = ANY(ARRAY(
                      SELECT offered_to FROM standing WHERE offered_to IS NOT NULL AND offered_how = 'offer'
                         AND offered_until > :now)) THEN 7
               ELSE 8 END AS reason
        FROM status_span s
       WHERE s.ended_at IS NULL AND s.person_id <> ALL(CAST(:known AS bigint[]))
         AND s.person_id IN (SELECT person_id FROM seat)
         AND s.person_id NOT IN (SELECT id FROM person WHERE blocked_at IS NOT NULL OR deleted_at IS NOT NULL)
         AND s.person_id IN (SELECT person_id FROM person_role WHERE role_id = ANY(ARRAY(
               SELECT role_id FROM role_permission WHERE permission = 'chats.answer')))
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
        "written": None if chat.language is None or candidates.any_language(chat, now) else _written(chat.language),
        "skills": list(chat.skill_ids),
        "groups": None if groups is None else list(groups),
        "refused": list(chat.refused_ids),
    }
    return [Passed(_ORDER[row.reason], row.many, row.nearest) for row in db.session.execute(_OTHERS, values)]


def _written(language: str) -> list[str]:
    """Whoever writes Russian in Latin letters, or is said to speak it, speaks Russian."""
    return [language, "ru_Latn"] if language == "ru" else [language]
