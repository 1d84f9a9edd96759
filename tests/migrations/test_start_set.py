"""The start set is whole in every language of the interface."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from app.base.locale import LOCALES
from app.base.scripts import to_cyrillic
from app.models.auto_reply import AutoReply, fill, unknown
from app.models.permission import PERMISSIONS
from migrations import start_set

LISTS = dict(start_set.lists())
# Brands keep their letters, and a few loans keep the spelling the Latin has lost.
AS_IT_STANDS = {"Premium", "Standart", "Helper", "iPhone", "Parol unutilgan"}


def named() -> Iterator[dict[str, str]]:
    for rows in LISTS.values():
        for row in rows:
            yield row["names"]
            yield from [row["texts"]] if "texts" in row else []
    yield from (role["names"] for role, _given in start_set.roles())


@pytest.mark.clause("8.3")
def test_every_name_and_text_stands_in_all_languages() -> None:
    assert all(set(names) == set(LOCALES) and all(names.values()) for names in named())


@pytest.mark.clause("8.3")
def test_the_uzbek_scripts_say_the_same() -> None:
    for names in named():
        latin = re.sub(r"\{[a-z.]+\}", "", names["uz_Latn"])
        if latin not in AS_IT_STANDS:
            assert to_cyrillic(latin) == re.sub(r"\{[a-z.]+\}", "", names["uz_Cyrl"])


@pytest.mark.clause("8.3")
def test_uzbek_latin_is_written_with_its_own_letter() -> None:
    assert not any(re.search(r"[og]['`‘’]", names["uz_Latn"], re.IGNORECASE) for names in named())


@pytest.mark.clause("9.5")
def test_topics_stand_in_four_levels_below_parents_that_come_first() -> None:
    levels = {None: 0}
    for topic in LISTS["topic"]:
        levels[topic["id"]] = levels[topic["parent_id"]] + 1
    assert max(levels.values()) == 4
    assert 60 <= len(LISTS["topic"]) <= 90


@pytest.mark.clause("9.5")
def test_no_two_topics_side_by_side_have_one_name() -> None:
    for locale in LOCALES:
        places = [(topic["parent_id"], topic["names"][locale]) for topic in LISTS["topic"]]
        assert len(places) == len(set(places))


@pytest.mark.clause("8.2")
def test_somebody_can_take_new_chats_and_a_lost_connection_takes_none() -> None:
    statuses = LISTS["work_status"]
    assert [status["names"]["en"] for status in statuses if status["takes_new_chats"]] == ["Active"]
    assert [status["takes_seat"] for status in statuses if status["code"] == "lost"] == [False]


def test_every_reply_uses_only_what_is_filled_in_on_its_occasion() -> None:
    for row in LISTS["auto_reply"]:
        known = AutoReply(kind=row["kind"]).variables
        assert not [name for text in row["texts"].values() for name in unknown(text, known)]


def test_a_greeting_reads_well_without_a_name() -> None:
    greeting = LISTS["auto_reply"][0]["texts"]["ru"]
    assert fill(greeting, {"bank.name": "Банк"}) == "Здравствуйте! Это Банк. Чем можем помочь?"


@pytest.mark.clause("7.4")
def test_an_administrator_reads_no_chats_by_default() -> None:
    given = {role["code"]: {one["permission"] for one in rights} for role, rights in start_set.roles()}
    assert "chats.read" not in given["administrator"]
    assert "lists.change" not in given["operator"] | given["supervisor"]


@pytest.mark.clause("7.4")
def test_the_ready_roles_give_only_permissions_that_exist(app: Flask) -> None:
    given = {one["permission"] for _role, rights in start_set.roles() for one in rights}
    assert given <= PERMISSIONS.keys()
