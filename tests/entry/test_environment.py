"""Every missing or wrong setting is one clear line, an exit code, and nothing half-made (clauses 12.7, 15.5)."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from app.base.keys import KeyMissing, KeyRing
from app.config import Misconfigured, read_environment
from tests.cast import Cast
from tests.cluster import ROOT, Database

GOOD = {
    "MULOQOT_MODE": "demo",
    "DATABASE_URL": "postgresql://muloqot_app@db/muloqot",
    "DATABASE_OWNER_URL": "postgresql://muloqot_owner@db/muloqot",
    "REDIS_URL": "redis://redis:6379/0",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "mysql://db/muloqot"),
        ("DATABASE_URL", "muloqot"),
        ("DATABASE_OWNER_URL", "sqlite:///desk.db"),
        ("REDIS_URL", "  "),
        ("MULOQOT_MODE", "staging"),
        ("PORT", "http"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("LOG_LEVEL", "LOUD"),
        ("MULOQOT_URL", "desk.bank.uz"),
        ("MULOQOT_URL", "ftp://desk.bank.uz"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "nginx"),
        ("OUTBOUND_ALLOW", "10.0.0.0/33"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(name: str, value: str) -> None:
    with pytest.raises(Misconfigured) as told:
        read_environment(GOOD | {name: value})
    assert name in str(told.value)
    assert "\n" not in str(told.value)


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(Misconfigured) as told:
        read_environment(GOOD | {"DATABASE_URL": "mysql://muloqot:Sirli77@db/muloqot"})
    assert "Sirli77" not in str(told.value)


def test_production_is_served_over_tls_only() -> None:
    with pytest.raises(Misconfigured, match="https"):
        read_environment(GOOD | {"MULOQOT_MODE": "production", "MULOQOT_URL": "http://desk.bank.uz"})
    assert read_environment(GOOD | {"MULOQOT_MODE": "production", "MULOQOT_URL": "https://desk.bank.uz/"}).https


def test_production_is_what_runs_when_nothing_is_said() -> None:
    without = {name: value for name, value in GOOD.items() if name != "MULOQOT_MODE"}
    assert read_environment(without | {"MULOQOT_URL": "https://desk.bank.uz"}).production


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"current": "1"}',
        '{"current": "2", "keys": {"1": "{key}"}, "index": "{key}", "web": "{key}", "made": "x"}',
        '{"current": "1", "keys": {"1": "c2hvcnQ="}, "index": "{key}", "web": "{key}", "made": "x"}',
    ],
)
def test_a_key_file_that_is_damaged_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(content.replace("{key}", "A" * 43 + "="))
    with pytest.raises(KeyMissing, match=str(file)):
        KeyRing.load(file)


def test_a_key_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match=str(tmp_path / "keys.json")):
        KeyRing.load(tmp_path / "keys.json")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"MULOQOT_MODE": "staging"}, "MULOQOT_MODE=staging"),
        ({"DATABASE_OWNER_URL": ""}, "DATABASE_OWNER_URL"),
        ({"DATABASE_OWNER_URL": "postgresql://muloqot_owner@/nothing?host=/nowhere"}, "/nowhere"),
        ({"MULOQOT_MODE": "production", "MULOQOT_URL": "https://desk.bank.uz"}, "keys.json"),
    ],
    ids=["no database", "unknown mode", "no owner", "unreachable", "production without a key"],
)
def test_prepare_says_what_is_wrong_in_one_line_and_fails(
    database: Database, tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    done = prepare(database, tmp_path, changed)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("muloqot: ")
    assert said in lines[0]


@pytest.mark.clause("12.7")
def test_production_does_not_start_with_demo_people(
    database: Database, tmp_path: Path, cast: Cast, superuser: "Connection[Any]"
) -> None:
    superuser.execute("UPDATE person SET demo = true WHERE id = %s", [cast.aziza.id])
    KeyRing.create(tmp_path / "keys.json")
    done = prepare(database, tmp_path, {"MULOQOT_MODE": "production", "MULOQOT_URL": "https://desk.bank.uz"})
    assert done.returncode != 0
    assert "demonstration people" in done.stderr


@pytest.mark.clause("12.7")
@pytest.mark.usefixtures("app")
def test_the_demo_keeps_its_passwords_in_a_file_of_its_owner_and_prints_them_once(
    database: Database, tmp_path: Path
) -> None:
    first = prepare(database, tmp_path, {"MULOQOT_MODE": "demo"}, "--demo")
    accounts = tmp_path / "accounts.txt"
    assert first.returncode == 0, first.stderr
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    passwords = [line.split()[1] for line in accounts.read_text().splitlines()]
    assert len(set(passwords)) == 7
    assert all(password in first.stdout for password in passwords)
    again = prepare(database, tmp_path, {"MULOQOT_MODE": "demo"}, "--demo")
    assert again.returncode == 0
    assert not any(password in again.stdout for password in passwords)


@pytest.mark.clause("12.6")
@pytest.mark.usefixtures("app")
def test_create_admin_refuses_a_login_that_tells_privilege_and_prints_the_password_once(
    database: Database, tmp_path: Path
) -> None:
    refused = command(database, tmp_path, {}, "people", "create-admin", "admin", "--name", "Саидова Камола")
    assert refused.returncode != 0
    assert refused.stderr.startswith("muloqot: ")
    assert "k.rahimova" in refused.stderr
    made = command(database, tmp_path, {}, "people", "create-admin", "k.saidova", "--name", "Саидова Камола")
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines()[-2] == "login k.saidova"
    assert len(made.stdout.splitlines()[-1].removeprefix("password ")) >= 12


def test_a_new_key_file_never_overwrites_an_old_one(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    KeyRing.create(file)
    before = json.loads(file.read_text())
    with pytest.raises(FileExistsError):
        KeyRing.create(file)
    assert json.loads(file.read_text()) == before


def prepare(
    database: Database, data: Path, changed: dict[str, str], *arguments: str
) -> "subprocess.CompletedProcess[str]":
    return command(database, data, changed, "prepare", *arguments)


def command(
    database: Database, data: Path, changed: dict[str, str], *arguments: str
) -> "subprocess.CompletedProcess[str]":
    """`bin/muloqot …` in an environment of its own."""
    if arguments[0] != "prepare" and not (data / "keys.json").exists():
        KeyRing.create(data / "keys.json")
    own = {"MULOQOT_MODE": "test", "MULOQOT_DATA": str(data), "LOG_LEVEL": "WARNING"}
    inherited = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    env = inherited | database.environment | own | changed
    argv = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
