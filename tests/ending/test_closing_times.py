"""A chat the client left is closed after a warning, a closed one goes on within its time: by a clock that is held."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.actions import presence, reply, snoozing
from app.models.chat import Outcome, Snooze
from app.models.db import db, transaction
from tests.ending.conftest import Desk, setting, tashkent

pytestmark = pytest.mark.clause("9.5")

# An ordinary noon; just before midnight; the end of a month and of a year; the leap day.
MOMENTS = [
    tashkent(2026, 11, 23, 12, 0),
    tashkent(2026, 11, 23, 23, 50),
    tashkent(2026, 11, 30, 23, 30),
    tashkent(2026, 12, 31, 23, 59, 30),
    tashkent(2027, 2, 28, 23, 45),
]
moments = pytest.mark.parametrize("begins", MOMENTS, ids=lambda at: at.strftime("%d.%m %H:%M"))


def answered(desk: Desk, begins: datetime) -> datetime:
    """Aziza has answered at a moment and waits for the client; gives the moment."""
    desk.at = begins
    desk.client_says()
    desk.takes()
    desk.says()
    return desk.at


@moments
def test_first_the_client_is_warned_then_the_chat_is_closed(desk: Desk, begins: datetime) -> None:
    since = answered(desk, begins)
    desk.at = since + timedelta(minutes=50) - timedelta(seconds=1)
    assert desk.idles() == 0
    assert warnings(desk) == 0
    desk.later(seconds=1)
    assert desk.idles() == 0
    assert desk.idles() == 0
    assert warnings(desk) == 1
    desk.at = since + timedelta(minutes=60) - timedelta(seconds=1)
    assert desk.idles() == 0
    desk.later(seconds=1)
    assert desk.idles() == 1
    assert desk.one("SELECT closed_at FROM episode") == desk.at
    assert desk.one("SELECT data->>'by' FROM event WHERE verb = 'finished'") == "system"


def test_the_warning_says_how_long_is_left_in_the_clients_language(desk: Desk) -> None:
    since = answered(desk, MOMENTS[0])
    desk.at = since + timedelta(minutes=50)
    desk.idles()

    assert desk.said()[-1] == "Savollaringiz qoldimi? Xabar boʻlmasa, 10 daqiqadan soʻng chat yakunlanadi."


@moments
def test_a_word_after_the_warning_keeps_it_open(desk: Desk, begins: datetime) -> None:
    since = answered(desk, begins)
    desk.at = since + timedelta(minutes=50)
    desk.idles()
    desk.client_says("Ha, yana savolim bor")
    desk.later(hours=3)
    assert desk.idles() == 0
    desk.says("Mana")
    desk.later(minutes=50)
    desk.idles()
    assert warnings(desk) == 2


def test_a_system_that_was_away_warns_first_however_late(desk: Desk) -> None:
    answered(desk, MOMENTS[0])
    desk.later(days=2)
    assert desk.idles() == 0
    assert warnings(desk) == 1
    desk.later(minutes=9)
    assert desk.idles() == 0
    desk.later(minutes=1)
    assert desk.idles() == 1


def test_a_client_who_waits_for_an_answer_is_never_closed(desk: Desk) -> None:
    answered(desk, MOMENTS[0])
    desk.client_says("Yana savol")
    desk.later(days=3)
    desk.idles()
    assert desk.idles() == 0


def test_a_chat_in_the_queue_is_never_closed(desk: Desk) -> None:
    desk.at = MOMENTS[0]
    desk.client_says()
    desk.later(days=3)
    desk.idles()
    assert desk.idles() == 0


@pytest.mark.parametrize("what", [Snooze.UNTIL, Snooze.CLIENT, Snooze.BANK])
def test_a_chat_that_was_set_aside_is_spared(desk: Desk, what: Snooze) -> None:
    answered(desk, MOMENTS[0])
    snoozing.snooze(desk.chat_id, what, desk.at + timedelta(days=9), desk.aziza, desk.at)
    desk.later(days=2)
    desk.idles()
    desk.later(hours=2)
    assert desk.idles() == 0
    assert warnings(desk) == 0


def test_while_somebody_types_nothing_is_closed(desk: Desk) -> None:
    answered(desk, MOMENTS[0])
    desk.later(minutes=50)
    presence.signal(desk.chat_id, desk.aziza, "types")
    desk.idles()
    assert warnings(desk) == 0
    presence.signal(desk.chat_id, desk.aziza, "looks")
    desk.idles()
    assert warnings(desk) == 1


def test_an_answer_begun_counts_as_a_word(desk: Desk) -> None:
    since = answered(desk, MOMENTS[0])
    desk.at = since + timedelta(minutes=40)
    reply.keep_draft(desk.chat_id, "Bir daqiqa", desk.aziza, desk.at)
    desk.at = since + timedelta(minutes=55)
    desk.idles()
    assert warnings(desk) == 0
    desk.at = since + timedelta(minutes=90)
    desk.idles()
    assert warnings(desk) == 1


def test_nothing_closes_where_the_time_is_nought(desk: Desk) -> None:
    setting("ending.close_minutes", 0)
    answered(desk, MOMENTS[0])
    desk.later(days=30)
    desk.idles()
    assert desk.idles() == 0


def test_without_a_warning_it_closes_at_its_time(desk: Desk) -> None:
    setting("ending.warn_minutes", 0)
    since = answered(desk, MOMENTS[0])
    desk.at = since + timedelta(minutes=59)
    assert desk.idles() == 0
    desk.later(minutes=1)
    assert desk.idles() == 1
    assert warnings(desk) == 0


def test_a_channel_has_its_own_time_and_a_group_goes_before_it(desk: Desk) -> None:
    group_id = desk.one("SELECT min(id) FROM staff_group")
    rule(channel_id=desk.channel_id, close=20, warn=5)
    since = answered(desk, MOMENTS[0])
    desk.at = since + timedelta(minutes=15)
    desk.idles()
    assert warnings(desk) == 1
    rule(group_id=group_id, close=0)
    with transaction():
        db.session.execute(text("UPDATE standing SET group_id = :id"), {"id": group_id})
    desk.later(hours=5)
    assert desk.idles() == 0


def test_a_chat_with_the_assistant_alone_has_its_own_time(desk: Desk) -> None:
    setting("ending.bot_minutes", 30)
    desk.at = MOMENTS[1]
    desk.client_says()
    with transaction():
        db.session.execute(text("UPDATE episode SET type = 'bot-only'"))
    since = desk.one("SELECT last_at FROM standing")
    desk.at = since + timedelta(minutes=30) - timedelta(seconds=1)
    assert desk.idles() == 0
    desk.later(seconds=1)
    assert desk.idles() == 1


@moments
@pytest.mark.parametrize(("minutes", "same"), [(59, True), (61, False)])
def test_a_word_within_the_time_goes_on_with_the_same_episode(
    desk: Desk, begins: datetime, minutes: int, same: bool
) -> None:
    answered(desk, begins)
    desk.closes()
    number = desk.chat_id
    desk.later(minutes=minutes)
    desk.client_says("Yana bir narsa")

    assert desk.chat_id == number
    assert desk.one("SELECT count(*) FROM episode") == (1 if same else 2)
    assert desk.one("SELECT type FROM episode ORDER BY number DESC LIMIT 1") == ("resumed" if same else "new")
    assert desk.one("SELECT count(*) FROM event WHERE verb = 'resumed'") == (1 if same else 0)
    assert desk.one("SELECT owner_id FROM standing") == (desk.aziza.person_id if same else None)
    assert desk.one("SELECT waits_since IS NOT NULL AND unread = 1 FROM standing")


def test_the_closing_stays_as_a_dated_record(desk: Desk) -> None:
    answered(desk, MOMENTS[0])
    desk.closes(Outcome.NOT_SOLVED)
    closed_at = desk.at
    desk.client_says("Yana")

    assert desk.one("SELECT closed_at IS NULL AND outcome IS NULL AND closed_by IS NULL FROM episode")
    assert desk.one("SELECT closed_at FROM closure") == closed_at
    assert desk.one("SELECT outcome FROM closure") == "not_solved"
    assert desk.one("SELECT by_id FROM closure") == desk.aziza.person_id
    assert desk.one("SELECT resumed_at FROM closure") == desk.at


def test_what_was_closed_by_itself_goes_on_too(desk: Desk) -> None:
    answered(desk, MOMENTS[0])
    desk.later(minutes=50)
    desk.idles()
    desk.later(minutes=10)
    assert desk.idles() == 1
    desk.client_says("Kechirasiz, band edim")

    assert desk.one("SELECT count(*) FROM episode") == 1
    assert desk.one("SELECT how FROM closure") == "system"


def test_an_operator_who_is_not_at_work_does_not_get_it_back(desk: Desk) -> None:
    answered(desk, MOMENTS[0])
    desk.closes()
    with transaction():
        db.session.execute(text("UPDATE status_span SET ended_at = now() WHERE ended_at IS NULL"))
    desk.client_says("Yana")

    assert desk.one("SELECT stage FROM standing") == "queue"
    assert desk.one("SELECT owner_id FROM standing") is None


def test_spam_begins_anew(desk: Desk) -> None:
    answered(desk, MOMENTS[0])
    desk.closes(Outcome.SPAM)
    desk.client_says("Yana")

    assert desk.one("SELECT count(*) FROM episode") == 2


def test_a_channel_has_its_own_time_to_go_on(desk: Desk) -> None:
    rule(channel_id=desk.channel_id, resume=0)
    answered(desk, MOMENTS[0])
    desk.closes()
    desk.client_says("Yana")

    assert desk.one("SELECT count(*) FROM episode") == 2


def test_nothing_is_greeted_twice_when_a_chat_goes_on(desk: Desk) -> None:
    answered(desk, MOMENTS[0])
    before = [one for one in desk.said() if "Assalomu" in one or "Aziza" in one]
    desk.closes()
    desk.client_says("Yana")

    assert [one for one in desk.said() if "Assalomu" in one or "Aziza" in one] == before
    assert len(before) == 2


def warnings(desk: Desk) -> int:
    return sum("Savollaringiz qoldimi" in one for one in desk.said())


def rule(
    *,
    channel_id: int | None = None,
    group_id: int | None = None,
    close: int | None = None,
    warn: int | None = None,
    resume: int | None = None,
) -> None:
    values = {"channel_id": channel_id, "group_id": group_id, "close": close, "warn": warn, "resume": resume}
    with transaction():
        db.session.execute(
            text("""INSERT INTO ending_rule (names, position, channel_id, group_id, close_minutes, warn_minutes,
                                             resume_minutes)
                    VALUES ('{"ru": "x"}', 1, :channel_id, :group_id, :close, :warn, :resume)"""),
            values,
        )
