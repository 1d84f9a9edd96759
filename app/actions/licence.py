"""Install a licence: by form or command, in force at once, without a restart (clause 14.4)."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import journal, seats
from app.base import wakeups
from app.base.clock import business_day
from app.base.later import later
from app.base.refusal import Refusal
from app.models import licence
from app.models.db import db, transaction
from app.models.journal import declare as declare_kind
from app.models.licence import Licence
from app.models.viewer import SYSTEM, AnyViewer
from app.queries import licence as known

INSTALLED = declare_kind("licence.installed", _l("Licence installed"))

DEMO_SEATS = 25


class LicenceOver(Refusal):
    notice = _l("This licence ended on %(day)s. Ask the vendor for a new one.")
    status = 422


class NoVendorKey(Refusal):
    notice = _l("Nobody’s signature is trusted here yet: set MULOQOT_LICENCE_KEY to the vendor’s public key.")


_INSTALL = text("""
    INSERT INTO licence (file, bank, seats, valid_from, valid_to, installed_at, installed_by)
    VALUES (:file, :bank, :seats, :valid_from, :valid_to, :now, :by)
""")


def install(file: str, by: AnyViewer, origin: journal.Origin, now: datetime) -> Licence:
    """Raises LicenceUnreadable, LicenceNotSigned, LicenceOver, NoVendorKey; each try is journalled."""
    with journal.attempt(INSTALLED, by, now, origin), transaction() as tx:
        keys = known.trusted()
        if not keys:
            raise NoVendorKey
        found = licence.read(file, keys)
        if found.valid_to < business_day(now):
            raise LicenceOver(day=f"{found.valid_to:%d.%m.%Y}")
        before = known.in_force(now).licence
        db.session.execute(_INSTALL, {**vars(found), "file": file, "now": now, "by": by.person_id})
        seats.fit((known.in_force(now).licence or found).seats)
        was = vars(before) if before else None
        journal.note(INSTALLED, by, now, origin, of=("licence", found.bank), before=was, after=vars(found))
        tx.after(later, wakeups.ASSIGN)
    return found


def install_demo(now: datetime) -> None:
    """A licence the house signs for itself, where there is none. In production nobody trusts it."""
    if known.in_force(now).seats:
        return
    today = business_day(now)
    demo = Licence("Demo", DEMO_SEATS, today, today + timedelta(days=365))
    install(licence.signed(demo, known.own_key()), SYSTEM, journal.HERE, now)
