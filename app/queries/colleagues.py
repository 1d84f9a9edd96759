"""Which colleagues see a chat, too: those a note in it may name."""

import re
from dataclasses import dataclass

from sqlalchemy import text

from app.base.fold import words
from app.base.layouts import other_layouts
from app.models.db import db
from app.models.viewer import Viewer
from app.queries.visible import REACH


@dataclass(frozen=True)
class Colleague:
    id: int
    name: str
    at_work: bool
    folded: str
    called: str  # the name; among namesakes with the login


# The same rule for everybody at once: what it asks of one viewer stands in the columns of v.
_REACH_OF_EACH = re.sub(r":(\w+)", r"v.\1", REACH)

_SEE = text(f"""
    SELECT v.me, v.name, EXISTS (SELECT 1 FROM status_span WHERE person_id = v.me AND ended_at IS NULL) AS at_work,
           v.folded,
           CASE WHEN count(*) OVER (PARTITION BY v.name) > 1 THEN v.name || ' (' || v.login || ')' ELSE v.name END
      FROM (SELECT p.id AS me, p.name, p.folded, p.login,
                   bool_or(rp.permission = 'chats.read' AND rp.scope = 'all') AS read_all,
                   CASE WHEN bool_or(rp.permission = 'chats.read' AND rp.scope = 'groups') THEN m.groups END
                     AS read_groups,
                   bool_or(rp.permission = 'chats.take') AS takes,
                   bool_or(rp.permission = 'chats.take' AND rp.scope = 'all') AS take_all,
                   CASE WHEN bool_or(rp.permission = 'chats.take' AND rp.scope = 'groups') THEN m.groups END
                     AS take_groups
              FROM person p JOIN person_role pr ON pr.person_id = p.id JOIN role_permission rp USING (role_id)
             CROSS JOIN LATERAL (SELECT array_agg(group_id) AS groups FROM group_member WHERE person_id = p.id) m
             WHERE p.blocked_at IS NULL AND p.deleted_at IS NULL AND NOT p.technical AND p.id <> :but
             GROUP BY p.id, m.groups HAVING bool_or(rp.permission = 'chats.read')) v
     CROSS JOIN LATERAL (SELECT * FROM episode WHERE chat_id = :chat_id ORDER BY number DESC LIMIT 1) e
      LEFT JOIN standing s ON s.chat_id = e.chat_id
     WHERE {_REACH_OF_EACH}
     ORDER BY at_work DESC, v.name, v.me
""")  # noqa: S608 - our own words


def of_chat(chat_id: int, viewer: Viewer) -> list[Colleague]:
    """Every active person who may see this chat but the viewer; who is at work comes first."""
    return [Colleague(*row) for row in db.session.execute(_SEE, {"chat_id": chat_id, "but": viewer.person_id})]


def found(chat_id: int, viewer: Viewer, asked: str) -> list[Colleague]:
    """Those whose names begin with what was typed, in either script and on whatever layout."""
    known = of_chat(chat_id, viewer)
    return next(filter(None, (_named(known, read) for read in (asked, *other_layouts(asked)))), [])


def _named(known: list[Colleague], asked: str) -> list[Colleague]:
    begun = words(asked)
    if asked and not begun:  # signs that are no words name nobody
        return []
    return [one for one in known if all(f" {word}" in f" {one.folded}" for word in begun)]
