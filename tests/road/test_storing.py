"""Requests that are stored together: each hears of its own updates only, and none returns before they are safe."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app.actions import intake
from app.base import clock, prepared
from app.base.later import queue
from app.channels.contract import Raw
from tests.road.conftest import Bank, message

pytestmark = pytest.mark.clause("1.1")


@pytest.fixture
def accept(app: Flask, bank: Bank) -> Callable[[Raw], str]:
    """Accept one update as a web process does; what came of it."""

    def accepted(raw: Raw) -> str:
        with app.app_context():
            try:
                intake.accept(bank.channel_id, bank.kind, [raw], clock.now())
            except Exception as error:
                return type(error).__name__
            found = bank.one("SELECT count(*) FROM inbox WHERE external_id = :id", id=raw.id)
            return "stored" if found == 1 else "lost"

    return accepted


def test_what_many_bring_at_once_is_stored_before_each_is_answered(bank: Bank, accept: Callable[[Raw], str]) -> None:
    raws = [Raw(str(number), message(f"{number}")) for number in range(120)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(accept, raws))

    assert set(answers) == {"stored"}
    assert bank.one("SELECT count(*) FROM inbox") == 120
    assert len(queue("hot").job_ids) >= 1


def test_what_cannot_be_stored_hurts_nobody_else(bank: Bank, accept: Callable[[Raw], str]) -> None:
    raws = [Raw(f"{number}\x00" if number == 30 else str(number), message("Salom")) for number in range(60)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(accept, raws))

    assert [answer for number, answer in enumerate(answers) if number != 30] == ["stored"] * 59
    assert answers[30] not in ("stored", "lost")
    assert bank.one("SELECT count(*) FROM inbox") == 59


def test_the_same_update_from_many_at_once_is_one_row(bank: Bank, accept: Callable[[Raw], str]) -> None:
    again = Raw("77", message("Salom"))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(accept, [again] * 40))

    assert set(answers) == {"stored"}
    assert bank.one("SELECT count(*) FROM inbox") == 1


def test_whoever_is_cut_off_in_the_middle_leaves_the_next_a_connection_that_works(
    bank: Bank, accept: Callable[[Raw], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object, **__: object) -> None:
        raise SystemExit

    assert accept(Raw("1", message("Salom"))) == "stored"
    with monkeypatch.context() as patch:
        patch.setattr(prepared.Connection, "wait", end)
        with pytest.raises(SystemExit):
            accept(Raw("2", message("Salom")))
    assert accept(Raw("3", message("Salom"))) == "stored"
