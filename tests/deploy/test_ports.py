import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import ports
from deploy.local.say import Refusal

FIRST = 18800


@pytest.fixture
def busy() -> Iterator[int]:
    """A port in use, from which the search begins."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_the_next_free_port_is_taken_and_remembered(busy: int, tmp_path: Path) -> None:
    found = ports.choose("PORT", busy, {}, tmp_path)
    assert found != busy
    assert ports.choose("PORT", FIRST, {}, tmp_path) == found


def test_a_remembered_port_that_is_busy_today_is_replaced(busy: int, tmp_path: Path) -> None:
    (tmp_path / "ports").write_text(f'{{"PORT": {busy}}}')
    assert ports.choose("PORT", FIRST, {}, tmp_path) != busy


def test_a_broken_memory_of_ports_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "ports").write_text("[8800")
    assert ports.choose("PORT", FIRST, {}, tmp_path) >= FIRST


def test_a_port_asked_for_is_not_remembered(tmp_path: Path) -> None:
    ports.choose("PORT", FIRST, {"PORT": "18999"}, tmp_path)
    assert not (tmp_path / "ports").exists()


@pytest.mark.parametrize("value", ["abc", "0", "70000", "-1", "88 00"])
def test_what_is_no_port_is_refused_by_name(value: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=f"PORT={value} is not a port"):
        ports.choose("PORT", FIRST, {"PORT": value}, tmp_path)


def test_an_address_that_is_not_this_machines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="check HOST"):
        ports.choose("PORT", FIRST, {"PORT": "18800", "HOST": "192.0.2.1"}, tmp_path)
