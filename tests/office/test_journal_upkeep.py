"""The journal's chain is kept by jobs and proved by a command (clauses 12.2, 12.18)."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from app.actions.journal_chain import HEADS
from app.cli import commands
from app.models.db import db
from jobs import journal as jobs
from jobs.schedule import TABLE
from tests.office.chained import Superuser, ids, proved, sealed, tamper, write

pytestmark = [pytest.mark.clause("12.2", "12.18"), pytest.mark.usefixtures("context")]


@pytest.fixture
def desk(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The running desk with a data directory of its own."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], data=tmp_path))
    return tmp_path


def test_the_job_seals_within_ten_seconds_and_the_head_goes_out_every_five_minutes(desk: Path) -> None:
    every = {one.wakeup.job: one.seconds for one in TABLE}
    assert every["jobs.journal.seal"] <= 10
    assert every["jobs.journal.export_head"] <= 300
    sealed(desk, 3)
    write(2)
    jobs.seal()
    jobs.export_head()
    found = proved(desk)
    assert found.rows + found.unsealed == 5
    assert (desk / HEADS).exists()


def test_the_command_names_what_it_finds_and_fails(desk: Path, superuser: Superuser) -> None:
    sealed(desk, 3)
    good = CliRunner().invoke(commands, ["journal", "verify"])
    assert (good.exit_code, good.output) == (0, "3 rows in 1 blocks, 0 not sealed yet\n")
    victim = ids(superuser)[1]
    tamper(superuser, "DELETE FROM journal WHERE id = %s", [victim])
    db.session.rollback()
    bad = CliRunner().invoke(commands, ["journal", "verify"])
    assert bad.exit_code == 1
    assert f"removed: block 1 row {victim}" in bad.output
    assert CliRunner().invoke(commands, ["journal", "export-head"]).output == "block 1\n"
