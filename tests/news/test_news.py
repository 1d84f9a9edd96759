"""News: for whom, from when till when, who has read it, who is reminded (clauses 7.1, 8.5)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.actions import news as verbs
from app.actions import reminding
from app.actions.journal import HERE
from app.actions.news import AlreadyOver, Draft, EndsBeforeItBegins, HalfWritten, NothingWritten
from app.base import clock, wire
from app.base.clock import TASHKENT
from app.models.db import db, transaction
from app.models.news import Importance
from app.queries import news, newsroom, notices
from app.queries.visible import NotVisible
from tests.cast import Cast
from tests.news.newsroom import TITLE, form, number_in, published, viewer_of

pytestmark = pytest.mark.usefixtures("context")


def at(told: str) -> datetime:
    """A moment of Tashkent."""
    return datetime.fromisoformat(told).replace(tzinfo=TASHKENT)


@pytest.mark.clause("8.5", "7.1")
def test_an_author_publishes_and_an_operator_reads(cast: Cast) -> None:
    answer = cast.botir.browser.post("/office/news/new", form())
    assert answer.status_code == 303, answer.text
    number = number_in(answer.location)
    page = cast.aziza.browser.get(f"/me/news/{number}").text
    assert TITLE in page and "<b>15 000 000</b>" in page
    assert "Ботир Рахимов" in page
    cast.aziza.browser.post(f"/me/news/{number}/confirm")
    assert [one.id for one in newsroom.readers(number) if one.read_at] == [cast.aziza.id, cast.botir.id]


def test_a_draft_is_seen_by_its_authors_only(cast: Cast) -> None:
    number = number_in(cast.botir.browser.post("/office/news/new", form(do="save")).location)
    assert cast.aziza.browser.get(f"/me/news/{number}").status_code == 404
    assert TITLE not in cast.aziza.browser.get("/me/notifications").text
    assert TITLE in cast.kamola.browser.get(f"/office/news/{number}").text
    cast.kamola.browser.post(f"/office/news/{number}/publish")
    assert cast.aziza.browser.get(f"/me/news/{number}").status_code == 200


def test_publishing_twice_is_publishing_once(cast: Cast) -> None:
    number = published(cast.botir)
    before = newsroom.one(number)
    cast.botir.browser.post(f"/office/news/{number}/publish")
    assert newsroom.one(number) == before


def test_a_preview_saves_nothing(cast: Cast) -> None:
    page = cast.botir.browser.post("/office/news/new", form(do="preview"))
    assert page.status_code == 200 and "<b>15 000 000</b>" in page.text
    assert newsroom.everything() == []


def test_operators_do_not_write_news(cast: Cast) -> None:
    assert cast.aziza.browser.get("/office/news").status_code == 403
    assert cast.aziza.browser.post("/office/news/new", form()).status_code == 403


@pytest.mark.clause("8.5")
@pytest.mark.parametrize(
    ("groups", "roles", "readers"),
    [
        (False, (), {"aziza", "timur", "botir", "kamola"}),
        (True, (), {"aziza", "botir"}),
        (False, ("operator",), {"aziza", "timur"}),
        (True, ("operator",), {"aziza"}),
        (False, ("operator", "supervisor"), {"aziza", "timur", "botir"}),
    ],
)
def test_it_reaches_those_it_is_for(cast: Cast, groups: bool, roles: tuple[str, ...], readers: set[str]) -> None:
    people = {actor.login: actor for actor in (cast.aziza, cast.timur, cast.botir, cast.kamola)}
    group = db.session.execute(text("SELECT min(id) FROM staff_group")).scalar_one()
    with transaction():
        for one in (cast.aziza, cast.botir):
            db.session.execute(text("INSERT INTO group_member VALUES (:g, :p)"), {"g": group, "p": one.id})
    asked = db.session.scalars(text("SELECT id FROM role WHERE code = ANY(:codes)"), {"codes": list(roles)})
    number = published(cast.kamola, group_ids=[group] if groups else [], role_ids=list(asked))
    seen = {login for login, one in people.items() if one.browser.get(f"/me/news/{number}").status_code == 200}
    listed = {login for login, one in people.items() if TITLE in one.browser.get("/me/notifications").text}
    assert seen == listed == readers
    assert {one.login for one in newsroom.readers(number)} == readers


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-11-30 23:59:59", "planned"),
        ("2026-12-01 00:00:00", "shown"),
        ("2026-12-01 04:59:59", "shown"),  # in UTC it is still November
        ("2026-12-31 23:59:59", "shown"),
        ("2027-01-01 00:00:00", "past"),
    ],
)
def test_it_is_shown_from_the_first_moment_to_before_the_last_of_tashkent(cast: Cast, now: str, state: str) -> None:
    sent = form(**{"from_at": "2026-12-01T00:00", "till_at": "2027-01-01T00:00", "must_read": "y"})
    number = number_in(cast.botir.browser.post("/office/news/new", sent).location)
    moment = at(now)
    assert newsroom.one(number).state(moment) == state
    assert [one.id for one in news.before_work(cast.aziza.id, moment)] == ([number] if state == "shown" else [])
    if state == "planned":
        with pytest.raises(NotVisible):
            news.one(cast.aziza.id, number, moment)
    else:
        assert news.one(cast.aziza.id, number, moment).title("ru") == TITLE


def test_whoever_reads_another_language_gets_the_nearest_that_is_written(cast: Cast) -> None:
    draft = Draft({"ru": "Лимит", "uz_Latn": "Limit"}, {"ru": "Текст", "uz_Latn": "Matn"})
    number = verbs.write(draft, [], True, viewer_of(cast.botir), HERE, clock.now())
    shown = newsroom.one(number)
    assert [shown.title(code) for code in ("ru", "uz_Latn", "uz_Cyrl", "en")] == ["Лимит", "Limit", "Limit", "Лимит"]
    assert shown.body("uz_Cyrl") == "<p>Matn</p>"


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (Draft({}, {}), NothingWritten),
        (Draft({"ru": "  "}, {"ru": " "}), NothingWritten),
        (Draft({"ru": "Лимит"}, {"ru": "Текст", "en": "Text"}), HalfWritten),
        (Draft({"ru": "A"}, {"ru": "B"}, from_at=at("2026-12-02"), till_at=at("2026-12-01")), EndsBeforeItBegins),
        (Draft({"ru": "A"}, {"ru": "B"}, till_at=at("2020-12-01")), AlreadyOver),
    ],
)
def test_what_cannot_be_published_is_refused_with_a_reason(cast: Cast, draft: Draft, refusal: type[Exception]) -> None:
    author = viewer_of(cast.botir)
    with pytest.raises(refusal):
        verbs.write(draft, [], True, author, HERE, clock.now())
    assert newsroom.everything() == []


def test_a_refused_form_keeps_what_was_written(cast: Cast) -> None:
    page = cast.botir.browser.post("/office/news/new", form(title=""))
    assert page.status_code == 422 and "15 000 000" in page.text


def test_a_withdrawn_one_is_gone_for_readers_and_kept_for_authors(cast: Cast) -> None:
    number = published(cast.botir, must_read=True)
    cast.aziza.browser.get("/me/")
    cast.botir.browser.post(f"/office/news/{number}/withdraw")
    assert cast.aziza.browser.get(f"/me/news/{number}").status_code == 404
    assert news.before_work(cast.aziza.id, clock.now()) == []
    assert TITLE in cast.botir.browser.get(f"/office/news/{number}").text
    cast.botir.browser.post(f"/office/news/{number}/publish")
    assert cast.aziza.browser.get(f"/me/news/{number}").status_code == 200


@pytest.mark.parametrize("again", [True, False])
def test_an_edited_one_asks_again_only_when_its_author_said_so(cast: Cast, again: bool) -> None:
    number = published(cast.botir, must_read=True)
    cast.aziza.browser.post(f"/me/news/{number}/confirm")
    sent = form("Исправленный лимит", do="save", must_read="y", **({"again": "y"} if again else {}))
    assert cast.botir.browser.post(f"/office/news/{number}/edit", sent).status_code == 303
    assert [one.id for one in news.before_work(cast.aziza.id, clock.now())] == ([number] if again else [])
    assert "Исправленный лимит" in cast.aziza.browser.get(f"/me/news/{number}").text


@pytest.mark.clause("8.5")
def test_authors_see_who_read_when_and_who_did_not(cast: Cast) -> None:
    number = published(cast.botir, role_ids=operators())
    aziza, timur = cast.aziza, cast.timur
    aziza.browser.post(f"/me/news/{number}/confirm")
    unread, _, read = cast.botir.browser.get(f"/office/news/{number}").text.partition("<tbody>")[2].partition("<tbody>")
    assert timur.name in unread and aziza.name not in unread
    assert aziza.name in read and f"{clock.now().astimezone(TASHKENT):%d.%m.%Y}" in read


def operators() -> list[int]:
    return list(db.session.scalars(text("SELECT id FROM role WHERE code = 'operator'")))


@pytest.mark.clause("8.5")
def test_a_press_reminds_those_who_have_not_read_it(cast: Cast) -> None:
    aziza, timur = cast.aziza, cast.timur
    number = published(cast.botir, role_ids=operators())
    aziza.browser.post(f"/me/news/{number}/confirm")
    cast.botir.browser.post(f"/office/news/{number}/remind")
    assert (notices.unread(aziza.id), notices.unread(timur.id)) == (0, 1)
    assert TITLE in timur.browser.get("/me/bell/list").text
    timur.browser.post(f"/me/news/{number}/confirm")
    assert notices.unread(timur.id) == 0, "the reminder is read with what it reminds of"


def test_it_reminds_by_itself_as_often_as_the_settings_say(cast: Cast) -> None:
    timur, start = cast.timur, at("2026-12-01 09:00")
    published(cast.botir, start, must_read=True, role_ids=operators())
    told = [reminding.remind_due(start + timedelta(hours=hour)) for hour in (3, 4, 5, 8, 12, 16, 20)]
    assert told == [0, 1, 0, 1, 1, 0, 0]
    assert notices.unread(timur.id) == 3


@pytest.mark.parametrize("evening", ["2026-11-30 22:30", "2026-12-31 22:30", "2027-02-28 22:30"])
def test_reminders_run_over_the_end_of_a_month(cast: Cast, evening: str) -> None:
    assert cast.timur
    start = at(evening)
    published(cast.botir, start, must_read=True, role_ids=operators())
    almost, due = start + timedelta(hours=4) - timedelta(seconds=1), start + timedelta(hours=4)
    assert [reminding.remind_due(moment) for moment in (almost, due)] == [0, 1]


def test_nobody_is_reminded_of_what_need_not_be_read_or_is_over(cast: Cast) -> None:
    start = at("2026-12-01 09:00")
    assert cast.timur
    published(cast.botir, start)
    published(cast.botir, start, must_read=True, till_at=start + timedelta(hours=2))
    assert reminding.remind_due(start + timedelta(days=1)) == 0


def test_a_planned_one_is_announced_once_when_its_time_comes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    start = at("2026-12-01 00:00")
    assert cast.aziza
    pushed: list[tuple[str, str]] = []
    monkeypatch.setattr(wire, "emit", lambda event, data, room: pushed.append((event, room)))
    published(cast.botir, start - timedelta(days=3), from_at=start, importance=Importance.URGENT)
    assert pushed == []
    with transaction():
        db.session.execute(text("UPDATE session SET seen_at = :at"), {"at": start})
    assert [verbs.announce(start + timedelta(seconds=second)) for second in (-1, 0, 30)] == [0, 1, 0]
    me = f"person:{cast.aziza.id}"
    assert pushed == [("count", me), ("fragment", f"{me}:ru")]


def test_the_bell_counts_news_until_it_is_read(cast: Cast) -> None:
    aziza = cast.aziza
    number = published(cast.botir)
    assert ">1</span>" in aziza.browser.get("/me/bell/count").text
    aziza.browser.post("/me/notifications/read-all")
    assert "data-none" in aziza.browser.get("/me/bell/count").text
    assert news.one(aziza.id, number, clock.now()).read_at is not None


def test_marking_all_as_read_does_not_confirm_what_must_be_read(cast: Cast) -> None:
    aziza = cast.aziza
    number = published(cast.botir, must_read=True)
    aziza.browser.post("/me/notifications/read-all")
    assert [one.id for one in news.before_work(aziza.id, clock.now())] == [number]


def test_pinned_news_stands_on_top_and_search_knows_both_scripts(cast: Cast) -> None:
    aziza, now = cast.aziza, clock.now()
    old = published(cast.botir, now - timedelta(days=9), "Карта офиса", pinned=True)
    new = published(cast.botir, now, "Yangi limit")
    page = aziza.browser.get("/me/notifications").text
    assert page.index(f'id="news-{old}"') < page.index(f'id="news-{new}"')
    for asked, found in (("karta", old), ("янги", new), ("ofis", old)):
        shown = aziza.browser.get(f"/me/notifications?q={asked}").text
        assert [number for number in (old, new) if f'id="news-{number}"' in shown] == [found], asked


@pytest.mark.clause("12.17")
def test_each_step_stands_in_the_journal(cast: Cast) -> None:
    number = published(cast.botir)
    cast.botir.browser.post(f"/office/news/{number}/edit", form(do="save"))
    cast.botir.browser.post(f"/office/news/{number}/remind")
    cast.aziza.browser.post(f"/me/news/{number}/confirm")
    cast.botir.browser.post(f"/office/news/{number}/withdraw")
    asked = text("SELECT kind FROM journal WHERE object_kind = 'news' AND object_id = :id ORDER BY id")
    kinds: list[Any] = list(db.session.scalars(asked, {"id": str(number)}))
    steps = ("written", "published", "edited", "reminded", "confirmed", "withdrawn")
    assert kinds == [f"news.{step}" for step in steps]
