"""One day worked out by hand: the formulas of docs/metrics.md, run over what the verbs stored, give its numbers."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.actions import closing, intake, reply, routing
from app.base import clock
from app.channels.contract import Raw
from app.models.chat import Outcome
from app.models.db import db
from app.models.viewer import Viewer
from tests.cast import Cast
from tests.road.conftest import DILSHOD, Bank, message, viewer_of

pytestmark = [pytest.mark.clause("6.1"), pytest.mark.clause("3.1")]

PAGE = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text()
NODIRA, RUSTAM, SEVARA = 5001, 5002, 5003
CLIENTS = {str(DILSHOD): "Dilshod", str(NODIRA): "Nodira", str(RUSTAM): "Rustam", str(SEVARA): "Sevara"}


class Day:
    """Today in Tashkent, by the clock on the wall."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.start, self.end = clock.day_bounds(clock.business_day(clock.now()))

    def at(self, time: str) -> datetime:
        hour, minute, second = (int(part) for part in time.split(":"))
        return self.start + timedelta(hours=hour, minutes=minute, seconds=second)

    def writes(self, time: str, who: int) -> None:
        now = self.at(time)
        # In Russian, which both operators serve: an Uzbek chat would pass Timur by.
        person = {"id": who, "is_bot": False, "first_name": CLIENTS[str(who)], "language_code": "ru"}
        speaker: dict[str, Any] = {"from": person}
        update = message("Здравствуйте, помогите с картой", of=who, at=now.timestamp(), **speaker)
        intake.accept(self.bank.channel_id, self.bank.kind, [Raw(str(update["update_id"]), update)], now)
        intake.take(now)

    def chat(self, who: int) -> int:
        find = "SELECT c.id FROM chat c JOIN identity i USING (customer_id) WHERE i.external_id = :who"
        return int(self.bank.one(find, who=str(who)))

    def takes(self, time: str, by: Viewer, who: int) -> None:
        assert routing.take_next(by, self.at(time)) == self.chat(who)

    def replies(self, time: str, by: Viewer, who: int) -> None:
        reply.say(self.chat(who), "Hozir tekshiraman", by, self.at(time))

    def finishes(self, time: str, by: Viewer, who: int, outcome: Outcome) -> None:
        closing.finish(self.chat(who), outcome, [], "", by, self.at(time))


@pytest.fixture
def day(bank: Bank, cast: Cast, app: Flask) -> Day:
    """Played as the page tells it."""
    day, aziza, timur = Day(bank), viewer_of(cast.aziza), viewer_of(cast.timur)
    day.writes("04:30:00", DILSHOD)
    day.takes("09:00:00", aziza, DILSHOD)
    day.replies("09:03:00", aziza, DILSHOD)
    day.finishes("09:10:00", aziza, DILSHOD, Outcome.SOLVED)

    day.writes("10:00:00", NODIRA)
    day.takes("10:01:00", aziza, NODIRA)
    handed = day.at("10:04:00")
    routing.transfer(day.chat(NODIRA), aziza, handed, to_person=timur.person_id, note="kredit haqida")
    day.replies("10:06:00", timur, NODIRA)
    day.writes("10:07:00", NODIRA)
    day.finishes("10:20:00", timur, NODIRA, Outcome.NOT_SOLVED)

    day.writes("11:00:00", RUSTAM)
    day.takes("11:05:00", aziza, RUSTAM)
    day.replies("11:06:00", aziza, RUSTAM)
    routing.give_back(day.chat(RUSTAM), aziza, day.at("11:07:00"))
    day.takes("11:17:00", timur, RUSTAM)
    day.replies("11:20:00", timur, RUSTAM)
    day.finishes("11:30:00", timur, RUSTAM, Outcome.SOLVED)

    day.writes("17:00:00", SEVARA)
    day.writes("18:00:00", DILSHOD)
    return day


def test_every_formula_gives_the_numbers_worked_out_by_hand(day: Day) -> None:
    formulas = {row["number"]: row["formula"].strip("`") for row in table("number", "unit")}
    columns = ", ".join(f'{formula} AS "{name}"' for name, formula in formulas.items())
    found = asked(
        f"SELECT i.external_id, e.number, {columns} FROM episode e JOIN identity i ON i.id = e.identity_id"
        " ORDER BY e.arrived_at",
        now=day.at("20:00:00"),
    )
    shown = [
        {"episode": f"{CLIENTS[row['external_id']]} {row['number']}", **{name: said(row[name]) for name in formulas}}
        for row in found
    ]
    assert shown == table("episode", "wait")


def test_the_sums_of_the_day_are_those_worked_out_by_hand(day: Day) -> None:
    (sums,) = asked(re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)[0], since=day.start, until=day.end)
    told = re.search(
        r"The day: (\d+) arrived, (\d+) closed, (\d+) of them solved; average wait (\d+) s; median reaction (\d+) s;"
        r" average handling (\d+) s",
        PAGE,
    )
    assert told
    assert [float(value) for value in sums.values()] == [float(number) for number in told.groups()]


def test_moments_are_written_once_and_types_follow_the_story(day: Day) -> None:
    rows = asked("SELECT type, direction, assigned_at, owner_id, closed_by FROM episode ORDER BY arrived_at LIMIT 3")
    assert [row["type"] for row in rows] == ["new", "transferred", "new"]
    assert {row["direction"] for row in rows} == {"in"}
    assert rows[2]["assigned_at"] == day.at("11:05:00")
    assert rows[2]["owner_id"] == rows[2]["closed_by"]


def test_an_answer_clears_the_clock_of_waiting_and_a_note_does_not(bank: Bank, cast: Cast) -> None:
    day, aziza = Day(bank), viewer_of(cast.aziza)
    day.writes("09:00:00", DILSHOD)
    day.writes("09:01:00", DILSHOD)
    day.takes("09:02:00", aziza, DILSHOD)
    reply.note(day.chat(DILSHOD), "mijoz asabiy", aziza, day.at("09:03:00"))
    assert bank.one("SELECT waits_since FROM standing") == day.at("09:00:00")
    day.replies("09:04:00", aziza, DILSHOD)
    assert bank.one("SELECT waits_since FROM standing") is None
    assert bank.one("SELECT awaits_since FROM standing") == day.at("09:04:00")


def test_every_column_that_is_named_exists(context: None) -> None:
    columns = {f"{row['table_name']}.{row['column_name']}" for row in asked(_COLUMNS)}
    named = set(re.findall(r"`([a-z_]{2,}\.[a-z_]+)`", PAGE))
    assert named
    assert named <= columns


@pytest.mark.parametrize("column", ["type", "direction"])
def test_every_value_of_a_type_and_a_direction_is_explained(context: None, column: str) -> None:
    (allowed,) = asked(_ALLOWED, column=f"episode_{column}_check")
    explained = {row[column] for row in table(column, "meaning")}
    assert set(re.findall(r"'([a-z-]+)'", allowed["definition"])) == explained


_COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
_ALLOWED = "SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = :column"


def asked(statement: str, **values: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(text(statement), values).mappings()]


def said(value: Any) -> str:
    """As the page writes it."""
    if value is None:
        return "–"
    return ("no", "yes")[value] if isinstance(value, bool) else f"{value:.0f}"


def table(*heads: str) -> list[dict[str, str]]:
    """The table of the page whose first columns are these."""
    found = re.search(r"^\| " + r" \| ".join(heads) + r" \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert found, heads
    names = cells(found[0].splitlines()[0])
    return [dict(zip(names, cells(line), strict=True)) for line in found[1].splitlines()]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]
