"""Planned updates: everybody is told beforehand, and reads it before work until it is over (clause 8.5)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import text

from app.actions import updates
from app.actions.journal import HERE
from app.base import clock
from app.cli_updates import commands
from app.models.db import db
from app.models.viewer import SYSTEM
from app.queries import notices, people_of
from app.queries import updates as known
from tests.cast import Cast

pytestmark = [pytest.mark.clause("8.5"), pytest.mark.usefixtures("context")]

TEXTS = {"ru": "Отправка файлов не работает.", "uz_Latn": "Fayl yuborilmaydi."}


def announce(begins: datetime, hours: float = 2) -> int:
    return updates.announce(begins, begins + timedelta(hours=hours), TEXTS, SYSTEM, HERE, begins - timedelta(hours=3))


def told(cast: Cast) -> list[str]:
    return [one.said for one in notices.newest(cast.aziza.id, 5)]


def form(begins: datetime, ends: datetime, **more: Any) -> dict[str, Any]:
    at = {"from_at": begins, "till_at": ends}
    return {name: f"{moment.astimezone(clock.TASHKENT):%Y-%m-%dT%H:%M}" for name, moment in at.items()} | more


def test_everybody_is_told_in_his_language_by_the_clock_of_tashkent(app: Flask, cast: Cast) -> None:
    assert cast.aziza.id
    timur = cast.timur
    announce(datetime(2026, 12, 31, 23, 0, tzinfo=clock.TASHKENT))
    assert "31.12.2026 23:00 – 01.01.2027 01:00. Отправка файлов не работает." in told(cast)[0]
    assert notices.unread(timur.id) == 1
    with force_locale("uz_Latn"):
        assert told(cast)[0].endswith("31.12.2026 23:00 – 01.01.2027 01:00. Fayl yuborilmaydi.")
    with force_locale("uz_Cyrl"):
        assert told(cast)[0].endswith("Fayl yuborilmaydi.")


def test_an_administrator_announces_it_and_calls_it_off(cast: Cast) -> None:
    aziza, kamola, begins = cast.aziza, cast.kamola, clock.now() + timedelta(hours=5)
    sent = form(begins, begins + timedelta(hours=1), **{"text-ru": "Поиск не работает."})
    assert kamola.browser.post("/office/updates", sent).status_code == 303
    assert "Поиск не работает." in kamola.browser.get("/office/updates").text
    (planned,) = known.ahead(clock.now())
    assert (planned.author, planned.waiting) == ("Камола Саидова", len(people_of.everybody()))
    assert kamola.browser.post(f"/office/updates/{planned.id}/call-off").status_code == 303
    assert known.ahead(clock.now()) == []
    assert notices.unread(aziza.id) == 2


def test_it_stands_before_work_until_it_is_over_or_called_off(cast: Cast) -> None:
    aziza, now = cast.aziza, clock.now()
    session_id = db.session.execute(text("SELECT id FROM session WHERE person_id = :id"), {"id": aziza.id}).scalar_one()
    first = announce(now + timedelta(hours=1))
    announce(now + timedelta(hours=2), hours=5)

    def stand(at: datetime) -> int:
        return len(notices.missed(aziza.id, session_id, at))

    assert stand(now) == 2
    assert stand(now + timedelta(hours=3, minutes=1)) == 1
    assert stand(now + timedelta(hours=8)) == 0
    assert updates.call_off(first, SYSTEM, HERE, now)
    assert stand(now) == 1


def test_what_is_over_or_called_off_is_not_called_off_again(cast: Cast) -> None:
    now = clock.now()
    update_id = announce(now + timedelta(hours=1))
    assert not updates.call_off(update_id, SYSTEM, HERE, now + timedelta(hours=4))
    assert updates.call_off(update_id, SYSTEM, HERE, now)
    assert not updates.call_off(update_id, SYSTEM, HERE, now)


@pytest.mark.parametrize(("begins", "ends"), [(2, 1), (1, 1), (-5, -4), (1, 24 * 8)])
def test_an_update_ends_after_it_begins_within_a_week_and_ahead(cast: Cast, begins: int, ends: int) -> None:
    now = clock.now()
    sent = form(now + timedelta(hours=begins), now + timedelta(hours=ends))
    assert cast.kamola.browser.post("/office/updates", sent).status_code == 422
    assert known.ahead(now - timedelta(days=30)) == []


def test_without_its_hours_nothing_is_announced(cast: Cast) -> None:
    assert cast.kamola.browser.post("/office/updates", {"from_at": "soon", "till_at": ""}).status_code == 422


def test_an_operator_announces_nothing(cast: Cast) -> None:
    assert cast.aziza.browser.post("/office/updates", {}).status_code == 403


def test_operations_announce_it_by_a_command(app: Flask, cast: Cast) -> None:
    assert cast.aziza.id
    run = app.test_cli_runner().invoke
    day = f"{clock.now() + timedelta(days=1):%Y-%m-%d}"
    made = run(commands, ["announce", "--from", f"{day} 22:00", "--till", f"{day} 23:30", "--ru", "Всё кроме чатов."])
    assert (made.exit_code, "Всё кроме чатов." in told(cast)[0]) == (0, True)
    assert run(commands, ["call-off", made.output.strip()]).exit_code == 0
    assert run(commands, ["call-off", made.output.strip()]).exit_code == 1
    assert run(commands, ["announce", "--from", f"{day} 22:00", "--till", f"{day} 21:00"]).exit_code == 1
