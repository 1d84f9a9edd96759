"""The bank's personnel system: tried, read, refused; what it says holds, and what it loses does not empty the desk."""

from datetime import timedelta
from typing import Any

import pytest

from app.actions import hrm, hrm_wire
from app.actions.journal import HERE
from app.base import clock
from app.models.viewer import SYSTEM
from app.queries import hrm as known
from deploy.demo.hrm import Personnel
from tests.cast import Cast
from tests.entry.asking import journalled
from tests.hrm.conftest import KEY, rows, today

pytestmark = pytest.mark.clause("7.5")


@pytest.fixture
def people(cast: Cast) -> Cast:
    assert cast.aziza and cast.timur
    return cast


def connect(address: str, token: str = KEY, hours: int = 1) -> None:
    hrm.connect(hrm.Wish(address, token, hours), SYSTEM, HERE, clock.now())


def test_the_plan_of_the_service_is_taken_over(context: None, people: Cast, personnel: Personnel) -> None:
    connect(personnel.url)
    assert hrm.read_due(clock.now())
    planned = {row[0] for row in rows("SELECT person_id FROM schedule WHERE source = 'service'")}
    assert planned == {people.aziza.id, people.timur.id}
    assert not hrm.read_due(clock.now())  # the next time is in an hour
    assert hrm.read_due(clock.now() + timedelta(hours=1))


def test_the_first_plan_switches_giving_by_the_schedule_on(context: None, people: Cast, personnel: Personnel) -> None:
    connect(personnel.url)
    hrm.read(SYSTEM, HERE, clock.now())
    assert rows("SELECT value FROM setting WHERE key = 'hrm.respected'") == [(True,)]


@pytest.mark.parametrize(
    ("status", "body", "trouble"),
    [
        (200, b"<html>", "shape"),
        (200, b'{"contract": 2, "rows": []}', "shape"),
        (200, b'{"contract": 1, "rows": []}', "empty"),
        (200, b'{"contract": 1, "rows": [{"login": "nobody", "day": "x"}, 5, {"login": 7}]}', "empty"),
        (500, b"", "status"),
        (302, b"", "status"),
    ],
)
def test_an_answer_that_is_none_changes_nothing(
    context: None, people: Cast, personnel: Personnel, status: int, body: bytes, trouble: str
) -> None:
    connect(personnel.url)
    hrm.read(SYSTEM, HERE, clock.now())
    before = rows("SELECT count(*) FROM schedule")
    personnel.answer = (status, body)
    with pytest.raises(hrm_wire.Trouble) as raised:
        hrm.read(SYSTEM, HERE, clock.now())
    assert raised.value.code == trouble == known.state().trouble
    assert rows("SELECT count(*) FROM schedule") == before


def test_what_the_service_no_longer_tells_is_gone_and_a_table_stays(
    context: None, people: Cast, personnel: Personnel
) -> None:
    connect(personnel.url)
    hrm.read(SYSTEM, HERE, clock.now())
    day = today()
    personnel.answer = (
        200,
        f'{{"contract": 1, "rows": [{{"login": "timur", "day": "{day}", "from": "10:00", "till": "12:00"}}]}}'.encode(),
    )
    hrm.read(SYSTEM, HERE, clock.now())
    assert rows("SELECT person_id FROM schedule") == [(people.timur.id,)]


def test_a_wrong_row_is_left_out_and_told(context: None, people: Cast, personnel: Personnel) -> None:
    good = f'{{"login": "aziza", "day": "{today()}", "from": "10:00", "till": "12:00"}}'
    personnel.answer = (
        200,
        f'{{"contract": 1, "rows": [{good}, {{"login": "stranger", "day": "{today()}"}}]}}'.encode(),
    )
    connect(personnel.url)
    assert hrm.read(SYSTEM, HERE, clock.now()) == 1
    assert [(number, login) for number, login, _why, _said in known.state().wrong] == [(2, "stranger")]


def test_a_wrong_key_is_denied(context: None, people: Cast, personnel: Personnel) -> None:
    connect(personnel.url, "another")
    with pytest.raises(hrm_wire.Trouble, match="denied"):
        hrm.read(SYSTEM, HERE, clock.now())


def test_a_service_that_is_away_is_asked_again_in_a_quarter(context: None, people: Cast) -> None:
    connect("http://127.0.0.1:9/api")
    at = clock.now()
    assert hrm.read_due(at)
    assert known.state().trouble == "unreachable"
    assert not hrm.read_due(at + timedelta(minutes=10))
    assert hrm.read_due(at + timedelta(minutes=16))


def test_an_address_inside_a_closed_network_is_not_called(context: None, people: Cast) -> None:
    connect("http://10.1.2.3/api")
    with pytest.raises(hrm_wire.Trouble, match="forbidden"):
        hrm.read(SYSTEM, HERE, clock.now())


def test_the_kept_key_goes_nowhere_but_where_it_was_given_for(
    context: None, people: Cast, personnel: Personnel
) -> None:
    connect("http://127.0.0.1:9/api")
    with pytest.raises(hrm_wire.Trouble, match="denied"):
        hrm.check(hrm.Wish(personnel.url, "", 0), clock.now())
    connect(personnel.url, "")
    assert not known.state().has_token


def test_the_key_is_sealed_and_stands_in_no_journal(context: None, people: Cast, superuser: Any) -> None:
    connect("https://hrm.bank.uz/api")
    sealed = rows("SELECT token FROM hrm_source")[0][0]
    assert KEY.encode() not in bytes(sealed)
    assert known.service() == ("https://hrm.bank.uz/api", KEY)
    assert ("hrm.connected", "done") in [(kind, outcome) for kind, _login, outcome in journalled(superuser)]


@pytest.mark.parametrize("address", ["ftp://hrm.bank.uz", "hrm", "https://", "https://a:b@hrm.bank.uz", "https://x:y"])
def test_what_is_no_address_is_refused(context: None, people: Cast, address: str) -> None:
    with pytest.raises(hrm.AddressUnfit):
        connect(address)
