"""The licence is a signed file: what was changed, or signed by somebody else, gives no seats (clause 14.4)."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from psycopg import Connection

from app import cli_licence
from app.actions import licence as verbs
from app.actions.journal import HERE
from app.config import Misconfigured, Settings, read_environment
from app.models import licence
from app.models.licence import Licence, LicenceNotSigned, LicenceUnreadable
from app.models.viewer import SYSTEM
from app.queries import licence as known
from tests.cast import Cast
from tests.duty.conftest import MORNING, Installed, one

pytestmark = pytest.mark.clause("14.4")
KEY = Ed25519PrivateKey.generate()
YEAR = Licence("Асака", 25, MORNING.date(), MORNING.date() + timedelta(days=365))


def test_a_signed_file_says_what_was_signed() -> None:
    file = licence.signed(YEAR, KEY)
    assert licence.read(file, [licence.public(KEY)]) == YEAR
    assert licence.read(file.replace("\n", "\r\n"), [licence.public(KEY)]) == YEAR  # a mail program was here


@pytest.mark.parametrize("change", [{"seats": 250}, {"bank": "Boshqa"}, {"valid_to": "2099-12-31"}, {"more": 1}])
def test_a_changed_file_is_refused(change: dict[str, object]) -> None:
    said = json.loads(licence.signed(YEAR, KEY)) | change
    with pytest.raises(LicenceNotSigned):
        licence.read(json.dumps(said), [licence.public(KEY)])


def test_another_vendors_signature_is_refused() -> None:
    with pytest.raises(LicenceNotSigned):
        licence.read(licence.signed(YEAR, Ed25519PrivateKey.generate()), [licence.public(KEY)])


@pytest.mark.parametrize("file", ["", "seats: 25", "[]", '{"seats": 25}', '{"signature": "?"}', "null", "0" * 5000])
def test_what_is_no_licence_is_said_to_be_none(file: str) -> None:
    with pytest.raises(LicenceUnreadable):
        licence.read(file, [licence.public(KEY)])


def test_an_edited_row_gives_no_seats(installed: Installed, superuser: "Connection[object]") -> None:
    installed(5)
    superuser.execute("UPDATE licence SET seats = 500, file = replace(file, '\"seats\": 5', '\"seats\": 500')")
    assert known.in_force(MORNING).seats == 0


def test_in_production_only_the_vendors_key_counts(app: Flask, installed: Installed) -> None:
    installed(5)
    settings: Settings = app.config["SETTINGS"]
    try:
        app.config["SETTINGS"] = replace(settings, mode="production")
        assert known.in_force(MORNING).state == "none"
        with pytest.raises(verbs.NoVendorKey):
            verbs.install(licence.signed(YEAR, KEY), SYSTEM, HERE, MORNING)
        app.config["SETTINGS"] = replace(settings, mode="production", licence_key=licence.public(KEY))
        verbs.install(licence.signed(YEAR, KEY), SYSTEM, HERE, MORNING)
        assert known.in_force(MORNING).seats == 25
    finally:
        app.config["SETTINGS"] = settings


@pytest.mark.parametrize(("left", "state"), [(31, "good"), (29, "ending"), (0, "ending"), (-1, "over")])
def test_the_end_is_told_thirty_days_before(installed: Installed, left: int, state: str) -> None:
    installed(5, days=60, since=-30)
    end = known.in_force(MORNING)
    assert end.licence is not None
    found = known.in_force(MORNING + timedelta(days=end.days_left - left))
    assert (found.state, found.seats) == (state, 0 if state == "over" else 5)


def test_an_old_file_is_not_installed_over_a_good_one(installed: Installed) -> None:
    installed(5)
    with pytest.raises(verbs.LicenceOver):
        installed(9, days=10)
    assert known.in_force(MORNING).seats == 5
    assert one("SELECT count(*) FROM journal WHERE kind = 'licence.installed' AND outcome = 'refused'") == 1


def test_an_administrator_installs_by_form_and_a_supervisor_does_not(cast: Cast) -> None:
    today = date.today()
    file = licence.signed(Licence("Test", 4, today - timedelta(2), today + timedelta(99)), known.own_key())
    page = cast.kamola.browser.get("/office/seats")
    assert "лиценз" in page.text.lower() or "licence" in page.text.lower()
    assert cast.botir.browser.post("/office/licence", {"text": file}).status_code == 403
    assert cast.kamola.browser.post("/office/licence", {"text": file + "x"}).status_code == 422
    assert cast.kamola.browser.post("/office/licence", {"text": file}).status_code == 303
    assert one("SELECT count(*) FROM seat") == 4


def test_the_vendors_tool_signs_what_the_banks_command_installs(app: Flask, context: None, tmp_path: Path) -> None:
    run, key, file = CliRunner(), tmp_path / "vendor.pem", tmp_path / "bank.licence"
    public = run.invoke(cli_licence.commands, ["keygen", str(key)]).output.strip()
    assert key.stat().st_mode & 0o777 == 0o600
    assert run.invoke(cli_licence.commands, ["keygen", str(key)]).exit_code == 1, "a key is never overwritten"
    days = ["--from", "2026-01-01", "--to", "2099-12-31"]
    made = run.invoke(cli_licence.commands, ["sign", "--key", str(key), "--bank", "Асака", "--seats", "30", *days])
    file.write_text(made.output)
    settings: Settings = app.config["SETTINGS"]
    try:
        app.config["SETTINGS"] = replace(settings, mode="production", licence_key=public)
        assert "seats 30" in run.invoke(cli_licence.commands, ["install", str(file)]).output
        assert "taken 0 of 30" in run.invoke(cli_licence.commands, ["show"]).output
    finally:
        app.config["SETTINGS"] = settings


def test_a_key_that_is_none_is_said_at_the_start() -> None:
    env = {"DATABASE_URL": "postgresql://x", "REDIS_URL": "redis://x", "MULOQOT_MODE": "test"}
    with pytest.raises(Misconfigured, match="MULOQOT_LICENCE_KEY"):
        read_environment(env | {"MULOQOT_LICENCE_KEY": "abc"})
