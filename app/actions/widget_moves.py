"""The client on the site goes on in the bank's bot, or comes to the site from there, by links that work once."""

from datetime import datetime

from app.actions import continuing, intake
from app.channels import webchat
from app.channels.contract import Raw
from app.queries import passages
from app.queries.widget import Door, Home, Visitor

_MARK = 16  # of a token, enough to tell one press from another


def move(home: Home, door: Door, now: datetime) -> str:
    """The address to open. Raises continuing.NowhereToGo."""
    target = passages.bot_of(door.channel_id)
    if target is None:
        raise continuing.NowhereToGo
    return continuing.leave_for(home.chat_id, home.identity_id, target, now)


def arrive(door: Door, visitor: Visitor, token: str, now: datetime) -> None:
    """The visitor has come by a link: the road of every update takes it. Raises what `continuing.check` does."""
    continuing.check(token, door.channel_id, visitor.subject, now)
    number = f"start-{token[-_MARK:]}"
    body = {"lane": visitor.external_id, "id": number, "start": token}
    raw = Raw(f"{visitor.external_id}:{number}", body)
    intake.accept(door.channel_id, webchat.door.kind, [raw], now, ring=False)
    intake.take_lane(door.channel_id, visitor.external_id, now)
