"""Change the access lists, so that nobody shuts himself out for good (clauses 15.2.5, 15.5)."""

import time
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.actions import journal
from app.base.refusal import Refusal
from app.models.access import TRIAL, AccessList, Area, Rules, admits
from app.models.db import db, transaction
from app.models.journal import declare as declare_kind
from app.models.viewer import SYSTEM, AnyViewer
from app.queries import access as lists

CHANGED = declare_kind("access.changed", _l("Access list changed"))
CONFIRMED = declare_kind("access.confirmed", _l("Access list confirmed"))
FELL_BACK = declare_kind("access.fell_back", _l("Access list fell back"))
REFUSED = declare_kind("access.refused", _l("Refused by an access list"))

# One visitor who is refused is journalled once in a while, not with each of his requests.
_NOTED_EVERY_SECONDS = 600.0
_MOST_REMEMBERED = 10_000
_noted: dict[tuple[str, Area], float] = {}
_LOCK = 7008


class ShutsYouOut(Refusal):
    """To be said again, knowingly."""

    notice = _l("Your own address %(address)s is not in this list.")
    status = 422


class NothingOnTrial(Refusal):
    notice = _l("There is no change to confirm: it has been confirmed or has fallen back already.")


class NotFromThere(Refusal):
    notice = _l("Confirm it from an address the new list lets in. Yours, %(address)s, is not.")


def change(
    area: Area, lines: list[str], sure: bool, by: AnyViewer, origin: journal.Origin, now: datetime
) -> datetime | None:
    """Put a list in force. Raises ShutsYouOut unless `sure`.

    A change that shuts its author out is on trial: gives the moment it falls back by itself, else None.
    """
    with transaction() as tx:
        rules = _locked(area)
        before = list(rules.at(now))
        if before == lines and not rules.on_trial(now):
            return None
        shut_out = area is not Area.API and not admits(lines, origin.address)
        if shut_out and not sure:
            raise ShutsYouOut(address=origin.address)
        # While one change is on trial, another falls back to what stood before both.
        former = list(rules.former) if rules.on_trial(now) else before
        until = now + TRIAL if shut_out else None
        _store(area, lines, by, now, former=former if shut_out else None, expires_at=until)
        journal.note(CHANGED, by, now, origin, of=("access", area), before=before, after=lines, on_trial_until=until)
        tx.after(lists.forget)
    return until


def confirm(area: Area, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Keep what is on trial; only from an address it lets in. Raises NothingOnTrial, NotFromThere."""
    with transaction() as tx:
        rules = _locked(area)
        if not rules.on_trial(now):
            raise NothingOnTrial
        if not admits(rules.lines, origin.address):
            raise NotFromThere(address=origin.address)
        _store(area, list(rules.lines), by, now)
        journal.note(CONFIRMED, by, now, origin, of=("access", area), after=list(rules.lines))
        tx.after(lists.forget)


def fall_back(now: datetime) -> int:
    """Write down trials that nobody confirmed: the list before them is in force again. Returns how many."""
    fallen = 0
    with transaction() as tx:
        for area in Area:
            rules = _locked(area)
            if rules.expires_at is not None and not rules.on_trial(now):
                _store(area, list(rules.former), SYSTEM, now)
                before, after = list(rules.lines), list(rules.former)
                journal.note(FELL_BACK, SYSTEM, now, journal.HERE, of=("access", area), before=before, after=after)
                tx.after(lists.forget)
                fallen += 1
    return fallen


def open_all(by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Empty every list: for whoever stands at the machine itself because nobody gets in any more."""
    with transaction() as tx:
        for area in Area:
            before = list(_locked(area).at(now))
            if before:
                _store(area, [], by, now)
                journal.note(CHANGED, by, now, origin, of=("access", area), before=before, after=[])
        tx.after(lists.forget)


def refused(area: Area, origin: journal.Origin, now: datetime) -> None:
    """Note a visitor whom a list keeps out, coalesced."""
    who, moment = (origin.address, area), time.monotonic()
    if moment - _noted.get(who, float("-inf")) < _NOTED_EVERY_SECONDS:
        return
    if len(_noted) >= _MOST_REMEMBERED:
        _noted.clear()
    _noted[who] = moment
    with transaction():
        journal.note(REFUSED, None, now, origin, of=("access", area), outcome="refused")


def _locked(area: Area) -> Rules:
    """The list as it stands; two who change lists go one after the other."""
    db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    return lists.present().get(area, Rules())


def _store(
    area: Area,
    lines: list[str],
    by: AnyViewer,
    now: datetime,
    *,
    former: list[str] | None = None,
    expires_at: datetime | None = None,
) -> None:
    db.session.merge(
        AccessList(
            area=area.value,
            lines=lines,
            changed_at=now,
            changed_by=by.person_id,
            former=former,
            expires_at=expires_at,
        )
    )
