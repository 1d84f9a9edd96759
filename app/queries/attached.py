"""The files of messages."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from app.base import ids
from app.base.crypt import opened
from app.base.masks import masked
from app.models.db import db


@dataclass(frozen=True)
class File:
    """What came along. `state`: waiting (not fetched yet), kept, refused; `why` says the reason of the last.

    `hidden`: something in its name is masked.
    """

    id: UUID
    family: str
    name: str
    mime: str
    size: int | None
    seconds: int | None
    state: str
    why: str
    hidden: bool = False

    @property
    def is_seen(self) -> bool:
        """Whether it can be shown as a picture or a film."""
        return self.state == "kept" and self.mime.startswith(("image/", "video/")) and self.mime != "image/svg+xml"


_FILES = text("""
    SELECT id, message_id, family, name, mime, size, seconds, state, why FROM file
     WHERE message_id = ANY(:ids) AND id >= :since ORDER BY id
""")


def of(message_ids: list[UUID]) -> dict[UUID, list[File]]:
    """The files of these messages, in the order sent."""
    found: dict[UUID, list[File]] = {}
    if not message_ids:
        return found
    for row in db.session.execute(_FILES, {"ids": message_ids, "since": oldest(message_ids)}):
        whole = opened(row.name, "file.name", row.id)
        name = masked(whole)
        file = File(row.id, row.family, name, row.mime, row.size, row.seconds, row.state, row.why, name != whole)
        found.setdefault(row.message_id, []).append(file)
    return found


def oldest(message_ids: list[UUID]) -> UUID:
    """The bound of the months in which their files lie: a file's id is made with its message's, an upload's up to a
    day before."""
    begun = ids.time_of(min(message_ids)) - timedelta(days=1)
    return ids.month_floor(begun.year, begun.month)
