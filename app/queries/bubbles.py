"""What stands in a talk: a message in its bubble, an album of several, an event; and how they are ordered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.base.clock import micros
from app.queries import attached, versions

# It becomes a part of the bubble's id.
_ALBUM = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Quote:
    id: UUID
    who: str | None
    kind: str
    text: str


@dataclass(frozen=True)
class Message:
    """A bubble. `shape` says what is nobody's word: why it cannot be read, a place, that it was forwarded.

    `hidden`: the text is masked.
    `by`: the employee who said it; `may_edit`, `may_take_back`: the channel lets that person; `earlier`: its old texts.
    `undo_until`: it waits to be sent, and its author may take it back. `rev`: the number of its latest change, by which
    a page knows an older drawing of it. `parts`: an album's messages, in their order;
    then `id` is the first one's and `said_by_part` that of the part whose text is the album's only one.
    """

    id: UUID
    chat_id: int
    kind: str
    at: datetime
    text: str
    who: str | None
    state: str | None
    why: str
    late: bool
    edited: bool
    shape: dict[str, Any]
    quote: Quote | None
    files: tuple[attached.File, ...]
    by: int | None = None
    withdrawn: bool = False
    may_edit: bool = False
    may_take_back: bool = False
    earlier: tuple[versions.Version, ...] = ()
    hidden: bool = False
    undo_until: datetime | None = None
    rev: int = 0
    parts: tuple["Message", ...] = ()
    said_by_part: UUID | None = None

    is_event = False

    @property
    def order(self) -> str:
        return order(self.at, self.id)

    @property
    def album(self) -> str:
        """Of which album it is a part; "" for what stands alone."""
        return album_of(self.shape)

    @property
    def mark(self) -> str:
        """The bubble's id in the page: an album keeps it whichever of its parts came first."""
        return f"album-{self.album}" if self.album else str(self.id)

    @property
    def said_id(self) -> UUID:
        """Whose text it shows."""
        return self.said_by_part or self.id


@dataclass(frozen=True)
class Event:
    """What happened to the chat: who did it, to whom it went, with what outcome."""

    id: UUID
    chat_id: int
    at: datetime
    verb: str
    who: str | None
    to: str | None
    to_group: dict[str, str] | None
    data: dict[str, Any]

    is_event = True

    @property
    def order(self) -> str:
        return order(self.at, self.id)


Item = Message | Event


def album_of(shape: dict[str, Any]) -> str:
    """The name of the album a message is a part of; "" for none."""
    told = str(shape.get("album", ""))
    return told if _ALBUM.fullmatch(told) else ""


def album(several: Sequence[Message]) -> Message:
    """One bubble of its parts. A single text is the album's; of several each stays with its part."""
    parts = tuple(sorted(several, key=lambda part: (part.at, part.id)))
    said = [part for part in parts if part.text]
    alone = said[0] if len(said) == 1 else None
    return replace(
        parts[0],
        text=alone.text if alone else "",
        hidden=alone.hidden if alone else False,
        earlier=alone.earlier if alone else (),
        said_by_part=alone.id if alone else None,
        quote=next((part.quote for part in parts if part.quote), None),
        late=any(part.late for part in parts),
        edited=any(part.edited for part in parts),
        rev=max(part.rev for part in parts),
        files=tuple(file for part in parts for file in part.files),
        parts=parts,
    )


def order(at: datetime, item_id: UUID) -> str:
    """Also the cursor: `microseconds-id`, which sorts as text."""
    return f"{micros(at):016d}-{item_id.hex}"
