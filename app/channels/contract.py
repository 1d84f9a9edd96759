"""What every channel speaks: typed values without behaviour. The verbs are in `channel`.

Positions in texts are code points of our own text; a channel converts them to the provider's unit. Times are UTC-aware.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from typing import Any, BinaryIO, Literal

Network = IPv4Network | IPv6Network
IncomingKind = Literal[
    "message", "edited", "callback", "blocked", "unblocked", "migrated", "started", "ignored", "unsupported"
]
AttachmentKind = Literal[
    "image", "document", "voice", "video", "video_note", "audio", "sticker", "animation", "location", "contact"
]
OutgoingKind = Literal[
    "text", "image", "document", "voice", "video", "video_note", "audio", "animation", "album", "location"
]


# --- in ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, as the provider knows them. `language_hint` is IETF, and only a hint unless the person chose it."""

    external_id: str
    name: str = ""
    username: str = ""
    language_hint: str = ""
    is_bot: bool = False
    chose_language: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text with a meaning: bold, italic, underline, strikethrough, code, pre, text_link, url, …"""

    kind: str
    start: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One thing sent along. A file has `file_ref` (asked of the provider later); a place and a contact have none.

    `own_contact` is true only when the provider proves that the number belongs to the sender. `size` is bytes, as told.
    """

    kind: AttachmentKind
    file_ref: str = ""
    thumb_ref: str = ""
    name: str = ""
    mime: str = ""
    size: int | None = None
    width: int | None = None
    height: int | None = None
    seconds: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    place: str = ""
    phone: str = field(default="", repr=False)
    contact_name: str = field(default="", repr=False)
    own_contact: bool = False


@dataclass(frozen=True, slots=True)
class Callback:
    """A pressed button: `id` is answered once, `message_external_id` is empty when the provider does not say."""

    id: str
    data: str
    message_external_id: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update, understood. (lane, kind, external_id, version) names it for good; `lane` is "" when it has no chat.

    `why` names the content of an `ignored` or `unsupported` update.
    """

    kind: IncomingKind
    lane: str
    external_id: str
    version: int = 0
    at: datetime | None = None
    sender: Sender | None = None
    text: str = field(default="", repr=False)
    markup: tuple[Span, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    reply_to: str = ""
    quote: str = field(default="", repr=False)
    album: str = ""
    forwarded_from: str = ""
    callback: Callback | None = None
    payload: str = ""
    new_lane: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """One update as received; `id` is the provider's update id, "" when it has none."""

    id: str
    body: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """Polled updates in the order received, and the cursor that confirms them: store them for good before using it."""

    raws: tuple[Raw, ...]
    cursor: str


# --- out --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to send; `open` gives a fresh stream for every attempt. `size` in bytes."""

    name: str
    mime: str
    size: int
    open: Callable[[], BinaryIO] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: it sends `data` back or opens `url`, never both."""

    label: str
    data: str = ""
    url: str = ""


Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map; with a title it is shown as a venue."""

    latitude: float
    longitude: float
    title: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One part to send. `files` holds one file, or several for an album; `text` is then the caption."""

    lane: str
    kind: OutgoingKind = "text"
    text: str = field(default="", repr=False)
    markup: tuple[Span, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    buttons: Buttons = ()
    place: Place | None = None
    reply_to: str = ""


class Reason(StrEnum):
    """Why something can never succeed as it is. The pages translate it for people."""

    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    KICKED = "kicked"
    NOT_FOUND = "not_found"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_BIG = "too_big"
    FILE_GONE = "file_gone"
    TOKEN = "token"  # noqa: S105 - a reason, not a secret
    CONFLICT = "conflict"
    HOOK = "hook"
    ADDRESS = "address"
    UNSUPPORTED = "unsupported"
    BAD_REQUEST = "bad_request"


@dataclass(frozen=True, slots=True)
class Sent:
    """Accepted by the provider. `external_ids` in order: an album has several, an edit or a deletion its own one."""

    external_ids: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Certainly not done. Try again after at least `seconds`; the caller's own growing pause may be longer."""

    seconds: float
    whole_account: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Never:
    """Refused for good. `whole_account`: nothing of this account works until a person mends it."""

    reason: Reason
    why: str = ""
    whole_account: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Lost after sending: perhaps done, perhaps not. Never repeated blindly."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """The lane has a new id; nothing was sent yet."""

    new_lane: str


Result = Sent | Later | Never | Unknown | Moved


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file being read: its name and type as the provider says (not to be trusted), and its bytes in pieces."""

    name: str
    mime: str
    size: int | None
    chunks: Iterator[bytes] = field(repr=False)


# --- about ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limits:
    """What one part may carry. Texts in the channel's unit (`unit`), files in bytes; `kinds` can be sent."""

    text: int
    caption: int
    unit: Literal["utf16", "utf8", "chars"]
    upload: int
    image: int
    download: int
    album: int
    kinds: frozenset[OutgoingKind]
    edits: bool
    deletes: bool
    buttons: bool = False


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast parts may go: per chat and per account in a second, per group in a minute."""

    per_chat: float
    per_account: float
    per_group: float


@dataclass(frozen=True, slots=True)
class Health:
    """The answer to "check connection": the account's public name, or why it does not work."""

    ok: bool
    name: str = ""
    detail: str = ""
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One connected bot, page or number. `allow` lists private networks that its calls may reach."""

    id: int
    kind: str
    token: str = field(repr=False)
    api_url: str = ""
    proxy: str | None = field(default=None, repr=False)
    allow: tuple[Network, ...] = ()
    secret: str = field(default="", repr=False)
    webhook_url: str = ""
