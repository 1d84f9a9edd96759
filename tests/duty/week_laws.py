"""What must hold at every moment of the week, and what its records must say after each hour."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.base.clock import business_day
from app.models.db import db

if TYPE_CHECKING:
    from tests.duty.week import Week

SEATS = 5
# A lost page's patience, then the grace of its chats, then the sweeper's minute.
_HANDED_ON = timedelta(minutes=4)

_STATUSES = text("SELECT person_id, status_id FROM status_span WHERE ended_at IS NULL")
_SEATS = text("SELECT count(*) FILTER (WHERE person_id IS NOT NULL), count(*) FROM seat")
_OFF_DUTY = text("""
    SELECT s.chat_id, s.owner_id FROM standing s WHERE s.owner_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM status_span d JOIN work_status w ON w.id = d.status_id
       WHERE d.person_id = s.owner_id AND d.ended_at IS NULL AND w.keeps_chats)
""")
_SERVABLE = text("""
    WITH free AS (
      SELECT d.person_id, ARRAY(SELECT language FROM person_language WHERE person_id = d.person_id) AS languages
        FROM status_span d JOIN work_status w ON w.id = d.status_id AND w.takes_new_chats
        JOIN seat ON seat.person_id = d.person_id
       WHERE d.ended_at IS NULL AND (SELECT count(*) FROM standing WHERE owner_id = d.person_id) < 5
         AND NOT EXISTS (SELECT FROM standing WHERE offered_to = d.person_id AND offered_until > :now))
    SELECT chat_id FROM standing WHERE stage = 'queue' AND (offered_to IS NULL OR offered_until <= :now)
       AND EXISTS (SELECT FROM free WHERE standing.language IS NULL OR standing.language = ANY(languages))
""")
_LAWS = {
    "two owners, or an owner who is not the assigned one": """
        SELECT s.chat_id FROM standing s
         WHERE (s.stage = 'work') <> (s.owner_id IS NOT NULL)
            OR ARRAY(SELECT person_id FROM assignment a WHERE a.episode_id = s.episode_id AND a.ended_at IS NULL)
               <> array_remove(ARRAY[s.owner_id], NULL)""",
    "an open chat without its row, or a row without its place": """
        SELECT e.chat_id FROM episode e LEFT JOIN standing s ON s.episode_id = e.id
         WHERE (e.closed_at IS NULL) <> (s.chat_id IS NOT NULL) OR s.stage = 'queue' AND s.queued_at IS NULL""",
    "a status with a seat and none held, or a seat of somebody who is not at work": """
        SELECT coalesce(d.person_id, seat.person_id)
          FROM (SELECT d.person_id FROM status_span d JOIN work_status w ON w.id = d.status_id
                 WHERE d.ended_at IS NULL AND w.takes_seat) d
          FULL JOIN (SELECT person_id FROM seat WHERE person_id IS NOT NULL) seat USING (person_id)
         WHERE d.person_id IS NULL OR seat.person_id IS NULL""",
    "spans that do not add up to their shift": """
        SELECT h.id FROM shift h JOIN status_span d ON d.shift_id = h.id GROUP BY h.id
        HAVING min(d.began_at) <> h.began_at OR max(d.ended_at) IS DISTINCT FROM h.ended_at AND h.ended_at IS NOT NULL
            OR count(*) FILTER (WHERE d.ended_at IS NULL) <> (h.ended_at IS NULL)::int
            OR sum(d.ended_at - d.began_at) <> max(d.ended_at) - h.began_at AND h.ended_at IS NOT NULL""",
    "a shift without spans": "SELECT id FROM shift h WHERE NOT EXISTS (SELECT FROM status_span WHERE shift_id = h.id)",
    "spans of one person that overlap": """
        SELECT a.id FROM status_span a JOIN status_span b ON b.person_id = a.person_id AND b.id <> a.id
         WHERE b.began_at >= a.began_at AND b.began_at < coalesce(a.ended_at, 'infinity')
           AND coalesce(b.ended_at, 'infinity') > b.began_at AND coalesce(a.ended_at, 'infinity') > a.began_at""",
    "an assignment of the system without its trace": """
        SELECT a.episode_id FROM assignment a WHERE a.how IN ('assigned', 'accepted', 'repaired') AND NOT EXISTS (
          SELECT FROM routing_trace t WHERE t.episode_id = a.episode_id AND t.at = a.began_at
             AND t.what IN ('given', 'accepted', 'repaired') AND t.person_id = a.person_id)""",
    "an episode whose assignment goes on after its end": """
        SELECT e.id FROM episode e JOIN assignment a ON a.episode_id = e.id
         WHERE e.closed_at IS NOT NULL AND a.ended_at IS NULL""",
    "somebody who answers in a language he does not speak": """
        SELECT a.*, e.language, e.queued_at FROM assignment a JOIN episode e ON e.id = a.episode_id
         WHERE a.how IN ('assigned', 'accepted', 'next') AND a.began_at > e.queued_at AND NOT EXISTS (
           SELECT FROM person_language l WHERE l.person_id = a.person_id AND l.language = e.language)
           AND e.language IS NOT NULL""",
}  # fmt: skip


def each_moment(week: "Week") -> None:
    """Statuses are what their people chose, nobody's chat is kept from him who could serve it, seats are enough."""
    found = {row.person_id: row.status_id for row in db.session.execute(_STATUSES)}
    for one in week.staff:
        before = one.status
        assert one.found(found.get(one.id), week.now), f"{one.actor.login}: {before} became {found.get(one.id)}"
        if one.status != before:
            week._tell("lost" if one.status else "lost for good", one)
    held, rows = db.session.execute(_SEATS).one()
    assert held <= rows <= SEATS
    _nobody_stuck(week)
    _nobody_held(week)


def each_hour(week: "Week") -> None:
    """The records say what happened."""
    for law, broken in _LAWS.items():
        found = db.session.execute(text(broken)).all()
        assert found == [], f"{law}: {found}"
    lived = {(one.id, shift.began, shift.ended) for one in week.staff for shift in one.shifts}
    assert _shifts() == lived, f"shifts are not as they were lived: {_shifts() ^ lived}"
    assert _one("SELECT count(*) FROM message WHERE kind = 'client'") == week.written
    for day, began in db.session.execute(text("SELECT day, began_at FROM shift")):
        assert day == business_day(began)


def _nobody_stuck(week: "Week") -> None:
    """Whom somebody free could serve is given at this look or the next but one: who let him pass is asked last."""
    if week.mode == "queue":
        week.stuck.clear()
        return
    servable = set(db.session.scalars(_SERVABLE, {"now": week.now}))
    for chat in week.stuck.keys() - servable:
        del week.stuck[chat]
    week.stuck.update(servable)
    assert all(looks <= 3 for looks in week.stuck.values()), f"stuck: {week.stuck}"


def _nobody_held(week: "Week") -> None:
    """Chats do not stay with whoever is not at work."""
    now_held = {(row.chat_id, row.owner_id) for row in db.session.execute(_OFF_DUTY)}
    week.kept = {one: week.kept.get(one, week.now) for one in now_held}
    late = [one for one, since in week.kept.items() if week.now - since > _HANDED_ON + 2 * week.step]
    assert late == [], f"held off duty: {late}"


def _shifts() -> set[tuple[int, datetime, datetime | None]]:
    return {tuple(row) for row in db.session.execute(text("SELECT person_id, began_at, ended_at FROM shift"))}


def _one(statement: str) -> Any:
    return db.session.execute(text(statement)).scalar()
