"""What a client hears at once when nobody at work can serve him."""

import pytest

from tests.ending.conftest import Desk, tashkent

pytestmark = pytest.mark.clause("1.6", "5.1")


def test_he_is_greeted_before_he_is_asked_for_patience(desk: Desk) -> None:
    desk.at = tashkent(2026, 11, 23, 11, 0)
    desk.client_says("Good morning, my card does not work, please help me")

    assert [words.split()[0] for words in desk.said()] == ["Hello,", "Sorry"]
