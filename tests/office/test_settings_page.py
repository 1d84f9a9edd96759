"""Settings pages come from the declarations (clause 7.1)."""

import pytest
from sqlalchemy import text

from app.models.db import db
from app.models.setting import SETTINGS
from tests.cast import Cast
from tests.office.listed import last_journalled

pytestmark = pytest.mark.clause("7.1")
IDLE = "sessions.idle_minutes"


def save(cast: Cast, key: str, value: str) -> int:
    section = SETTINGS[key].section
    answer = cast.kamola.browser.post(f"/office/settings/{section}", {"shown": key, key: value})
    status: int = answer.status_code
    return status


def test_every_declared_setting_has_its_control_and_its_default(cast: Cast) -> None:
    page = cast.kamola.browser.get("/office/settings").text
    assert all(f'name="{key}"' in page for key in SETTINGS)


def test_a_change_is_in_effect_marked_and_journalled(cast: Cast, context: None) -> None:
    assert save(cast, IDLE, "45") == 303
    page = cast.kamola.browser.get("/office/settings").text
    assert f"/office/settings/sessions/{IDLE}/reset" in page
    row, details = last_journalled()
    assert (row.kind, details) == ("setting.changed", {"before": 60, "after": 45})


def test_a_value_out_of_bounds_is_told_beside_its_field(cast: Cast) -> None:
    answer = cast.kamola.browser.post("/office/settings/sessions", {"shown": IDLE, IDLE: "3"})
    assert answer.status_code == 422
    assert 'value="3" autocomplete="off" aria-invalid="true"' in answer.text


def test_reset_brings_the_default_back(cast: Cast, context: None) -> None:
    save(cast, IDLE, "45")
    assert cast.kamola.browser.post(f"/office/settings/sessions/{IDLE}/reset").status_code == 303
    assert db.session.execute(text("SELECT count(*) FROM setting")).scalar_one() == 0


def test_what_a_search_did_not_show_stays_as_it_was(cast: Cast, context: None) -> None:
    save(cast, "sessions.absolute_hours", "8")
    save(cast, IDLE, "45")
    assert db.session.execute(text("SELECT count(*) FROM setting")).scalar_one() == 2


@pytest.mark.parametrize("query", ["inactivity", "БЕЗДЕЙСТВИИ"])
def test_search_finds_by_the_words_of_the_page(cast: Cast, query: str) -> None:
    cast.kamola.browser.post("/language", {"locale": "en" if query.isascii() else "ru"})
    page = cast.kamola.browser.get("/office/settings", query_string={"q": query}).text
    assert f'name="{IDLE}"' in page and 'name="brand.name"' not in page


def test_an_unknown_section_is_not_found(cast: Cast) -> None:
    assert cast.kamola.browser.post("/office/settings/nothing").status_code == 404


def test_settings_are_closed_to_operators(cast: Cast) -> None:
    assert cast.aziza.browser.get("/office/settings").status_code == 403
