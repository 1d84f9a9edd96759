"""What the system takes away by itself: finished rows and old notifications, never one that somebody still needs."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.actions import notices, upkeep
from app.base import clock
from app.models import notice as nouns
from app.models.db import db, transaction
from tests.cast import Cast
from tests.ending.conftest import setting
from tests.road.conftest import Bank, message

pytestmark = pytest.mark.clause("8.4")


def test_raw_rows_go_after_a_month_and_the_chat_stays(bank: Bank) -> None:
    bank.receive(message("Salom"), message("Kartam ishlamayapti"))
    now = clock.now()

    assert upkeep.clear_road(now + timedelta(days=29)) == 0
    assert upkeep.clear_road(now + timedelta(days=31)) >= 2
    assert bank.one("SELECT count(*) FROM inbox") == 0
    assert bank.said()[0] == "Salom"


def test_what_could_not_be_read_stays_until_somebody_has_seen_to_it(bank: Bank) -> None:
    bank.receive(message("Salom"))
    with transaction():
        db.session.connection().exec_driver_sql("UPDATE inbox SET state = 'failed'")

    upkeep.clear_road(clock.now() + timedelta(days=400))
    assert bank.one("SELECT count(*) FROM inbox") == 1


def test_the_same_update_is_known_even_after_its_raw_row_has_gone(bank: Bank) -> None:
    said = message("Salom")
    bank.receive(said)
    upkeep.clear_road(clock.now() + timedelta(days=31))
    bank.receive(said)
    assert bank.said().count("Salom") == 1


def test_a_notification_goes_after_its_time_unless_it_is_important_and_unread(bank: Bank, cast: Cast) -> None:
    kind, long_ago, now = nouns.NoticeKind("test.old", "Old"), clock.now() - timedelta(days=200), clock.now()
    people = [cast.aziza.id, cast.timur.id, cast.botir.id]
    with transaction() as tx:
        for important in (False, True):
            notices.tell(tx, people, kind, long_ago, important=important)
            notices.tell(tx, people, kind, now, important=important)
        db.session.execute(text("UPDATE notice SET read_at = at WHERE person_id = :id"), {"id": cast.timur.id})

    assert upkeep.clear_notices(now) == 4
    assert bank.one("SELECT count(*) FROM notice WHERE at < :now AND important AND read_at IS NULL", now=now) == 2
    assert bank.one("SELECT count(*) FROM notice WHERE at = :now", now=now) == 6


def test_the_bank_says_how_long_notifications_are_kept(bank: Bank, cast: Cast) -> None:
    aziza = cast.aziza
    with transaction() as tx:
        notices.tell(tx, [aziza.id], nouns.NoticeKind("test.old", "Old"), clock.now())
    setting("notices.keep_days", 7)

    assert upkeep.clear_notices(clock.now() + timedelta(days=6)) == 0
    assert upkeep.clear_notices(clock.now() + timedelta(days=8)) == 1
