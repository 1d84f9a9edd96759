"""One day worked out by hand: the formulas of docs/metrics.md, run over what the verbs stored, give its numbers."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.actions import closing, intake, reopening, reply, routing, snoozing
from app.base import clock
from app.channels.contract import Raw
from app.models.chat import Outcome, Snooze
from app.models.db import db
from app.models.viewer import Viewer
from tests.cast import Cast
from tests.road.conftest import DILSHOD, Bank, message, viewer_of

pytestmark = [pytest.mark.clause("6.1"), pytest.mark.clause("3.1")]

PAGE = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text()
NODIRA, RUSTAM, SEVARA = 5001, 5002, 5003
GULNORA, AKMAL, ZUHRA, OYBEK = 5004, 5005, 5006, 5007
CLIENTS = {
    str(DILSHOD): "Dilshod", str(NODIRA): "Nodira", str(RUSTAM): "Rustam", str(SEVARA): "Sevara",
    str(GULNORA): "Gulnora", str(AKMAL): "Akmal", str(ZUHRA): "Zuhra", str(OYBEK): "Oybek",
}  # fmt: skip


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

    def hands(self, time: str, by: Viewer, who: int, to: Viewer) -> None:
        routing.transfer(self.chat(who), by, self.at(time), to_person=to.person_id)

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


@pytest.fixture
def seldom(bank: Bank, cast: Cast, app: Flask) -> Day:
    """The page's second day."""
    day, aziza, timur = Day(bank), viewer_of(cast.aziza), viewer_of(cast.timur)
    day.writes("09:00:00", GULNORA)
    day.takes("09:02:00", aziza, GULNORA)
    snoozing.snooze(day.chat(GULNORA), Snooze.BANK, day.at("09:10:00"), aziza, day.at("09:03:00"))
    assert snoozing.wake(day.at("09:10:00")) == 1
    day.hands("09:12:00", aziza, GULNORA, timur)
    day.hands("09:15:00", timur, GULNORA, aziza)
    day.replies("09:20:00", aziza, GULNORA)
    day.finishes("09:30:00", aziza, GULNORA, Outcome.SOLVED)

    day.writes("10:00:00", AKMAL)
    day.takes("10:01:00", aziza, AKMAL)
    day.replies("10:02:00", aziza, AKMAL)
    day.finishes("10:05:00", aziza, AKMAL, Outcome.SOLVED)
    day.writes("10:15:00", AKMAL)
    day.replies("10:16:00", aziza, AKMAL)
    day.finishes("10:20:00", aziza, AKMAL, Outcome.SOLVED)

    day.writes("11:00:00", ZUHRA)
    day.takes("11:05:00", aziza, ZUHRA)
    day.finishes("11:07:00", aziza, ZUHRA, Outcome.NOT_SOLVED)

    day.writes("12:00:00", OYBEK)
    day.takes("12:01:00", aziza, OYBEK)
    day.replies("12:02:00", aziza, OYBEK)
    day.finishes("12:03:00", aziza, OYBEK, Outcome.SOLVED)
    reopening.reopen(day.chat(OYBEK), aziza, day.at("14:00:00"))
    day.replies("14:01:00", aziza, OYBEK)
    routing.give_back(day.chat(OYBEK), aziza, day.at("14:02:00"))
    day.takes("14:12:00", timur, OYBEK)
    day.replies("14:13:00", timur, OYBEK)
    day.finishes("14:15:00", timur, OYBEK, Outcome.SOLVED)
    return day


def test_every_formula_gives_the_numbers_worked_out_by_hand(day: Day) -> None:
    assert shown("episode", now=day.at("20:00:00")) == table("episode", "wait")


def test_the_formulas_hold_for_what_is_seldom(seldom: Day) -> None:
    found = shown("chat", "direction", "type", now=seldom.at("20:00:00"))
    assert found == table("chat", "direction")


def test_the_sums_of_the_day_are_those_worked_out_by_hand(day: Day) -> None:
    (sums,) = asked(re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)[0], since=day.start, until=day.end)
    told = re.search(
        r"The day: (\d+) arrived, (\d+) closed, (\d+) of them solved; average wait (\d+) s; median reaction (\d+) s;"
        r" average handling (\d+) s",
        PAGE,
    )
    assert told
    assert [float(value) for value in sums.values()] == [float(number) for number in told.groups()]


def test_the_sums_of_the_second_day_are_right_too(seldom: Day) -> None:
    (sums,) = asked(re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)[0], since=seldom.start, until=seldom.end)
    assert [float(value) for value in sums.values()] == [5, 5, 4, 135, 120, 552]


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


def shown(whose: str, *columns: str, now: datetime) -> list[dict[str, str]]:
    """What the formulas give for each episode, as the page writes it."""
    formulas = {row["number"]: row["formula"].strip("`") for row in table("number", "unit")}
    numbers = ", ".join(f'{formula} AS "{name}"' for name, formula in formulas.items())
    found = asked(
        f"SELECT i.external_id, e.number, e.direction, e.type, {numbers}"
        " FROM episode e JOIN identity i ON i.id = e.identity_id ORDER BY e.arrived_at",
        now=now,
    )
    return [
        {whose: f"{CLIENTS[row['external_id']]} {row['number']}"}
        | {name: row[name] for name in columns}
        | {name: said(row[name]) for name in formulas}
        for row in found
    ]


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
