"""The type of an episode at its end, as docs/metrics.md defines each (clause 6.1)."""

import json
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import text

from app.actions import closing, intake, reopening, reply, routing
from app.base import clock
from app.channels.contract import Raw
from app.models.chat import Outcome
from app.models.db import db, transaction
from app.models.viewer import Viewer
from tests.cast import Cast
from tests.road.conftest import Bank, message, viewer_of

pytestmark = pytest.mark.clause("6.1")

NOON, NIGHT = (datetime(2026, 11, 23, hour, 0, tzinfo=clock.TASHKENT) for hour in (12, 22))
WEEK = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
_HOURS = text("UPDATE business_hours SET week = CAST(:week AS jsonb) WHERE id = :id")


@pytest.fixture
def aziza(cast: Cast) -> Viewer:
    return viewer_of(cast.aziza)


@pytest.fixture
def hours(bank: Bank) -> Iterator[None]:
    """From nine to six; everybody's hours come back afterwards."""
    before = db.session.execute(text("SELECT id, week FROM business_hours")).all()
    db.session.rollback()
    _keep({row.id: WEEK for row in before})
    yield
    _keep({row.id: row.week for row in before})


def _keep(weeks: dict[int, object]) -> None:
    with transaction():
        for hours_id, week in weeks.items():
            db.session.execute(_HOURS, {"id": hours_id, "week": json.dumps(week)})


def writes(bank: Bank, at: datetime) -> int:
    update = message(at=at.timestamp())
    intake.accept(bank.channel_id, bank.kind, [Raw(str(update["update_id"]), update)], at)
    intake.take(at)
    return bank.chat_id()


def told(bank: Bank, kind: str) -> None:
    """An automatic word of this occasion was said."""
    with transaction():
        db.session.execute(
            text("INSERT INTO auto_said (episode_id, kind, occasion, at) SELECT id, :kind, '', now() FROM episode"),
            {"kind": kind},
        )


def ends_it(bank: Bank, at: datetime) -> str:
    """The client ends the chat; its type then."""
    closing.finish_by_client(bank.chat_id(), bank.one("SELECT id FROM identity"), at)
    return kind(bank)


def kind(bank: Bank) -> str:
    return str(bank.one("SELECT type FROM episode ORDER BY number DESC LIMIT 1"))


def test_a_chat_that_nobody_answered_is_missed_whoever_closes_it(bank: Bank, aziza: Viewer) -> None:
    chat_id = writes(bank, NOON)
    routing.take(chat_id, aziza, NOON)
    closing.finish(chat_id, Outcome.NOT_SOLVED, [], "", aziza, NOON)
    assert kind(bank) == "missed"


def test_spam_is_not_missed(bank: Bank, aziza: Viewer) -> None:
    chat_id = writes(bank, NOON)
    routing.take(chat_id, aziza, NOON)
    closing.finish(chat_id, Outcome.SPAM, [], "", aziza, NOON)
    assert kind(bank) == "new"


def test_a_client_who_leaves_the_queue_is_missed_though_he_was_greeted(bank: Bank) -> None:
    writes(bank, NOON)
    told(bank, "greeting")
    assert ends_it(bank, NOON) == "missed"


def test_who_was_told_that_the_bank_is_closed_and_ends_it_then_is_bot_only(bank: Bank, hours: None) -> None:
    writes(bank, NIGHT)
    told(bank, "out_of_hours")
    assert ends_it(bank, NIGHT) == "bot-only"


def test_who_was_told_so_and_still_waits_when_it_is_open_is_missed(bank: Bank, hours: None) -> None:
    writes(bank, NIGHT)
    told(bank, "out_of_hours")
    assert ends_it(bank, NOON.replace(day=24)) == "missed"


def test_what_the_assistant_alone_served_stays_bot_only_when_time_closes_it(bank: Bank) -> None:
    chat_id = writes(bank, NOON)
    with transaction():
        db.session.execute(text("UPDATE episode SET type = 'bot-only'"))
    closing.finish_by_system(chat_id, "idle", NOON)
    assert kind(bank) == "bot-only"


def test_with_a_person_called_it_is_bot_only_no_more(bank: Bank, aziza: Viewer) -> None:
    chat_id = writes(bank, NOON)
    with transaction():
        db.session.execute(text("UPDATE episode SET type = 'bot-only'"))
    routing.take(chat_id, aziza, NOON)
    assert kind(bank) == "new"
    closing.finish_by_system(chat_id, "idle", NOON)
    assert kind(bank) == "missed"


def test_a_transferred_chat_without_an_answer_ends_as_missed(bank: Bank, aziza: Viewer, cast: Cast) -> None:
    chat_id = writes(bank, NOON)
    routing.take(chat_id, aziza, NOON)
    routing.transfer(chat_id, aziza, NOON, to_person=cast.botir.id, note="")
    assert kind(bank) == "transferred"
    assert ends_it(bank, NOON) == "missed"


def test_a_chat_we_opened_is_outgoing_and_never_missed(bank: Bank, aziza: Viewer) -> None:
    chat_id = writes(bank, NOON)
    routing.take(chat_id, aziza, NOON)
    reply.say(chat_id, "Salom", aziza, NOON)
    closing.finish(chat_id, Outcome.SOLVED, [], "", aziza, NOON)
    reopening.reopen(chat_id, aziza, NOON)
    assert (kind(bank), bank.one("SELECT direction FROM episode ORDER BY number DESC LIMIT 1")) == ("outgoing", "out")
    closing.finish(chat_id, Outcome.SOLVED, [], "", aziza, NOON)
    assert kind(bank) == "outgoing"
