"""The one door to a record by its id: whoever may not see it learns nothing, not even that it exists (clause 15.5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.base.crypt import opened
from app.base.masks import masked
from app.base.refusal import Refusal
from app.models.chat import ANSWER, MANAGE, READ, TAKE, Stage
from app.models.db import db
from app.models.news import ADDRESSED, BEGUN, WRITE_NEWS
from app.models.permission import Permission, Scope
from app.models.viewer import AnyViewer, Viewer


class NotVisible(Refusal):
    notice = _l("There is no such page, or you may not see it.")
    status = 404


@dataclass(frozen=True)
class ChatView:
    """A chat with its latest episode, as one viewer may see it. A closed one has no stage; its owner is the last."""

    id: int
    customer_id: int
    name: str
    username: str
    channel_kind: str
    channel_name: str
    reachable: bool
    owner_id: int | None
    owner_name: str | None
    group_id: int | None
    group_names: dict[str, str] | None
    segment_names: dict[str, str] | None
    stage: Stage | None
    episode_id: int
    episode_number: int
    language: str | None
    waits_since: datetime | None
    awaits_since: datetime | None
    unread: int
    rev: int
    identity_id: int
    arrived_at: datetime
    queued_at: datetime | None
    assigned_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    mine: bool
    can_answer: bool
    can_take: bool
    can_finish: bool

    @property
    def open(self) -> bool:
        return self.stage is not None

    @property
    def state(self) -> str:
        """What the composer depends on: who answers, and whether anybody may."""
        return f"{self.stage or 'closed'}:{self.owner_id or 0}:{int(self.reachable)}"


@dataclass(frozen=True)
class MessageView:
    id: UUID
    chat_id: int
    kind: str
    state: str | None


@dataclass(frozen=True)
class FileView:
    """A file of a chat. `stored_id` is None while it has not arrived or was refused."""

    id: UUID
    chat_id: int
    stored_id: UUID | None
    name: str
    mime: str


@dataclass(frozen=True)
class NewsFileView:
    stored_id: UUID
    name: str
    mime: str


# Which chats a viewer's scopes reach, said over an episode `e` and, while it is open, its `standing` s.
REACH = """(
      :read_all
   OR CASE WHEN s.chat_id IS NULL THEN e.owner_id ELSE s.owner_id END = :me
   OR CASE WHEN s.chat_id IS NULL THEN e.group_id ELSE s.group_id END = ANY(:read_groups)
   OR (s.stage = 'queue' AND :takes AND (:take_all OR s.group_id IS NULL OR s.group_id = ANY(:take_groups)))
)"""

_CHAT = text(f"""
    SELECT c.id, c.customer_id, c.rev, k.name, i.id AS identity_id, i.username, i.blocked_us_at,
           h.kind AS channel_kind, h.name AS channel_name,
           p.id AS owner_id, p.name AS owner_name, g.id AS group_id, g.names AS group_names, sg.names AS segment_names,
           s.stage, e.id AS episode_id, e.number AS episode_number, coalesce(e.language, k.language) AS language,
           s.waits_since, s.awaits_since, coalesce(s.unread, 0) AS unread,
           e.arrived_at, e.queued_at, e.assigned_at, e.closed_at, e.outcome
      FROM chat c
      JOIN customer k ON k.id = c.customer_id
      JOIN LATERAL (SELECT * FROM episode WHERE chat_id = c.id ORDER BY number DESC LIMIT 1) e ON true
      LEFT JOIN standing s ON s.chat_id = c.id
      JOIN identity i ON i.id = coalesce(s.identity_id, e.identity_id)
      JOIN channel h ON h.id = i.channel_id
      LEFT JOIN person p ON p.id = CASE WHEN s.chat_id IS NULL THEN e.owner_id ELSE s.owner_id END
      LEFT JOIN staff_group g ON g.id = CASE WHEN s.chat_id IS NULL THEN e.group_id ELSE s.group_id END
      LEFT JOIN segment sg ON sg.id = coalesce(e.segment_id, k.segment_id)
     WHERE c.id = :chat_id AND k.merged_into IS NULL AND {REACH}
""")  # noqa: S608 - our own words

_MESSAGE = text("SELECT id, chat_id, kind, state FROM message WHERE id = :id")
_OFFERED = text("SELECT 1 FROM routing_trace WHERE chat_id = :chat_id AND person_id = :me AND what = 'offered' LIMIT 1")
_FILE = text("SELECT id, chat_id, stored_id, name, mime FROM file WHERE id = :id")
_NEWS_FILE = text(f"""
    SELECT f.stored_id, f.name, f.mime
      FROM news_file f JOIN news n ON n.id = f.news_id JOIN person p ON p.id = :me
     WHERE f.id = :id AND f.removed_at IS NULL AND (:writes OR ({BEGUN} AND {ADDRESSED}))
""")  # noqa: S608 - our own words


def chat(viewer: AnyViewer, chat_id: int) -> ChatView:
    """Raises NotVisible."""
    row = db.session.execute(_CHAT, {"chat_id": chat_id, **reach(viewer)}).one_or_none()
    if row is None or not viewer.may(READ):
        raise NotVisible
    stage = Stage(row.stage) if row.stage else None
    mine = row.owner_id is not None and row.owner_id == viewer.person_id
    return ChatView(
        id=row.id,
        customer_id=row.customer_id,
        name=opened(row.name, "customer.name", row.customer_id),
        username=opened(row.username, "identity.username", row.identity_id),
        channel_kind=row.channel_kind,
        channel_name=row.channel_name,
        reachable=row.blocked_us_at is None,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        group_id=row.group_id,
        group_names=row.group_names,
        segment_names=row.segment_names,
        stage=stage,
        episode_id=row.episode_id,
        episode_number=row.episode_number,
        language=row.language,
        waits_since=row.waits_since,
        awaits_since=row.awaits_since,
        unread=row.unread,
        rev=row.rev,
        identity_id=row.identity_id,
        arrived_at=row.arrived_at,
        queued_at=row.queued_at,
        assigned_at=row.assigned_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        mine=mine,
        can_answer=stage is Stage.WORK and mine and viewer.may(ANSWER),
        can_take=not mine and _may_take(viewer, stage, row.group_id),
        can_finish=stage is Stage.WORK and manages(viewer, row.owner_id, row.group_id),
    )


def message(viewer: AnyViewer, message_id: UUID) -> MessageView:
    """Raises NotVisible."""
    row = db.session.execute(_MESSAGE, {"id": message_id}).one_or_none()
    if row is None:
        raise NotVisible
    chat(viewer, row.chat_id)
    return MessageView(*row)


def file(viewer: AnyViewer, file_id: UUID) -> FileView:
    """Raises NotVisible."""
    row = db.session.execute(_FILE, {"id": file_id}).one_or_none()
    if row is None:
        raise NotVisible
    chat(viewer, row.chat_id)
    return FileView(row.id, row.chat_id, row.stored_id, masked(opened(row.name, "file.name", row.id)), row.mime)


def offered(viewer: AnyViewer, chat_id: int) -> None:
    """A chat that is, or was, offered to this person: its card showed what may be known of it. Raises NotVisible."""
    if db.session.scalar(_OFFERED, {"chat_id": chat_id, "me": viewer.person_id}) is None:
        raise NotVisible


def news_file(viewer: Viewer, file_id: UUID, now: datetime) -> NewsFileView:
    """A picture or file of a piece of news that is meant for this person, or that he may write. Raises NotVisible."""
    values = {"id": file_id, "me": viewer.person_id, "now": now, "writes": viewer.may(WRITE_NEWS)}
    row = db.session.execute(_NEWS_FILE, values).one_or_none()
    if row is None:
        raise NotVisible
    return NewsFileView(*row)


def reach(viewer: AnyViewer) -> dict[str, Any]:
    """The values of REACH for one viewer."""
    groups = sorted(viewer.groups)
    return {
        "me": viewer.person_id,
        "read_all": viewer.scope(READ) is Scope.ALL,
        "read_groups": groups if viewer.scope(READ) is Scope.GROUPS else [],
        "takes": viewer.may(TAKE),
        "take_all": viewer.scope(TAKE) is Scope.ALL,
        "take_groups": groups if viewer.scope(TAKE) is Scope.GROUPS else [],
    }


def in_scope(viewer: AnyViewer, permission: Permission, group_id: int | None) -> bool:
    """Whether a chat of this group is reached; one without a group is everybody's who has the permission."""
    scope = viewer.scope(permission)
    if scope is None:
        return False
    return scope is Scope.ALL or group_id is None or group_id in viewer.groups


def manages(viewer: AnyViewer, owner_id: int | None, group_id: int | None) -> bool:
    """Whether the viewer may finish, return and hand on a chat: his own, or one within his scope of managing."""
    mine = owner_id is not None and owner_id == viewer.person_id
    return mine or in_scope(viewer, MANAGE, group_id)


def _may_take(viewer: AnyViewer, stage: Stage | None, group_id: int | None) -> bool:
    if stage is Stage.QUEUE:
        return in_scope(viewer, TAKE, group_id)
    return stage is Stage.WORK and in_scope(viewer, MANAGE, group_id)
