import socket

import pytest

from deploy.local import probe
from deploy.local.say import Refusal


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_an_unreachable_database_is_refused_without_its_password(closed_port: int) -> None:
    url = f"postgresql://muloqot_app:s3cret@127.0.0.1:{closed_port}/muloqot"
    with pytest.raises(Refusal) as refused:
        probe.check_database({"DATABASE_URL": url, "DATABASE_OWNER_URL": url})
    line = str(refused.value)
    assert line.startswith(f"DATABASE_URL: cannot connect to 127.0.0.1:{closed_port}/muloqot")
    assert "s3cret" not in line
    assert "\n" not in line


def test_an_unreachable_redis_is_refused_without_its_password(closed_port: int) -> None:
    with pytest.raises(Refusal) as refused:
        probe.check_redis(f"redis://:s3cret@127.0.0.1:{closed_port}/0")
    assert str(refused.value).startswith(f"REDIS_URL: 127.0.0.1:{closed_port}/0 does not answer")
    assert "s3cret" not in str(refused.value)


def test_an_old_database_is_refused() -> None:
    with pytest.raises(Refusal, match="is PostgreSQL 12, at least 13 is needed"):
        probe._check_version("DATABASE_URL", "db.bank/muloqot", 12)


@pytest.mark.parametrize("given", ["DATABASE_URL", "DATABASE_OWNER_URL"])
def test_half_a_database_is_refused(given: str) -> None:
    with pytest.raises(Refusal, match=f"{given} is set without"):
        probe.check_database({given: "postgresql://muloqot@/muloqot"})


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(Refusal, match="must begin with postgresql://"):
        probe.check_database({"DATABASE_URL": "mysql://x", "DATABASE_OWNER_URL": "mysql://x"})
