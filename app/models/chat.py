"""Words of a chat: one dialogue with one customer, its episodes, its messages (clause 15.3.3)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.models.permission import declare

READ = declare("chats.read", _l("Read chats"), _l("See the messages of chats"), scoped=True)
ANSWER = declare("chats.answer", _l("Answer clients"), _l("Write to clients in chats taken"), scoped=True)
TAKE = declare("chats.take", _l("Take chats"), _l("Take waiting chats from the queue"), scoped=True)
MANAGE = declare("chats.manage", _l("Manage chats"), _l("Assign, move, take over and close others' chats"), scoped=True)


# So long a word waits for its author to think better of it, when he wishes that (a personal setting).
UNDO = timedelta(seconds=5)


class Stage(StrEnum):
    """Where an open episode stands."""

    QUEUE = "queue"
    WORK = "work"


class MessageKind(StrEnum):
    CLIENT = "client"
    MINE = "mine"  # an operator's word to the client
    BOT = "bot"  # an automatic word to the client
    NOTE = "note"  # seen by employees only; never leaves the house


class State(StrEnum):
    """How far a word to the client has come; a later one never goes back to an earlier."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class Outcome(StrEnum):
    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    SPAM = "spam"


class Verb(StrEnum):
    """What happened to a chat: one event row each, for the timeline, reports and webhooks."""

    STARTED = "started"  # the client has opened our bot, and said nothing yet
    OPENED = "opened"
    RESUMED = "resumed"
    WROTE_FIRST = "wrote_first"  # an operator has opened an outgoing episode of a finished chat
    TAKEN = "taken"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    UNDONE = "undone"  # a word was taken back into the field before it was sent
    UNCHANGED = "unchanged"  # the channel has refused to change or delete a word of ours
    SNOOZED = "snoozed"
    WOKEN = "woken"
    FINISHED = "finished"
    TOPICS = "topics"  # what it is about was said, or said otherwise
    MERGED = "merged"  # another client turned out to be the same person
    UNMERGED = "unmerged"
    INVITED = "invited"  # a one-time link to another channel was sent
    CONTINUED = "continued"  # the client has come from another channel by such a link
    RATED = "rated"
    COMMENTED = "commented"  # the client has added a word to his rating
    CLIENT_BLOCKED_US = "client_blocked_us"
    CLIENT_UNBLOCKED_US = "client_unblocked_us"


class Snooze(StrEnum):
    """What a chat that was set aside waits for. Its owner keeps it."""

    UNTIL = "until"  # a moment
    CLIENT = "client"  # the client's next word
    BANK = "bank"  # somebody else in the bank, until a moment


@dataclass(frozen=True)
class Place:
    """In whose list a chat stands: an owner's, or the queue (of a group, or everybody's)."""

    owner_id: int | None
    group_id: int | None
