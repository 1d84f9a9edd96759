"""The environment, read once into one frozen, typed `Settings`. Refuses to start half-configured."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

MODES = ("production", "demo", "empty", "test")
Network = IPv4Network | IPv6Network


class Misconfigured(Exception):
    """One line that names the variable and says what to do."""


@dataclass(frozen=True)
class Settings:
    """What the environment decides. What administrators decide is `app.models.setting`."""

    mode: str
    database_url: str
    owner_url: str
    redis_url: str
    host: str
    port: int
    url: str
    data: Path
    keys: Path
    trusted_proxies: tuple[Network, ...]
    outbound_proxy: str | None
    outbound_allow: tuple[Network, ...]
    log_level: str
    demo_port: int | None
    licence_key: str = ""

    @property
    def production(self) -> bool:
        return self.mode == "production"

    @property
    def https(self) -> bool:
        return urlsplit(self.url).scheme == "https"


def read_environment(env: Mapping[str, str] | None = None) -> Settings:
    """Build `Settings` from the environment. Raises Misconfigured. Every variable is described in README's table."""
    env = os.environ if env is None else env
    mode = _one_of(env, "MULOQOT_MODE", MODES, default="production")
    port = _number(env, "PORT", default=8800)
    host = env.get("HOST") or "127.0.0.1"
    data = Path(env.get("MULOQOT_DATA") or "var").resolve()
    settings = Settings(
        mode=mode,
        database_url=_database(env, "DATABASE_URL"),
        owner_url=_database(env, "DATABASE_OWNER_URL", required=False),
        redis_url=_required(env, "REDIS_URL", "the address of Redis, for example redis://127.0.0.1:6379/0"),
        host=host,
        port=port,
        url=_address(env.get("MULOQOT_URL") or f"http://{host}:{port}"),
        data=data,
        keys=Path(env.get("MULOQOT_KEYS") or data / "keys.json"),
        trusted_proxies=_networks(env, "TRUSTED_PROXIES"),
        outbound_proxy=env.get("OUTBOUND_PROXY") or None,
        # The demo's Telegram and the tests' stand on this machine.
        outbound_allow=_networks(env, "OUTBOUND_ALLOW", default="127.0.0.0/8" if mode in ("demo", "test") else ""),
        log_level=_one_of(env, "LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"),
        demo_port=_number(env, "DEMO_PORT", default=0) or None,
        licence_key=_key(env, "MULOQOT_LICENCE_KEY"),
    )
    if settings.production and not settings.https:
        raise Misconfigured("MULOQOT_URL must be the public https:// address of the desk in production")
    return settings


def _required(env: Mapping[str, str], name: str, what: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise Misconfigured(f"{name} is not set: give {what}")
    return value


def _database(env: Mapping[str, str], name: str, *, required: bool = True) -> str:
    if not required and not env.get(name):
        return ""
    value = _required(env, name, "a PostgreSQL address, for example postgresql://muloqot_app@db/muloqot")
    scheme, _, rest = value.partition("://")
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise Misconfigured(f"{name} must begin with postgresql://; PostgreSQL is the only database")
    return f"postgresql+psycopg://{rest}"


def _one_of(env: Mapping[str, str], name: str, choices: tuple[str, ...], *, default: str) -> str:
    value = env.get(name) or default
    if value not in choices:
        raise Misconfigured(f"{name}={value} is not one of: {', '.join(choices)}")
    return value


def _number(env: Mapping[str, str], name: str, *, default: int) -> int:
    value = env.get(name) or str(default)
    if not value.isdigit() or int(value) > 65535:
        raise Misconfigured(f"{name}={value} must be a number from 1 to 65535")
    return int(value)


def _key(env: Mapping[str, str], name: str) -> str:
    """A public key of Ed25519: 32 bytes in Base64; "" when none is given."""
    value = env.get(name, "").strip()
    try:
        if value and len(base64.b64decode(value, validate=True)) != 32:
            raise ValueError
    except ValueError:
        raise Misconfigured(f"{name} must be the vendor's public key: 32 bytes in Base64") from None
    return value


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Misconfigured(f"MULOQOT_URL={value} must be an address like https://desk.bank.uz")
    return value.rstrip("/")


def _networks(env: Mapping[str, str], name: str, *, default: str = "") -> tuple[Network, ...]:
    given = env.get(name) or default
    try:
        return tuple(ip_network(part.strip()) for part in given.split(",") if part.strip())
    except ValueError as error:
        raise Misconfigured(f"{name}: {error}; give networks like 10.0.0.0/8, separated by commas") from error
