"""Whoever takes part in a chat beside its owner changes nothing of what is told of the owner."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.actions import closing, routing
from app.base import clock
from app.models.chat import Outcome
from app.models.db import db
from app.models.viewer import Viewer
from tests.cast import Cast
from tests.road.conftest import Bank, message, viewer_of

pytestmark = pytest.mark.clause("8.1")

_COMES = text("""
    INSERT INTO participant (episode_id, person_id, began_at, how, role)
    SELECT max(id), :person_id, :now, 'listens', :role FROM episode
""")


@pytest.fixture
def aziza(bank: Bank, cast: Cast) -> Viewer:
    """She has a chat, and Botir listens to it."""
    bank.receive(message("Kartam bloklandi"))
    viewer = viewer_of(cast.aziza)
    routing.take(bank.chat_id(), viewer, clock.now())
    _comes(cast.botir.id, "guest")
    return viewer


def test_a_guest_is_not_the_owner_and_stays_when_the_owner_changes(bank: Bank, aziza: Viewer, cast: Cast) -> None:
    assert bank.one("SELECT array_agg(person_id) FROM assignment WHERE ended_at IS NULL") == [aziza.person_id]

    routing.transfer(bank.chat_id(), aziza, clock.now(), to_person=cast.timur.id, note="")

    assert bank.one("SELECT owner_id FROM standing") == cast.timur.id
    assert bank.one("SELECT person_id FROM participant WHERE role = 'guest' AND ended_at IS NULL") == cast.botir.id


def test_there_is_one_owner_and_no_guest_twice(aziza: Viewer, cast: Cast) -> None:
    for person_id, role in ((cast.timur.id, "owner"), (cast.botir.id, "guest"), (cast.timur.id, "spy")):
        with pytest.raises(IntegrityError):
            _comes(person_id, role)
        db.session.rollback()


def test_with_the_end_of_the_chat_everybody_leaves(bank: Bank, aziza: Viewer) -> None:
    closing.finish(bank.chat_id(), Outcome.SOLVED, [], "", aziza, clock.now())
    assert bank.one("SELECT count(*) FROM participant WHERE ended_at IS NULL") == 0


def _comes(person_id: int, role: str) -> None:
    db.session.execute(_COMES, {"person_id": person_id, "role": role, "now": clock.now()})
    db.session.commit()
