"""Administrators see the tree, open branches, move and merge, all by plain forms (clause 9.5)."""

import pytest

from app.base.locale import LOCALES
from tests.cast import Cast
from tests.topics.grown import BLOCKING, CARDS, LIMITS

pytestmark = [pytest.mark.own_database, pytest.mark.clause("9.5")]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_tree_opens_in_every_language(cast: Cast, locale: str) -> None:
    browser = cast.kamola.browser
    browser.post("/language", {"locale": locale})
    for url in ("/office/lists/topics", "/office/lists/topics?archived=1", f"/office/lists/topics/{BLOCKING}/past"):
        assert browser.get(url).status_code == 200
    assert f'id="row-{LIMITS}"' in browser.get("/office/lists/topics").text


def test_a_branch_moves_and_is_merged_by_plain_posts(cast: Cast) -> None:
    browser = cast.kamola.browser
    assert browser.post(f"/office/lists/topics/{LIMITS}/under", {"parent": ""}).status_code == 303
    answer = browser.post(f"/office/lists/topics/{LIMITS}/merge", {"into": str(BLOCKING)})
    assert answer.headers["Location"].endswith(f"#row-{BLOCKING}")
    assert f'id="row-{LIMITS}"' not in browser.get("/office/lists/topics").text
    page = browser.get("/office/lists/topics?archived=1").text
    assert f'id="row-{LIMITS}"' in page and "→" in page
    assert "Лимиты" in browser.get(f"/office/lists/topics/{LIMITS}/past").text


def test_what_the_tree_refuses_is_said_and_changes_nothing(cast: Cast) -> None:
    browser = cast.kamola.browser
    browser.post(f"/office/lists/topics/{CARDS}/under", {"parent": str(BLOCKING)})
    browser.post(f"/office/lists/topics/{CARDS}/merge", {"into": str(BLOCKING)})
    page = browser.get("/office/lists/topics").text
    assert f'id="row-{CARDS}"' in page and f'id="row-{BLOCKING}"' in page


@pytest.mark.parametrize("words", ["лимит", "Limitlar", "limits"])
def test_the_tree_is_searched_in_any_script(cast: Cast, words: str) -> None:
    page = cast.kamola.browser.get("/office/lists/topics", query_string={"q": words}).text
    assert f'id="row-{LIMITS}"' in page and f'id="row-{BLOCKING}"' not in page


@pytest.mark.parametrize("url", ["/office/lists/topics/99999/past", "/office/lists/topics/99999"])
def test_a_topic_that_never_was_is_not_found(cast: Cast, url: str) -> None:
    assert cast.kamola.browser.get(url).status_code == 404
