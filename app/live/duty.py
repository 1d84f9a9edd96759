"""Push of one's own status: the menu in the bar and the band above the desk, to the pages of that person."""

from app.base import clock, wire
from app.live import fragments
from app.models.db import db
from app.queries import duty


def duty_changed(person_id: int) -> None:
    """The person is in another status, has begun or ended a shift, was lost."""
    try:
        locale = duty.locale_of(person_id)
        menu = duty.menu(person_id, clock.now())
        for html in (fragments.duty_menu(menu, locale), fragments.duty_band(menu, locale)):
            wire.emit("fragment", {"html": html}, f"person:{person_id}")
    finally:
        db.session.rollback()
