"""Is it well: the lamps behind /readyz and /metrics."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from prometheus_client import Gauge
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, TimeoutError

from app.base import later, redis
from app.config import Network
from app.models.db import db

LEAST_FREE_MB = 200
_MIGRATIONS = Path(__file__).parents[2] / "migrations"

_UP = Gauge("muloqot_lamp", "1 when this part is well", ["part"])
_FREE = Gauge("muloqot_disk_free_bytes", "Free space where the data lie")
_QUEUE = Gauge("muloqot_queue_jobs", "Wake-ups waiting for a worker", ["queue"])


@dataclass(frozen=True)
class Lamp:
    """`needed`: without it no work can be taken. Redis is not: it only makes things prompt."""

    name: str
    ok: bool
    shown: object
    needed: bool = True


def lamps(now: datetime, data: Path) -> list[Lamp]:
    return [_database(), _migrations(), _redis(), _workers(), _disk(data)]


def measure(now: datetime, data: Path) -> None:
    for lamp in lamps(now, data):
        _UP.labels(lamp.name).set(lamp.ok)
    _FREE.set(shutil.disk_usage(data).free)
    try:
        for name in later.QUEUES:
            _QUEUE.labels(name).set(int(redis.client().llen(f"rq:queue:{name}")))
    except RedisError:
        _QUEUE.clear()


def is_near(address: str, trusted: Sequence[Network]) -> bool:
    found = ip_address(address or "0.0.0.0")
    return found.is_loopback or any(found in network for network in trusted)


def _database() -> Lamp:
    try:
        db.session.execute(text("SELECT 1"))
        return Lamp("database", True, "ok")
    except (DBAPIError, TimeoutError):
        db.session.rollback()
        return Lamp("database", False, "unreachable")


def _migrations() -> Lamp:
    try:
        found = set(db.session.scalars(text("SELECT version_num FROM alembic_version")))
    except (DBAPIError, TimeoutError):
        db.session.rollback()
        return Lamp("migrations", False, "unknown")
    return Lamp("migrations", found == _heads(), ", ".join(sorted(found)))


@cache
def _heads() -> set[str]:
    from alembic.script import ScriptDirectory  # ten megabytes that only the process with lamps needs

    return set(ScriptDirectory(str(_MIGRATIONS)).get_heads())


def _redis() -> Lamp:
    try:
        redis.client().ping()
        return Lamp("redis", True, "ok", needed=False)
    except RedisError:
        return Lamp("redis", False, "unreachable", needed=False)


def _workers() -> Lamp:
    """Which queues have somebody listening: by what workers say, RQ forgets whoever is in a job without an end."""
    try:
        served = later.served()
    except RedisError:
        return Lamp("workers", False, "unknown", needed=False)
    return Lamp("workers", len(served) == len(later.QUEUES), sorted(served), needed=False)


def _disk(data: Path) -> Lamp:
    free = shutil.disk_usage(data).free // 2**20
    return Lamp("disk", free >= LEAST_FREE_MB, f"{free} MB free")
