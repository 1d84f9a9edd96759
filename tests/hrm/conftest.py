"""A personnel system, and tables that a bank would write."""

from collections.abc import Iterator
from datetime import datetime
from threading import Thread
from typing import Any

import pytest

from app.base import clock
from app.base.clock import TASHKENT
from app.models.db import db
from deploy.demo.hrm import Personnel
from tests.dispatch.conftest import Room, room  # noqa: F401 - the fixture of a desk with a queue

KEY = "bank-personnel-key"
HEAD = "login;day;from;till;last_day;absence"


@pytest.fixture
def personnel() -> Iterator[Personnel]:
    served = Personnel(KEY, ("aziza", "timur"))
    thread = Thread(target=served.server.serve_forever, daemon=True)
    thread.start()
    yield served
    served.server.shutdown()
    served.server.server_close()
    thread.join(5)


def csv(*lines: str) -> bytes:
    return "\n".join((HEAD, *lines)).encode()


def today(at: datetime | None = None) -> str:
    return (at or clock.now()).astimezone(TASHKENT).date().isoformat()


def rows(statement: str) -> list[tuple[Any, ...]]:
    db.session.rollback()
    return [tuple(row) for row in db.session.connection().exec_driver_sql(statement)]
