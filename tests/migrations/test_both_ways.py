"""Migrations run both ways on a database in use."""

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app.models.db import db
from migrations import attach
from tests.cast import Cast

pytestmark = pytest.mark.own_database


def _count(what: str) -> int:
    found: int = db.session.execute(text(f"SELECT count(*) FROM {what}")).scalar_one()
    db.session.remove()
    return found


def _there_and_back(app: Flask) -> None:
    db.session.remove()
    db.engine.dispose()
    attach(app)
    downgrade(revision="0001")
    upgrade()


def test_a_step_back_keeps_the_people_with_their_roles(app: Flask, cast: Cast) -> None:
    assert cast.aziza.id and cast.kamola.id
    with app.app_context():
        db.session.execute(text("INSERT INTO group_member SELECT 1, id FROM person"))
        db.session.execute(text("UPDATE topic SET archived_at = now() WHERE id = 5"))
        db.session.commit()
        _there_and_back(app)
        assert _count("person_role") == 2
        assert _count("role") == 5
        assert _count("role_permission WHERE permission = 'lists.change'") == 1
    assert cast.kamola.browser.get("/office/lists/topics").status_code == 200


def test_the_start_set_is_back_after_a_step_back(app: Flask) -> None:
    with app.app_context():
        before = {table: _count(table) for table in ("topic", "work_status", "business_hours", "auto_reply")}
        _there_and_back(app)
        assert before == {table: _count(table) for table in before}


def test_new_entries_get_numbers_of_their_own(app: Flask) -> None:
    with app.app_context():
        made = db.session.execute(
            text("INSERT INTO segment (names, position) VALUES ('{}', 9) RETURNING id")
        ).scalar_one()
        db.session.rollback()
        assert made > 3
