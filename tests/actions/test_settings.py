"""Settings of administrators: validated, journalled, in effect without a restart (clause 7.1)."""

import json
from typing import Any

import pytest
from psycopg import Connection

from app.actions import settings
from app.actions.journal import HERE
from app.base import clock, crypt
from app.models.setting import SETTINGS, Setting, Unacceptable
from app.models.viewer import SYSTEM
from app.pages.templating import BANK_COLOUR, BANK_NAME
from app.queries import settings as stored

pytestmark = pytest.mark.clause("7.1")
NOW = clock.now()
IDLE_MINUTES, ABSOLUTE_HOURS = SETTINGS["sessions.idle_minutes"], SETTINGS["sessions.absolute_hours"]


def change(**values: str) -> dict[str, str]:
    return settings.change({key.replace("__", "."): value for key, value in values.items()}, SYSTEM, HERE, NOW)


def told(superuser: "Connection[Any]") -> list[tuple[str, Any, Any]]:
    rows = superuser.execute("SELECT id, object_id, details FROM journal WHERE kind = 'setting.changed' ORDER BY id")
    found = []
    for row_id, key, blob in rows:
        details = json.loads(crypt.open_sealed(blob, at=("journal.details", row_id)))
        found.append((key, details["before"], details["after"]))
    return found


def test_a_setting_nobody_touched_has_its_default() -> None:
    assert stored.value(IDLE_MINUTES) == 60


def test_a_change_is_in_effect_at_once_and_stands_in_the_journal(superuser: "Connection[Any]") -> None:
    assert change(sessions__idle_minutes=" 30 ") == {}
    assert stored.value(IDLE_MINUTES) == 30
    assert told(superuser) == [("sessions.idle_minutes", 60, 30)]


def test_a_reset_brings_the_default_back_and_is_told(superuser: "Connection[Any]") -> None:
    change(sessions__idle_minutes="30")
    settings.reset(IDLE_MINUTES, SYSTEM, HERE, NOW)
    assert stored.value(IDLE_MINUTES) == 60
    assert told(superuser)[1:] == [("sessions.idle_minutes", 30, 60)]
    assert superuser.execute("SELECT count(*) FROM setting").fetchone() == (0,)


def test_saving_what_stands_already_is_not_a_change(superuser: "Connection[Any]") -> None:
    change(sessions__idle_minutes="60", sessions__absolute_hours="12")
    settings.reset(IDLE_MINUTES, SYSTEM, HERE, NOW)
    assert told(superuser) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sessions__idle_minutes", "4"),
        ("sessions__idle_minutes", "481"),
        ("sessions__idle_minutes", ""),
        ("sessions__idle_minutes", "1e3"),
        ("sessions__idle_minutes", "9" * 40),
        ("sessions__idle_minutes", "-30"),
        ("brand__name", "x" * 41),
        ("brand__colour", "red"),
        ("brand__colour", "#0b6b5"),
        ("brand__colour", "#0b6b57;}body{display:none"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_a_sentence(
    superuser: "Connection[Any]", key: str, value: str
) -> None:
    errors = change(**{key: value})
    assert list(errors) == [key.replace("__", ".")]
    assert errors[key.replace("__", ".")]
    assert (told(superuser), stored.value(IDLE_MINUTES), stored.value(BANK_NAME)) == ([], 60, "Muloqot")


def test_one_bad_value_saves_none_of_the_form(superuser: "Connection[Any]") -> None:
    assert list(change(sessions__idle_minutes="30", sessions__absolute_hours="0")) == ["sessions.absolute_hours"]
    assert stored.value(IDLE_MINUTES) == 60
    assert told(superuser) == []


def test_a_setting_that_must_exceed_another_is_held_to_it() -> None:
    warn = Setting("planted.warn", "int", 60, "Warn", "", "planted", low=1, high=600)
    late = Setting("planted.late", "int", 180, "Late", "", "planted", low=1, high=600, above="planted.warn")
    SETTINGS.update({"planted.warn": warn, "planted.late": late})
    try:
        assert list(change(planted__warn="200", planted__late="200")) == ["planted.late"]
        assert list(change(planted__late="60")) == ["planted.late"]
        assert change(planted__warn="200", planted__late="201") == {}
    finally:
        del SETTINGS["planted.warn"], SETTINGS["planted.late"]


def test_a_choice_is_one_of_the_list() -> None:
    way = Setting("planted.way", "choice", "busy", "Way", "", "planted", choices=(("busy", "Busy"), ("idle", "Idle")))
    assert settings.acceptable(way, "idle") == "idle"
    with pytest.raises(Unacceptable):
        settings.acceptable(way, "random")


@pytest.mark.parametrize(("raw", "value"), [("on", True), ("1", True), ("", False), ("off", False)])
def test_a_tick_is_yes_or_no(raw: str, value: bool) -> None:
    assert settings.acceptable(Setting("planted.tick", "bool", False, "Tick", "", "planted"), raw) is value


def test_another_process_notices_within_two_seconds(superuser: "Connection[Any]") -> None:
    assert stored.value(ABSOLUTE_HOURS) == 12
    superuser.execute("INSERT INTO setting (key, value, changed_at) VALUES ('sessions.absolute_hours', '8', now())")
    superuser.execute("UPDATE setting_version SET number = number + 1")
    assert stored.value(ABSOLUTE_HOURS) == 12, "within the two seconds the database is not asked"
    stored._cache.checked -= 2
    assert stored.value(ABSOLUTE_HOURS) == 8


def test_the_colour_of_the_bank_is_kept_as_it_was_written() -> None:
    change(brand__colour="#A1b2C3")
    assert stored.value(BANK_COLOUR) == "#A1b2C3"
