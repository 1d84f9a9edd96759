"""A desk with clients who wait, and short words for rules."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.live import audience
from app.models.db import db, transaction
from app.queries import rules
from tests.desk.clients import Client

_SCORE = text("""
    INSERT INTO score_rule (names, position, conditions, points)
    VALUES (CAST(:names AS jsonb), 100, CAST(:conditions AS jsonb), :points) RETURNING id
""")
_RULE = text("""
    INSERT INTO routing_rule (names, position, conditions, outcome)
    VALUES (CAST(:names AS jsonb), :position, CAST(:conditions AS jsonb), CAST(:outcome AS jsonb)) RETURNING id
""")


CURVE = ((0, 0), (3, 12), (10, 60))


@pytest.fixture(autouse=True)
def _score(request: pytest.FixtureRequest) -> None:
    """The same few rules of the score for each test that has a database."""
    if "app" not in request.fixturenames and "context" not in request.fixturenames:
        return
    with request.getfixturevalue("app").app_context():
        run("DELETE FROM score_knot")
        run("DELETE FROM score_rule")
        for minutes, points in CURVE:
            run("INSERT INTO score_knot VALUES (:minutes, :points)", minutes=minutes, points=points)
        premium = run("SELECT id FROM segment WHERE names ->> 'ru' = 'Premium'")
        scored("Premium", 40, {"kind": "segment", "value": [premium]})
        scored("VIP", 60, {"kind": "vip"})
        db.session.remove()


@pytest.fixture
def dilshod(app: Flask) -> Iterator[Client]:
    """A client; the test stands in the application."""
    with app.app_context():
        audience.forget()
        yield Client()


def scored(name: str, points: int, *conditions: dict[str, Any]) -> int:
    """A score rule; its id."""
    return _insert(_SCORE, names={"ru": name}, conditions=conditions, points=points)


def routed(name: str, outcome: dict[str, Any], *conditions: dict[str, Any], position: int = 1) -> int:
    """A routing rule; its id."""
    return _insert(_RULE, names={"ru": name}, conditions=conditions, outcome=outcome, position=position)


def run(statement: str, **values: Any) -> Any:
    """One statement; its only value, when it gives one."""
    with transaction():
        found: Any = db.session.execute(text(statement), values)
        return found.scalar() if found.returns_rows else None


def _insert(statement: Any, **values: Any) -> int:
    plain = {name: one if isinstance(one, int) else json.dumps(one) for name, one in values.items()}
    with transaction():
        made = int(db.session.execute(statement, plain).scalar_one())
        db.session.execute(text("UPDATE rules_version SET number = number + 1"))
    rules.forget()
    return made
