"""Whom a waiting chat can be given to, and why not the others (clauses 1.4, 5.1).

People are read in one statement; the choice itself is made here, so that it can be explained and previewed. To give a
chat, only those with a hand free are read, few of a thousand at work; queries/passed.py tells why not the others.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import TextClause, text

from app.models.db import db
from app.models.dispatch import Candidate, Choice, How, Not, Waiting, Way
from app.queries import dispatching, hrm, settings
from app.queries.load import LOADS

# What is slow to find out is asked only of those whom the step before leaves. OFFSET 0: of each of them by index, and
# not of everybody for a join.
_PEOPLE = f"""
    WITH {LOADS}, at_work AS MATERIALIZED (
      SELECT s.person_id, s.status_id, s.began_at, coalesce(o.load, 0) AS load
        FROM status_span s LEFT JOIN load o ON o.person_id = s.person_id
       WHERE s.ended_at IS NULL AND {{which}}
    ), people AS MATERIALIZED (
      SELECT a.person_id, a.began_at, a.load, w.takes_new_chats, p.name, coalesce(p.capacity, :usual) AS capacity
        FROM at_work a JOIN work_status w ON w.id = a.status_id
        JOIN person p ON p.id = a.person_id AND p.blocked_at IS NULL AND p.deleted_at IS NULL
       WHERE {{room}} AND EXISTS (SELECT FROM seat WHERE seat.person_id = a.person_id OFFSET 0)
         AND EXISTS (SELECT FROM person_role pr JOIN role_permission rp USING (role_id)
                      WHERE pr.person_id = a.person_id AND rp.permission = 'chats.answer' OFFSET 0)
    )
    SELECT b.*,
           ARRAY(SELECT CASE WHEN language = 'ru_Latn' THEN 'ru' ELSE language END
                   FROM person_language l WHERE l.person_id = b.person_id) AS languages,
           ARRAY(SELECT skill_id FROM person_skill k WHERE k.person_id = b.person_id) AS skills,
           ARRAY(SELECT group_id FROM group_member g WHERE g.person_id = b.person_id) AS groups,
           (SELECT max(ended_at) FROM assignment a WHERE a.person_id = b.person_id AND ended_at IS NOT NULL)
             AS idle_since,
           (SELECT max(began_at) FROM assignment a WHERE a.person_id = b.person_id) AS given_at,
           b.person_id = ANY(ARRAY(SELECT offered_to FROM standing WHERE offered_to IS NOT NULL
                                      AND offered_how = 'offer' AND offered_until > :now)) AS asked
      FROM people b
"""  # noqa: S608 - our own words
_POOL = text(_PEOPLE.format(which="s.person_id IS DISTINCT FROM CAST(:but AS bigint)", room="true"))
# Whoever holds as many as the one with the most room may hold has no hand free, whatever his own number is.
_FREE = text(
    _PEOPLE.format(
        which="""s.status_id = ANY(ARRAY(SELECT id FROM work_status WHERE takes_new_chats)) AND coalesce(o.load, 0)
              < (SELECT greatest(max(capacity), CAST(:usual AS integer)) FROM person)""",
        room="a.load < coalesce(p.capacity, CAST(:usual AS integer))",
    )
)
_THESE = text(_PEOPLE.format(which="s.person_id = ANY(:ids)", room="true"))
_WAYS = text("SELECT id, method, last_operator_hours, wider_ids FROM staff_group")


def pool(now: datetime, but: int | None = None) -> list[Candidate]:
    """Everybody at work with a seat, and how busy; `but`: without this person."""
    return _people(_POOL, now, but=but)


def free_now(now: datetime) -> list[Candidate]:
    """Those at work who may be given one more at this moment."""
    return [one for one in _people(_FREE, now) if one.free]


def these(ids: Collection[int], now: datetime) -> list[Candidate]:
    """Those of these people who are at work with a seat."""
    return _people(_THESE, now, ids=list(ids)) if ids else []


def _people(statement: TextClause, now: datetime, **which: Any) -> list[Candidate]:
    away = hrm.away(now)
    values = {"now": now, "usual": settings.value(dispatching.CAPACITY), **which}
    return [
        Candidate(
            person_id=row.person_id,
            name=row.name,
            takes_new=row.takes_new_chats,
            languages=frozenset(row.languages),
            skills=frozenset(row.skills),
            groups=frozenset(row.groups),
            load=float(row.load),
            capacity=row.capacity,
            idle_since=max(filter(None, (row.idle_since, row.began_at))),
            given_at=row.given_at,
            asked=row.asked,
            away=away.get(row.person_id),
        )
        for row in db.session.execute(statement, values)
    ]


def ways() -> dict[int, Way]:
    """How each group's chats are given."""
    return {
        row.id: Way(How(row.method), row.last_operator_hours, frozenset(row.wider_ids))
        for row in db.session.execute(_WAYS)
    }


def usual() -> Way:
    """How chats without a group are given."""
    return Way(last_operator_hours=settings.value(dispatching.LAST_OPERATOR))


def choose(chat: Waiting, people: Sequence[Candidate], ways: Mapping[int, Way], now: datetime) -> Choice:
    """The best one of these people for the chat; nobody when none of them can."""
    way = ways.get(chat.group_id or 0) or usual()
    foreign, groups = any_language(chat, now), groups_asked(chat, way)
    passed = {one.person_id: reason for one in people if (reason := _why_not(chat, one, groups, foreign))}
    free = [one for one in people if one.person_id not in passed]
    if not free:
        free = _once_more(chat, people, passed, now)
    if foreign and (same := [one for one in free if speaks(one, chat.language)]):
        free = same
    chosen, how = _best(chat, free, way, passed, now)
    if chosen is None:
        return Choice(None, None, passed)
    passed.pop(chosen.person_id, None)
    later = {one.person_id: Not.LATER for one in free if one is not chosen}
    return Choice(chosen.person_id, how, passed | later, not speaks(chosen, chat.language))


def anybody(chat: Waiting, free: Iterable[Candidate], ways: Mapping[int, Way], now: datetime) -> bool:
    """Whether it is worth choosing: nearly all are busy most of the time, and a choice looks at each of them."""
    foreign, groups = any_language(chat, now), groups_asked(chat, ways.get(chat.group_id or 0) or usual())
    return any(one.free and _why_not(chat, one, groups, foreign) in (None, Not.REFUSED) for one in free)


def reserve(
    chat: Waiting, people: Sequence[Candidate], ways: Mapping[int, Way], now: datetime, *, asks: bool = False
) -> Choice:
    """Choose, and count the chat as the chosen one's from here on: for several chats one after the other.

    `asks`: it is only offered, and nobody is asked about two chats at once.
    """
    choice = choose(chat, people, ways, now)
    for one in people:
        if one.person_id == choice.person_id:
            one.load += chat.weight
            one.given_at = now
            one.asked = asks
    return choice


def serves(chat: Waiting, one: Candidate) -> bool:
    """Whether the person has what the chat asks for, busy or not, of whatever group."""
    return speaks(one, chat.language) and chat.skill_ids <= one.skills


def speaks(one: Candidate, language: str | None) -> bool:
    return language is None or language in one.languages


def groups_asked(chat: Waiting, way: Way) -> frozenset[int] | None:
    """Level 0 asks the group, 1 the next groups as well, 2 everybody (None); who is wished for is always asked."""
    if chat.group_id is None or chat.level >= 2 or chat.level == 1 and not way.wider_ids:
        return None
    return frozenset({chat.group_id}) | (way.wider_ids if chat.level == 1 else frozenset())


def any_language(chat: Waiting, now: datetime) -> bool:
    """Whether another language may answer by now."""
    since = dispatching.foreign_since(now)
    return since is not None and chat.language is not None and chat.queued_at <= since


def _why_not(chat: Waiting, one: Candidate, groups: frozenset[int] | None, foreign: bool) -> Not | None:
    if not one.takes_new:
        return Not.STATUS
    if one.away:
        return one.away
    if not (foreign or speaks(one, chat.language)):
        return Not.LANGUAGE
    if not chat.skill_ids <= one.skills:
        return Not.SKILL
    if not (groups is None or groups & one.groups or chat.wished_id == one.person_id):
        return Not.GROUP
    if one.person_id in chat.refused_ids:
        return Not.REFUSED
    if one.asked:
        return Not.ASKED
    return None if one.fits(chat.weight) else Not.FULL


def _once_more(chat: Waiting, people: Iterable[Candidate], passed: Mapping[int, Not], now: datetime) -> list[Candidate]:
    """Who has let it pass is asked again when there is nobody else, and not at once."""
    pause = timedelta(seconds=settings.value(dispatching.OFFER_SECONDS))
    if chat.traced_at is not None and chat.traced_at > now - pause:
        return []
    again = [one for one in people if passed[one.person_id] is Not.REFUSED and one.fits(chat.weight)]
    return sorted(again, key=lambda one: chat.refused_ids.index(one.person_id))[:1]


def _best(
    chat: Waiting, free: list[Candidate], way: Way, passed: Mapping[int, Not], now: datetime
) -> tuple[Candidate | None, How | None]:
    for one in free:
        if one.person_id == chat.wished_id:
            return one, How.WISHED
    if passed.get(chat.wished_id or 0) is Not.FULL and chat.queued_at > now - dispatching.wished_for():
        return None, None  # he is at work: it waits a moment for his free hand
    if _recent(chat, way, now):
        for one in free:
            if one.person_id == chat.last_person_id:
                return one, How.LAST
    return (min(free, key=_ORDERS[way.method]), way.method) if free else (None, None)


def _recent(chat: Waiting, way: Way, now: datetime) -> bool:
    return chat.last_at is not None and chat.last_at > now - timedelta(hours=way.last_operator_hours)


def _moment(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


_ORDERS = {
    How.LEAST_BUSY: lambda one: (one.load / one.capacity, _moment(one.given_at), one.person_id),
    How.LONGEST_IDLE: lambda one: (one.load > 0, _moment(one.idle_since), one.person_id),
    How.ROUND_ROBIN: lambda one: (_moment(one.given_at), one.person_id),
}
