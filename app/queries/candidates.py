"""Whom a waiting chat can be given to, and why not the others (clauses 1.4, 5.1).

Everybody at work is read in one statement; the choice itself is made here, so that it can be explained and previewed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from app.models.db import db
from app.models.dispatch import Candidate, Choice, How, Not, Waiting, Way
from app.queries import dispatching, hrm, settings
from app.queries.load import LOADS

_POOL = text(f"""
    WITH {LOADS}
    SELECT p.id, p.name, w.takes_new_chats, l.languages, k.skills, g.groups, coalesce(o.load, 0) AS load, p.capacity,
           (SELECT max(ended_at) FROM assignment a WHERE a.person_id = p.id AND ended_at IS NOT NULL) AS idle_since,
           (SELECT max(began_at) FROM assignment a WHERE a.person_id = p.id) AS given_at, s.began_at,
           EXISTS (SELECT 1 FROM standing f WHERE f.offered_to = p.id AND f.offered_how = 'offer'
                      AND f.offered_until > :now) AS asked
      FROM status_span s
      JOIN work_status w ON w.id = s.status_id
      JOIN person p ON p.id = s.person_id AND p.blocked_at IS NULL AND p.deleted_at IS NULL
      JOIN seat ON seat.person_id = p.id
      LEFT JOIN load o ON o.person_id = p.id
      LEFT JOIN (SELECT person_id, array_agg(CASE WHEN language = 'ru_Latn' THEN 'ru' ELSE language END) AS languages
                   FROM person_language GROUP BY person_id) l ON l.person_id = p.id
      LEFT JOIN (SELECT person_id, array_agg(skill_id) AS skills FROM person_skill GROUP BY person_id) k
             ON k.person_id = p.id
      LEFT JOIN (SELECT person_id, array_agg(group_id) AS groups FROM group_member GROUP BY person_id) g
             ON g.person_id = p.id
     WHERE s.ended_at IS NULL AND p.id IS DISTINCT FROM CAST(:but AS bigint)
       AND p.id IN (SELECT pr.person_id FROM person_role pr JOIN role_permission rp USING (role_id)
                     WHERE rp.permission = 'chats.answer')
""")  # noqa: S608 - our own words
_WAYS = text("SELECT id, method, last_operator_hours, wider_ids FROM staff_group")


def pool(now: datetime, but: int | None = None) -> list[Candidate]:
    """Everybody at work with a seat, and how busy; `but`: without this person."""
    usual, away = settings.value(dispatching.CAPACITY), hrm.away(now)
    return [
        Candidate(
            person_id=row.id,
            name=row.name,
            takes_new=row.takes_new_chats,
            languages=frozenset(row.languages or ()),
            skills=frozenset(row.skills or ()),
            groups=frozenset(row.groups or ()),
            load=float(row.load),
            capacity=row.capacity or usual,
            idle_since=max(filter(None, (row.idle_since, row.began_at))),
            given_at=row.given_at,
            asked=row.asked,
            away=away.get(row.id),
        )
        for row in db.session.execute(_POOL, {"but": but, "now": now})
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
    foreign = _foreign(chat, now)
    passed = {one.person_id: reason for one in people if (reason := _why_not(chat, one, way, foreign))}
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
    way, foreign = ways.get(chat.group_id or 0) or usual(), _foreign(chat, now)
    return any(one.free and _why_not(chat, one, way, foreign) in (None, Not.REFUSED) for one in free)


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


def _why_not(chat: Waiting, one: Candidate, way: Way, foreign: bool) -> Not | None:
    if not one.takes_new:
        return Not.STATUS
    if one.away:
        return one.away
    if not (foreign or speaks(one, chat.language)):
        return Not.LANGUAGE
    if not chat.skill_ids <= one.skills:
        return Not.SKILL
    if not _of_group(chat, one, way):
        return Not.GROUP
    if one.person_id in chat.refused_ids:
        return Not.REFUSED
    if one.asked:
        return Not.ASKED
    return None if one.fits(chat.weight) else Not.FULL


def _of_group(chat: Waiting, one: Candidate, way: Way) -> bool:
    """Level 0 asks the group, 1 the next groups, 2 everybody; the person wished for is asked whatever his group."""
    if chat.group_id is None or chat.group_id in one.groups or chat.level >= 2 or chat.wished_id == one.person_id:
        return True
    return chat.level == 1 and (not way.wider_ids or bool(way.wider_ids & one.groups))


def _foreign(chat: Waiting, now: datetime) -> bool:
    """Whether another language may answer by now."""
    since = dispatching.foreign_since(now)
    return since is not None and chat.language is not None and chat.queued_at <= since


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
