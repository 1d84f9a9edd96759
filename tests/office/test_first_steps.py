"""The administrator's first page."""

from flask import Flask

from app.pages.office.steps import steps
from app.queries.first_steps import Standing
from tests.cast import Cast

BARE = Standing(channels=0, people=1, demo_people=0, groups=1, members=0, topics=84, statuses=8, hours=2)


def states(app: Flask, found: Standing, *, https: bool) -> list[str]:
    with app.test_request_context():
        return [step.state for step in steps(found, https=https)]


def test_a_new_bank_sees_what_is_left(app: Flask) -> None:
    assert states(app, BARE, https=False) == ["open", "done", "open", "done", "done", "done", "open", "later", "later"]


def test_nothing_is_left_when_all_stands(app: Flask) -> None:
    ready = Standing(**{**BARE.__dict__, "channels": 1, "members": 3})
    assert "open" not in states(app, ready, https=True)


def test_each_list_is_one_click_away(cast: Cast) -> None:
    page = cast.kamola.browser.get("/office/").text
    assert all(f'href="/office/lists/{key}"' in page for key in ("groups", "topics", "statuses", "hours"))


def test_an_entry_of_the_side_menu_is_marked_on_the_pages_below_it(cast: Cast) -> None:
    page = cast.kamola.browser.get("/office/lists/topics").text
    assert '<a href="/office/lists" aria-current="page">' in page
    assert '<a href="/office/" aria-current="page">' not in page.partition('class="side"')[2]
