"""Updates full of nonsense on the whole road in: each is understood or kept as unsupported, and none sticks."""

import copy
import random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.actions import intake
from app.base import clock
from app.channels.contract import Raw
from app.models.db import db
from tests.channels import updates
from tests.fuzz import nonsense
from tests.writes import Client

pytestmark = [pytest.mark.clause("1.2"), pytest.mark.own_database]

INPUTS = 2000 * nonsense.TIMES
SAMPLES = [*(updates.message(**content) for content in updates.BY_KIND.values()), updates.edited(text="x")]
SAMPLES += [updates.membership("kicked"), updates.callback()]


def test_no_update_sticks_or_is_lost(app: Flask) -> None:
    """Whatever is accepted is taken or shown as unsupported; a neighbour's plain words always come through."""
    client, dice = Client(app), random.Random(1)
    accepted = 0
    for start in range(0, INPUTS, 20):
        raws = [Raw(f"fuzz {start + number}", spoilt(dice, start + number)) for number in range(20)]
        with app.app_context():
            intake.accept(client._channel_id, "telegram", raws, clock.now())
            accepted += len(raws)
            intake.take(clock.now())
            db.session.remove()
    client.says("Salom")
    with app.app_context():
        counted = db.session.execute(text("SELECT state, count(*) AS number FROM inbox GROUP BY state"))
        states: dict[str, int] = {row.state: row.number for row in counted}
        errors = db.session.scalars(text("SELECT DISTINCT error FROM inbox WHERE state = 'failed' OR tries > 0")).all()
        db.session.remove()
    assert errors == []
    assert states.keys() <= {"taken", "unsupported"}
    assert sum(states.values()) == accepted + 1


def spoilt(dice: random.Random, number: int) -> dict[str, Any]:
    """A real update with some of its values replaced, in a chat of its own or an old one."""
    update = copy.deepcopy(dice.choice(SAMPLES))
    _renumber(update, dice.randrange(1, 60), number)
    for _ in range(dice.randrange(1, 4)):
        spots = list(_spots(update))
        holder, key = dice.choice(spots)
        holder[key] = nonsense.value(dice)
        if not isinstance(update, dict):
            return {}
    return update


def _renumber(update: dict[str, Any], client: int, number: int) -> None:
    update["update_id"] = number
    for holder, key in list(_spots(update)):
        if key in ("chat", "from") and isinstance(holder[key], dict):
            holder[key]["id"] = 900_000 + client
        elif key == "message_id":
            holder[key] = number


def _spots(tree: Any) -> Any:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in list(items):
        yield tree, key
        yield from _spots(value)
