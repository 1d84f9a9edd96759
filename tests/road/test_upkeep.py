"""What the system takes away by itself: finished rows of the road, never one that somebody still needs."""

from datetime import timedelta

import pytest

from app.actions import upkeep
from app.base import clock
from app.models.db import db, transaction
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
