"""`bin/muloqot keys …`, run as operations run it: a process of its own beside the desk."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.actions import resealing
from app.base import crypt
from tests.cluster import ROOT, Database
from tests.desk.clients import Client
from tests.memory.test_keys import key_file as key_file
from tests.memory.test_keys import later

pytestmark = [pytest.mark.clause("15.5", "12.25"), pytest.mark.own_database]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def keys(app: Flask, database: Database, key_file: Path) -> Run:
    """`keys("status")`: bin/muloqot keys status, with the file of the desk of this test."""
    data = {"MULOQOT_MODE": "test", "MULOQOT_DATA": str(app.config["SETTINGS"].data)}

    def run(verb: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        argv = [str(ROOT / "bin" / "muloqot"), "keys", verb]
        env = os.environ | database.environment | data | environment
        return subprocess.run(argv, env=env, capture_output=True, text=True, timeout=120)

    return run


def test_it_says_where_the_file_lies_and_which_key_seals(keys: Run, key_file: Path) -> None:
    assert keys("where").stdout == f"{key_file}: key 1\n"


def test_a_key_is_added_and_the_status_shows_how_far_the_rotation_has_come(
    keys: Run, dilshod: Client, key_file: Path
) -> None:
    dilshod.writes("до ротации")
    rotated = keys("rotate")
    assert (rotated.returncode, rotated.stdout.split(";")[0]) == (0, "key 2 seals from now on")
    assert sorted(json.loads(key_file.read_text())["keys"]) == ["1", "2"]
    before = keys("status").stdout
    assert before.startswith("key 2 seals now; the ring holds 1, 2\n")
    assert _line(before, "message.text") == ["key", "1", "1"]

    dilshod.writes("после")  # the desk that runs learns of the key by itself
    assert resealing.go_on(later(), key_file)
    after = keys("status")
    assert after.returncode == 0
    assert _line(after.stdout, "message.text") == ["1", "of", "1", "done"]
    assert "message.text                   key 2               2\n" in after.stdout
    assert not [line for line in after.stdout.splitlines() if "key 1 " in line and "journal.details" not in line]


def test_a_key_that_is_missing_is_named(keys: Run, dilshod: Client, key_file: Path) -> None:
    dilshod.writes("salom")
    keys("rotate")
    _change(key_file, lambda ring: ring["keys"].pop("1"))
    told = keys("status")
    assert told.returncode == 1
    assert "keys that are missing from the ring: 1" in told.stderr
    assert "NOT IN THE RING" in told.stdout


def test_a_key_that_is_another_under_the_same_number_is_named(keys: Run, dilshod: Client, key_file: Path) -> None:
    dilshod.writes("salom")
    other = crypt.KeyRing.generate()["keys"]["1"]
    _change(key_file, lambda ring: ring["keys"].update({"1": other}))
    told = keys("status")
    assert told.returncode == 1
    assert "keys of the ring that are not those that sealed: 1" in told.stderr
    assert other not in told.stdout + told.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "there is no key file at"), ("{}", "is damaged"), ('{"current": "1"', "is damaged")],
)
def test_without_a_ring_nothing_starts_and_the_file_is_named(
    keys: Run, dilshod: Client, tmp_path: Path, content: str | None, said: str
) -> None:
    file = tmp_path / "bank.json"
    if content is not None:
        file.write_text(content)
    told = keys("status", MULOQOT_KEYS=str(file))
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1 and str(file) in told.stderr and said in told.stderr


def _line(told: str, place: str) -> list[str]:
    """The words of the first line about one place."""
    return next(line.split()[1:] for line in told.splitlines() if line.split()[0] == place)


def _change(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    ring = json.loads(file.read_text())
    change(ring)
    file.write_text(json.dumps(ring))
