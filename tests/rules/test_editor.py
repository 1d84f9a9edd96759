"""Kamola edits the rules: what is entered is kept until it fits, and each change stands in the journal."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.models.db import db
from app.models.rule_fields import SCORES as SCORE_LIST
from app.queries import rules
from migrations.start_set.scores import SCORES
from tests.cast import Cast
from tests.rules.conftest import routed, run, scored

NAMES = {"names.ru": "Премиум", "names.en": "Premium first"}


def only(statement: str, **values: Any) -> Any:
    found = db.session.execute(text(statement), values).scalar()
    db.session.rollback()
    return found


@pytest.mark.clause("5.1", "7.1", "12.19")
@pytest.mark.usefixtures("context")
def test_a_rule_is_made_and_used_at_once_and_the_journal_knows(cast: Cast) -> None:
    group = only("SELECT min(id) FROM staff_group")
    segment = only("SELECT id FROM segment WHERE names ->> 'ru' = 'Premium'")
    form = {**NAMES, "c0.kind": "segment", "c0.value": [segment], "outcome.group": group, "outcome.priority": "25"}
    answer = cast.kamola.browser.post("/office/rules/routing/add", form)
    assert answer.status_code == 303
    made = rules.current().rules[0]
    assert (made.outcome.group, made.outcome.priority) == (group, 25)
    assert "Сегмент: Premium" in (page := cast.kamola.browser.get("/office/rules").text) or "Segment" in page
    assert only("SELECT count(*) FROM journal WHERE kind = 'list.added' AND object_kind = 'rules'") == 1


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("key", "form", "kept"),
    [
        ("routing", {"names.ru": ""}, ""),
        ("routing", {**NAMES, "c0.kind": "segment"}, ""),
        ("routing", {**NAMES, "c0.kind": "segment", "c0.value": ["4711"]}, ""),
        ("routing", {**NAMES, "c0.kind": "text", "c0.value": "👍👍"}, "👍👍"),
        ("routing", {**NAMES, "c0.kind": "waits", "c0.value": "soon"}, "soon"),
        ("routing", {**NAMES, "c0.kind": "client", "c0.value": "Дильшод"}, "Дильшод"),
        ("routing", {**NAMES, "c0.kind": "zodiac", "c0.value": "leo"}, "zodiac"),
        ("routing", {**NAMES, "outcome.priority": "много"}, "много"),
        ("routing", {**NAMES, "outcome.group": "4711"}, ""),
        ("routing", {**NAMES, "outcome.person": "4711"}, ""),
        ("routing", {**NAMES, "outcome.skills": ["4711"]}, ""),
        ("score", {**NAMES, "points": "1001"}, "1001"),
        ("score", {**NAMES, "points": ""}, ""),
        ("score", {**NAMES, "points": "5", "c0.kind": "waits", "c0.value": "5"}, ""),
    ],
)
def test_what_does_not_fit_is_kept_and_marked(cast: Cast, key: str, form: dict[str, Any], kept: str) -> None:
    before = rules.load()
    answer = cast.kamola.browser.post(f"/office/rules/{key}/add", form)
    assert answer.status_code == 422
    assert kept in answer.text
    assert 'class="wrong"' in answer.text
    assert form.get("names.ru", "") in answer.text
    assert rules.load() == before


@pytest.mark.usefixtures("context")
def test_conditions_come_and_go_by_buttons_of_the_form_and_nothing_is_saved(cast: Cast) -> None:
    form = {**NAMES, "c0.kind": "text", "c0.value": "карта", "more": "1", "kind": "vip"}
    drawn = cast.kamola.browser.post("/office/rules/routing/form", form).text
    assert re.findall(r'name="(c\d)\.kind" value="(\w+)"', drawn) == [("c0", "text"), ("c1", "vip")]
    assert "карта" in drawn and "Премиум" in drawn
    form |= {"c1.kind": "vip", "drop": "0"}
    drawn = cast.kamola.browser.post("/office/rules/routing/form", form).text
    assert re.findall(r'name="(c\d)\.kind" value="(\w+)"', drawn) == [("c0", "vip")]
    assert rules.load().rules == ()


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("key", ["routing", "score"])
def test_what_conditions_mean_is_said_once(cast: Cast, key: str) -> None:
    browser, every, all_of_them = cast.kamola.browser, "the rule holds for every chat", "All of them must hold."
    run("UPDATE person SET locale = 'en' WHERE id = :id", id=cast.kamola.id)
    empty = browser.get(f"/office/rules/{key}/add").text
    assert empty.count(every) == 1 and all_of_them not in empty
    drawn = browser.post(f"/office/rules/{key}/form", {**NAMES, "c0.kind": "vip"}).text
    assert drawn.count(all_of_them) == 1 and every not in drawn


@pytest.mark.usefixtures("context")
def test_rules_change_places_leave_and_come_back(cast: Cast) -> None:
    first, second = routed("Первое", {"priority": 1}), routed("Второе", {"priority": 2}, position=2)
    browser = cast.kamola.browser
    browser.post(f"/office/rules/routing/{second}/move", {"direction": "up"})
    assert [one.id for one in rules.current().rules] == [second, first]
    browser.post(f"/office/rules/routing/{second}/archive")
    assert [one.id for one in rules.current().rules] == [first]
    assert "Второе" in browser.get("/office/rules?archived=1").text
    browser.post(f"/office/rules/routing/{second}/restore")
    assert {one.id for one in rules.current().rules} == {first, second}


@pytest.mark.own_database
@pytest.mark.usefixtures("context")
def test_a_rule_that_names_what_is_out_of_use_says_so_and_holds_nobody_up(cast: Cast) -> None:
    run('INSERT INTO staff_group (names, position, archived_at) VALUES (\'{"ru": "Старая"}\', 9, now())')
    routed("В старую", {"group": only("SELECT id FROM staff_group WHERE archived_at IS NOT NULL")})
    assert rules.current().rules[0].outcome.group is None
    assert "warning" in cast.kamola.browser.get("/office/rules").text


@pytest.mark.clause("1.4", "5.1")
@pytest.mark.usefixtures("context")
def test_weights_and_the_curve_are_saved_together_and_journalled(cast: Cast) -> None:
    vip = only("SELECT id FROM score_rule WHERE names ->> 'ru' = 'VIP'")
    form = {f"points-{vip}": "75", "minutes": ["0", "5", ""], "worth": ["0", "50", ""]}
    assert cast.kamola.browser.post("/office/score", form).status_code == 303
    assert rules.current().curve == ((0, 0), (5, 50))
    assert {one.id: one.points for one in rules.current().scores}[vip] == 75
    assert only("SELECT count(*) FROM journal WHERE kind = 'score.changed'") == 1


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("minutes", "worth"),
    [
        (["1"], ["5"]),
        (["0", "0"], ["5", "6"]),
        (["0", "x"], ["5", "6"]),
        (["0", "5"], ["5", "1e3"]),
        (["0", "99999"], ["0", "1"]),
        ([], []),
    ],
)
def test_a_curve_that_does_not_fit_is_not_saved(cast: Cast, minutes: list[str], worth: list[str]) -> None:
    before = rules.load()
    answer = cast.kamola.browser.post("/office/score", {"minutes": minutes, "worth": worth})
    assert answer.status_code == 422
    assert all(f'value="{one}"' in answer.text for one in (*minutes, *worth))
    assert rules.load() == before


@pytest.mark.usefixtures("context")
def test_who_may_not_change_routing_sees_none_of_it(cast: Cast) -> None:
    row = scored("Своё", 5)
    for path in ("/office/rules", "/office/score", "/office/rules/trial", f"/office/rules/score/{row}"):
        assert cast.botir.browser.get(path).status_code == 403
    assert cast.botir.browser.post(f"/office/rules/score/{row}/archive").status_code == 403


@pytest.mark.clause("5.1")
@pytest.mark.usefixtures("context")
def test_channels_get_hours_and_a_weight(app: Flask, cast: Cast) -> None:
    run("INSERT INTO channel (kind, name, key, created_at) VALUES ('telegram', 'Bot', 'k', now())")
    channel, hours = only("SELECT id FROM channel"), only("SELECT max(id) FROM business_hours")
    browser = cast.kamola.browser
    form = {f"hours-{channel}": hours, f"weight-{channel}": "20"}
    assert browser.post("/office/channels/serving", form).status_code == 303
    assert only("SELECT (hours_id, weight) = (:hours, 20) FROM channel", hours=hours)
    browser.post("/office/channels/serving", {f"hours-{channel}": "77", f"weight-{channel}": "7"})
    assert only("SELECT weight FROM channel") == 20


@pytest.mark.clause("5.1", "7.5")
@pytest.mark.own_database
@pytest.mark.usefixtures("context")
def test_a_person_has_skills_and_a_group_its_way(cast: Cast) -> None:
    browser = cast.kamola.browser
    browser.post("/office/lists/skills/add", {"names.ru": "Ипотека"})
    skill, group = only("SELECT id FROM skill"), only("SELECT min(id) FROM staff_group")
    person = {"name": "Тимур Ли", "locale": "ru", "languages": ["ru"], "skills": [skill], "groups": [group]}
    assert browser.post(f"/office/people/{cast.timur.id}/edit", person).status_code == 303
    assert only("SELECT person_id FROM person_skill WHERE skill_id = :id", id=skill) == cast.timur.id
    form = {"names.ru": "Центр", "members": [cast.timur.id], "method": "round_robin", "wider_after_s": "90"}
    assert browser.post(f"/office/lists/groups/{group}", form).status_code == 303
    stored = (
        "SELECT (method, wider_after_s, last_operator_hours) = ('round_robin', 90, 24) FROM staff_group WHERE id = :id"
    )
    assert only(stored, id=group)
    assert browser.post(f"/office/lists/groups/{group}", form | {"hours_id": "77"}).status_code == 422


@pytest.mark.clause("1.4")
@pytest.mark.parametrize("row", SCORES, ids=lambda row: row["names"]["en"])
def test_the_score_a_new_bank_finds_fits_its_form(row: dict[str, Any]) -> None:
    """Written into the form and read back it is the same."""
    for field in SCORE_LIST.fields:
        assert field.kind.read(field.kind.write(row[field.name])) == row[field.name]
