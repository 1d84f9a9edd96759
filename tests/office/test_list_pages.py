"""The pages of the lists work without JavaScript, for those who may."""

import pytest

from app.base.locale import LOCALES
from app.models.listing import LISTS
from tests.cast import Cast

pytestmark = pytest.mark.clause("7.1")


@pytest.mark.parametrize("key", LISTS)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_list_and_entry_opens_in_every_language(cast: Cast, key: str, locale: str) -> None:
    browser = cast.kamola.browser
    browser.post("/language", {"locale": locale})
    assert browser.get(f"/office/lists/{key}").status_code == 200
    assert browser.get(f"/office/lists/{key}?archived=1").status_code == 200
    assert f'lang="{locale.replace("_", "-")}"' in browser.get(f"/office/lists/{key}/1").text


@pytest.mark.own_database
def test_a_renamed_status_is_shown_at_once(cast: Cast) -> None:
    browser = cast.kamola.browser
    sent = {"names.ru": "Пауза", "names.en": "Pause", "colour": "amber", "recommended_minutes": "10"}
    answer = browser.post("/office/lists/statuses/3", sent)
    assert answer.status_code == 303
    page = browser.get(answer.location.partition("#")[0]).text
    assert "Пауза" in page and "Перерыв" not in page


@pytest.mark.own_database
def test_a_topic_is_added_below_another(cast: Cast) -> None:
    browser = cast.kamola.browser
    form = browser.get("/office/lists/topics/add?parent=9").text
    assert '<option value="9" selected>' in form
    assert browser.post("/office/lists/topics/add", {"names.ru": "Временная", "parent_id": "9"}).status_code == 303
    assert "Временная" in browser.get("/office/lists/topics").text


def test_an_error_stands_beside_its_field_and_what_was_written_stays(cast: Cast) -> None:
    sent = {"names.ru": "", "names.en": "Nap", "colour": "amber", "recommended_minutes": "long"}
    answer = cast.kamola.browser.post("/office/lists/statuses/add", sent)
    assert answer.status_code == 422
    assert 'id="names.ru-about"' in answer.text
    assert 'value="Nap"' in answer.text and 'value="long"' in answer.text


@pytest.mark.own_database
def test_an_entry_is_archived_and_restored_by_plain_posts(cast: Cast) -> None:
    browser = cast.kamola.browser
    assert browser.post("/office/lists/segments/3/archive").status_code == 303
    assert 'id="row-3"' not in browser.get("/office/lists/segments").text
    assert browser.post("/office/lists/segments/3/restore").status_code == 303
    assert 'id="row-3"' in browser.get("/office/lists/segments").text


@pytest.mark.own_database
def test_what_was_written_cannot_become_markup(cast: Cast) -> None:
    browser = cast.kamola.browser
    browser.post("/office/lists/segments/add", {"names.ru": "<script>alert(1)</script>"})
    assert "<script>alert" not in browser.get("/office/lists/segments").text


@pytest.mark.parametrize("url", ["/office/lists/nothing", "/office/lists/topics/99999", "/office/lists/replies/add"])
def test_what_is_not_there_is_not_found(cast: Cast, url: str) -> None:
    assert cast.kamola.browser.get(url).status_code == 404


@pytest.mark.clause("7.4")
def test_lists_are_closed_to_operators_and_supervisors(cast: Cast) -> None:
    for person in (cast.aziza, cast.botir):
        assert person.browser.get("/office/lists/topics").status_code == 403
        assert person.browser.post("/office/lists/topics/1/archive").status_code == 403
