"""Which licence is in force. Read anew each time, signature included: an edited row gives no seats."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app
from sqlalchemy import text

from app.base import crypt
from app.base.clock import business_day, day_bounds
from app.base.refusal import Refusal
from app.config import Settings
from app.models import licence
from app.models.db import db
from app.models.licence import TOLD_DAYS, WARN_DAYS, Licence

_A_DAY = timedelta(days=1)
_FILES = text("SELECT file, installed_at FROM licence ORDER BY id DESC LIMIT 20")


@dataclass(frozen=True)
class InForce:
    """The licence that counts today. `state`: none, early (not yet), good, ending (soon over) or over."""

    licence: Licence | None
    state: str
    installed_at: datetime | None = None
    days_left: int = 0

    @property
    def seats(self) -> int:
        """How many may be taken now."""
        return self.licence.seats if self.licence is not None and self.state in ("good", "ending") else 0


@dataclass(frozen=True)
class Ending:
    """`day` is the last that is paid for; `since`: when the present stretch of telling so began."""

    day: date
    since: datetime
    is_over: bool


def in_force(now: datetime) -> InForce:
    """The one installed last of those that hold today; when none holds, the one installed last."""
    today = business_day(now)
    known = list(_known())
    if not known:
        return InForce(None, "none")
    found, installed_at = next(((one, at) for one, at in known if one.holds(today)), known[0])
    left = (found.valid_to - today).days
    state = "early" if today < found.valid_from else "over" if left < 0 else "ending" if left < WARN_DAYS else "good"
    return InForce(found, state, installed_at, left)


def ending(today: date) -> Ending | None:
    """The end of what is paid for, when it is near or past; licences that follow each other without a gap are one."""
    known = [one for one, _at in _known()]
    day = max((one.valid_to for one in known if one.valid_from <= today), default=None)
    if day is None:
        return None
    while further := [one.valid_to for one in known if one.valid_from <= day + _A_DAY and one.valid_to > day]:
        day = max(further)
    if day < today:
        return Ending(day, day_bounds(day + _A_DAY)[0], True)
    marks = [mark for mark in TOLD_DAYS if today >= day - mark * _A_DAY]
    return Ending(day, day_bounds(day - min(marks) * _A_DAY)[0], False) if marks else None


def trusted() -> list[str]:
    """Public keys of who may sign. Outside production the house may sign for itself: demonstrations, tests."""
    settings: Settings = current_app.config["SETTINGS"]
    own = [] if settings.production else [licence.public(own_key())]
    return [key for key in (settings.licence_key, *own) if key]


def own_key() -> Ed25519PrivateKey:
    """Made from the data directory's key ring; never trusted in production."""
    return Ed25519PrivateKey.from_private_bytes(crypt.ring().web_key("notary:licence"))


def _known() -> Iterator[tuple[Licence, datetime]]:
    keys = trusted()
    for row in db.session.execute(_FILES):
        try:
            yield licence.read(row.file, keys), row.installed_at
        except Refusal:
            continue
