"""The desk shows which buttons the client saw under an automatic word, and which of them he pressed."""

import re

import pytest
from flask import Flask

from app.live import fragments
from app.models.db import db
from app.models.rating import callback
from app.queries import thread
from tests.ending.conftest import Desk

pytestmark = pytest.mark.clause("9.6")


def shown(desk: Desk) -> dict[str, bool]:
    """The labels in the question's bubble, and whether each was pressed."""
    found = thread.message(desk.chat_id, desk.one("SELECT message_id FROM rating"))
    assert found is not None
    html = fragments.item(found, "uz_Latn")
    db.session.rollback()
    chips = re.findall(r'<span class="chip( pressed)?">(?:<svg.*?</svg>)?\s*([^<]*)</span>', html, re.DOTALL)
    return {label.strip(): bool(pressed) for pressed, label in chips}


def test_what_was_offered_stands_in_the_bubble(app: Flask, desk: Desk) -> None:
    desk.served()
    desk.delivers()
    assert list(shown(desk)) == desk.buttons()
    assert not any(shown(desk).values())


def test_what_was_pressed_is_marked_also_what_was_offered_later(app: Flask, desk: Desk) -> None:
    desk.served()
    for what in ("4", "4", "comment"):
        desk.presses(callback(desk.rating_id, what))
    pressed = [label for label, was in shown(desk).items() if was]
    assert pressed[0] == "4"
    assert len(pressed) == 2
    assert desk.one("SELECT jsonb_array_length(shape->'pressed') FROM message WHERE shape ? 'pressed'") == 2


def test_a_press_that_was_refused_is_not_shown(app: Flask, desk: Desk) -> None:
    desk.served()
    for what in ("9", "4", "2"):
        desk.presses(callback(desk.rating_id, what))
    assert [label for label, was in shown(desk).items() if was] == ["4"]
