"""Servers that were given instead of the embedded ones: are they there, are they new enough?"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from deploy.local.say import Refusal

POSTGRES_MINIMUM = 13
SECONDS = 5


def check_database(env: Mapping[str, str]) -> None:
    """Refuse when either role's database is unreachable or too old."""
    if not env.get("DATABASE_OWNER_URL"):
        raise Refusal("DATABASE_URL is set without DATABASE_OWNER_URL: give the owner's address too, for migrations")
    if not env.get("DATABASE_URL"):
        raise Refusal("DATABASE_OWNER_URL is set without DATABASE_URL: give the application's address too")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        _check_postgres(name, env[name])


def check_redis(url: str) -> None:
    """Refuse when Redis does not answer."""
    from redis import Redis

    try:
        Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS).ping()
    except Exception as error:
        raise Refusal(f"REDIS_URL: {_where(url)} does not answer ({_reason(error, url)})") from None


def _check_postgres(name: str, url: str) -> None:
    import psycopg

    scheme, _, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise Refusal(f"{name} must begin with postgresql://; PostgreSQL is the only database")
    try:
        with psycopg.connect(f"postgresql://{rest}", connect_timeout=SECONDS) as connection:
            version = connection.info.server_version // 10000
    except Exception as error:
        raise Refusal(f"{name}: cannot connect to {_where(url)} ({_reason(error, url)})") from None
    _check_version(name, _where(url), version)


def _check_version(name: str, where: str, version: int) -> None:
    if version < POSTGRES_MINIMUM:
        raise Refusal(f"{name}: {where} is PostgreSQL {version}, at least {POSTGRES_MINIMUM} is needed")


def _where(url: str) -> str:
    """The address without user and password."""
    parts = _split(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}" if parts else "the address"


def _reason(error: Exception, url: str) -> str:
    """The first line of the driver's complaint, never with the password."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0].strip()
    password = re.search(r"://[^/@]*:(?P<password>[^@]*)@", url)
    return line.replace(password["password"], "***") if password and password["password"] else line


def _split(url: str) -> Any:
    try:
        return urlsplit(url)
    except ValueError:
        return None
