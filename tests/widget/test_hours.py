"""Out of hours the page says when the bank answers (clause 4.1)."""

import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app.models.db import db, transaction

pytestmark = pytest.mark.clause("4.1")
_WEEK = text("UPDATE business_hours SET week = CAST(:week AS jsonb), holidays = '[]' WHERE id = :id")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.fixture
def weeks(key: str) -> Iterator[list[int]]:
    """The calendars, which the test may change."""
    with transaction():
        before = db.session.execute(text("SELECT id, week, holidays FROM business_hours")).all()
    yield [row.id for row in before]
    back = text("UPDATE business_hours SET week = CAST(:week AS jsonb), holidays = CAST(:days AS jsonb) WHERE id = :id")
    with transaction():
        for row in before:
            db.session.execute(back, {"id": row.id, "week": json.dumps(row.week), "days": json.dumps(row.holidays)})


@pytest.mark.parametrize(("begins", "ends", "closed"), [("00:00", "00:01", True), ("00:00", "24:00", False)])
def test_the_page_tells_when_the_bank_opens(
    client: FlaskClient, key: str, weeks: list[int], begins: str, ends: str, closed: bool
) -> None:
    with transaction():
        for one in weeks:
            week = {day: [[begins, ends]] for day in DAYS}
            db.session.execute(_WEEK, {"id": one, "week": json.dumps(week)})
    page = client.get(f"/widget/{key}?lang=en").text
    assert ("We are closed now and will answer tomorrow at 00:00." in page) is closed
