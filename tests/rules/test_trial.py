"""Rules are tried on a past day, and a score on the present queue; nothing is saved, nobody's words are shown."""

from datetime import timedelta

import pytest

from app.base import clock
from app.base.clock import business_day
from app.queries import hours, rules, trial
from tests.cast import Cast
from tests.desk.clients import Client
from tests.rules.conftest import routed, run

CARDS = {"c0.kind": "text", "c0.value": "kartam"}


@pytest.mark.clause("5.1")
def test_a_rule_in_the_form_is_tried_on_yesterdays_chats(cast: Cast, dilshod: Client) -> None:
    yesterday = clock.now() - timedelta(days=1)
    card = dilshod.writes("Kartam maxfiy gap", yesterday)
    other = Client("Malika", 4243).writes("Salom", yesterday)
    group = run("SELECT min(id) FROM staff_group")
    form = {"names.ru": "Карты", **CARDS, "outcome.group": group, "day": business_day(yesterday).isoformat()}
    page = cast.kamola.browser.post("/office/rules/routing/try", form).text
    assert f"№ {card}" in page and f"№ {other}" not in page
    assert "maxfiy" not in page
    assert rules.load().rules == ()
    assert run("SELECT count(*) FROM journal WHERE kind = 'rules.tried'") == 1


@pytest.mark.clause("5.1")
def test_a_trial_counts_by_group_before_and_after(dilshod: Client) -> None:
    yesterday = clock.now() - timedelta(days=1)
    group = run("SELECT min(id) FROM staff_group")
    for number in range(3):
        Client("Malika", 5000 + number).writes("Kartam bloklandi" if number else "Salom", yesterday)
    routed("Карты", {"group": group}, {"kind": "text", "value": ["karta"]})
    found = trial.of_day(business_day(yesterday), rules.current())
    assert (found.tried, found.differ, found.more) == (3, 2, False)
    assert found.groups == [(group, 0, 2), (None, 3, 1)]
    unchanged = trial.of_day(business_day(yesterday), rules.current(), rules.current())
    assert (unchanged.differ, unchanged.cases) == (0, [])


@pytest.mark.parametrize("day", ["2999-01-01", "yesterday", "0"])
def test_a_day_to_come_and_what_is_no_day_are_said_and_the_form_is_kept(cast: Cast, dilshod: Client, day: str) -> None:
    page = cast.kamola.browser.post("/office/rules/routing/try", {"names.ru": "Карты", **CARDS, "day": day})
    assert page.status_code == 422
    assert "kartam" in page.text and "Карты" in page.text
    assert 'role="alert"' in cast.kamola.browser.get(f"/office/rules/trial?day={day}").text


@pytest.mark.clause("1.4", "5.1")
def test_a_score_is_tried_on_the_present_queue_before_it_is_saved(cast: Cast, dilshod: Client) -> None:
    now = clock.now()
    first = dilshod.writes("Maxfiy gap", now - timedelta(minutes=3))
    vip = Client("Malika", 4243).writes("Salom", now)
    run("UPDATE customer SET vip = true WHERE id = (SELECT customer_id FROM chat WHERE id = :id)", id=vip)
    run("UPDATE standing SET score = 12 WHERE chat_id = :id", id=first)
    rule = run("SELECT id FROM score_rule WHERE names ->> 'ru' = 'VIP'")
    form = {f"points-{rule}": "90", "minutes": ["0", "10"], "worth": ["0", "20"]}
    shown = cast.kamola.browser.post("/office/score/preview", form, headers={"HX-Request": "1"})
    assert shown.text.index(f"№ {vip}") < shown.text.index(f"№ {first}")
    assert "<svg" in shown.text and "<html" not in shown.text
    assert "Dilshod" not in shown.text and "Maxfiy" not in shown.text
    assert "<html" in cast.kamola.browser.post("/office/score/preview", form).text
    assert run("SELECT points FROM score_rule WHERE id = :id", id=rule) == 60
    wrong = cast.kamola.browser.post("/office/score/preview", form | {"worth": ["0", "x"]}, headers={"HX-Request": "1"})
    assert wrong.status_code == 200 and '<svg class="chart"' not in wrong.text


@pytest.mark.clause("14.3")
@pytest.mark.own_database
@pytest.mark.usefixtures("context")
def test_a_groups_hours_come_before_the_channels_and_those_before_the_first_of_the_list() -> None:
    sunday = clock.now().replace(2026, 11, 22, 7, 0)
    run("INSERT INTO channel (kind, name, key, created_at) VALUES ('telegram', 'Bot', 'k', now())")
    channel, group = run("SELECT id FROM channel"), run("SELECT min(id) FROM staff_group")
    around = run("SELECT id FROM business_hours WHERE names ->> 'en' = 'Around the clock'")
    closed = hours.open_now(group, channel, sunday)
    assert not closed.is_open and not closed.holiday
    assert closed.next_at == sunday.replace(day=23, hour=4, minute=0, second=0, microsecond=0)
    run("UPDATE channel SET hours_id = :id", id=around)
    assert hours.open_now(group, channel, sunday).is_open
    run("UPDATE staff_group SET hours_id = (SELECT min(id) FROM business_hours WHERE id <> :id)", id=around)
    assert not hours.open_now(group, channel, sunday).is_open
    run('UPDATE business_hours SET holidays = \'["2026-11-22", "2026-11-23"]\' WHERE id <> :id', id=around)
    hayit = hours.open_now(group, channel, sunday)
    assert hayit.holiday and hayit.next_at is not None and hayit.next_at.day == 24
    run("UPDATE business_hours SET archived_at = now()")
    assert hours.open_now(group, channel, sunday).is_open
