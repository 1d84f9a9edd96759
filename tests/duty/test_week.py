"""A week in which people come, pause, crash, come back, are stopped and go home, and clients write all the time."""

import os
import traceback
from datetime import timedelta
from random import Random

import pytest
from flask import Flask

from app.actions import leases
from app.models.db import db, transaction
from app.models.person import Person, PersonLanguage
from tests.cast import Actor, Browser, Cast
from tests.duty import week_laws
from tests.duty.conftest import MORNING, Installed
from tests.duty.week import Week
from tests.duty.worker import Worker
from tests.road.conftest import viewer_of

LONG = bool(os.environ.get("LONG"))
SEEDS = range(1, 13) if LONG else (1,)
# By day, late, and over midnight.
_BEGIN = (9, 9, 9, 9, 9, 9, 13, 13, 13, 21, 21, 21)
_SPEAK = (("ru", "uz_Latn"), ("ru", "uz_Latn", "en"), ("ru",), ("uz_Latn",))


@pytest.mark.clause("8.2", "7.5", "7.7", "14.3", "6.1", "5.1")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_week_of_night_shifts_crashes_and_stops_leaves_no_client_and_no_record_wrong(
    app: Flask, cast: Cast, installed: Installed, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """The ordinary run looks every quarter of an hour, and calls a longer silence an outage; --long looks as live."""
    step = timedelta(seconds=25) if LONG else timedelta(minutes=15)
    if not LONG:
        monkeypatch.setattr(leases, "BROKEN", 2 * step)
    begins = MORNING - timedelta(days=7, hours=10)
    installed(week_laws.SEATS, begins)
    staff = [_hired(app, cast, number) for number in range(12)]
    week = Week(staff, viewer_of(cast.botir), Random(seed), begins, step, a_day=60 if LONG else 25)
    try:
        for _hour in week.hours():
            week_laws.each_hour(week)
            db.session.rollback()
    except Exception as error:
        pytest.fail(f"seed {seed}, {week.now}: {traceback.format_exc()}{error}\n" + "\n".join(week.story))
    for what in ("NoSeat", "crash", "lost", "lost for good", "stopped", "undone", "killed", "accepted", "outage"):
        assert week.saw[what], f"seed {seed}: nothing of “{what}” in {week.saw}"


def _hired(app: Flask, cast: Cast, number: int) -> Worker:
    aziza = cast.aziza
    with transaction():
        model = db.session.get_one(Person, aziza.id)
        columns = ("password_hash", "password_set_at", "created_at", "locale")
        person = Person(
            login=f"operator{number}", name=f"Operator {number}", public_name="Aziza", must_change_password=False,
            roles=list(model.roles), **{name: getattr(model, name) for name in columns},
        )  # fmt: skip
        db.session.add(person)
        db.session.flush()
        languages = _SPEAK[number % 4]
        db.session.add_all(PersonLanguage(person_id=person.id, language=language) for language in languages)
        person_id = person.id
    actor = Actor(person_id, f"operator{number}", "Operator", Browser(app, cast.session(person_id)))
    return Worker(actor, languages, _BEGIN[number], number)
