"""Two clients turn out to be one person, and sometimes not: everything goes together, and everything comes back."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.actions import closing, customers, merging, reply
from app.base import clock
from app.models.chat import Outcome
from app.models.db import db
from app.models.viewer import Viewer
from app.queries import chat_list, draft, thread, visible
from app.queries.visible import NotVisible
from tests.cast import Cast
from tests.customer.conftest import BEKZOD, CLIENTS, DILSHOD, FROM_HERE, SHAHNOZA, House, seen_by, takes
from tests.road.conftest import edited, message

pytestmark = pytest.mark.clause("1.5", "9.2")


def joined(house: House, person: Viewer, stays: int, comes: int, **keeps: str) -> None:
    chats = [seen_by(person, house.chat_of(who)) for who in (stays, comes)]
    merging.merge(chats[0], chats[1], keeps, person, FROM_HERE, clock.now())


def parted(house: House, person: Viewer, chat_id: int) -> int:
    record = house.one("SELECT id FROM customer_merge WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1")
    return merging.unmerge(seen_by(person, chat_id), record, person, FROM_HERE, clock.now())


def test_all_that_was_said_stands_in_one_chat_and_returns(house: House, botir: Viewer) -> None:
    stays, comes = house.says(DILSHOD, "birinchi"), house.says(SHAHNOZA, "ikkinchi")
    joined(house, botir, DILSHOD, SHAHNOZA)
    house.says(SHAHNOZA, "uchinchi")

    assert house.chat_of(SHAHNOZA) == stays
    assert house.words_in(stays) == ["birinchi", "ikkinchi", "uchinchi"]
    shown = [item.text for item in thread.latest(stays).items if isinstance(item, thread.Message)]
    assert shown == house.words_in(stays)

    assert parted(house, botir, stays) == comes
    assert house.words_in(stays) == ["birinchi"]
    assert house.words_in(comes) == ["ikkinchi", "uchinchi"]


def test_two_open_requests_become_one_and_the_list_shows_one_row(house: House, botir: Viewer) -> None:
    stays, comes = house.says(DILSHOD), house.says(SHAHNOZA)
    joined(house, botir, DILSHOD, SHAHNOZA)

    assert [row.chat_id for row in chat_list.queue(botir)] == [stays]
    assert house.one("SELECT count(*) FROM episode WHERE closed_at IS NULL") == 1
    assert house.one("SELECT unread FROM standing") == 2
    with pytest.raises(NotVisible):
        visible.chat(botir, comes)


def test_who_answered_one_of_the_two_answers_both(house: House, cast: Cast, botir: Viewer) -> None:
    stays, comes = house.says(DILSHOD), house.says(SHAHNOZA)
    aziza = takes(cast.aziza, comes)
    joined(house, botir, DILSHOD, SHAHNOZA)

    assert house.one("SELECT owner_id FROM standing WHERE chat_id = :id", id=stays) == aziza.person_id
    reply.say(stays, "Javob", aziza, clock.now())


def test_an_open_request_goes_on_in_a_chat_without_one(house: House, cast: Cast, botir: Viewer) -> None:
    stays = house.says(DILSHOD)
    takes(cast.botir, stays)
    closing.finish(stays, Outcome.SOLVED, [], "", botir, clock.now(), topic_later=True)
    comes = house.says(SHAHNOZA)
    joined(house, botir, DILSHOD, SHAHNOZA)

    assert house.one("SELECT chat_id FROM standing") == stays
    assert parted(house, botir, stays) == comes
    assert house.one("SELECT chat_id FROM standing") == comes


def test_a_client_who_waits_when_they_are_parted_keeps_waiting(house: House, botir: Viewer) -> None:
    stays, comes = house.says(DILSHOD), house.says(SHAHNOZA)
    joined(house, botir, DILSHOD, SHAHNOZA)
    house.says(SHAHNOZA, "hali javob yoʻq")
    parted(house, botir, stays)

    waiting = set(db.session.scalars(text("SELECT chat_id FROM standing WHERE waits_since IS NOT NULL")))
    assert waiting == {stays, comes}


def test_who_is_parted_still_needs_the_language_and_the_skills_that_were_asked_for(house: House, botir: Viewer) -> None:
    stays, comes = house.says(DILSHOD), house.says(SHAHNOZA)
    joined(house, botir, DILSHOD, SHAHNOZA)
    skill = house.one('INSERT INTO skill (names) VALUES (\'{"ru": "Ипотека"}\') RETURNING id')
    house.one("UPDATE standing SET language = 'uz_Latn', skill_ids = ARRAY[:id] RETURNING 1", id=skill)
    house.says(SHAHNOZA, "hali javob yoʻq")
    parted(house, botir, stays)

    asked = db.session.execute(text("SELECT chat_id, language, skill_ids FROM standing ORDER BY chat_id")).all()
    assert {row.chat_id for row in asked} == {stays, comes}
    assert {(row.language, *row.skill_ids) for row in asked} == {("uz_Latn", skill)}


def test_what_the_operator_was_writing_in_both_is_kept(house: House, cast: Cast, botir: Viewer) -> None:
    stays, comes = house.says(DILSHOD), house.says(SHAHNOZA)
    for chat_id, words in ((stays, "bir"), (comes, "ikki")):
        takes(cast.botir, chat_id)
        reply.keep_draft(chat_id, words, botir, clock.now())
    joined(house, botir, DILSHOD, SHAHNOZA)

    assert draft.text_of(stays, botir) == "bir\nikki"


def test_an_edit_of_an_old_word_finds_it(house: House, botir: Viewer) -> None:
    stays = house.says(DILSHOD)
    old = message("xato", of=SHAHNOZA)
    house.receive(old)
    joined(house, botir, DILSHOD, SHAHNOZA)
    house.receive(edited(old, "toʻgʻri"))

    assert house.words_in(stays)[1:] == ["toʻgʻri"]


def test_the_chosen_name_stays_and_goes_back(house: House, botir: Viewer) -> None:
    stays = house.says(DILSHOD)
    house.receive({**message("Salom", of=SHAHNOZA)})
    comes = house.chat_of(SHAHNOZA)
    customers.speaks(seen_by(botir, comes), "en", customers.Seen(0, FROM_HERE), botir, clock.now())
    told = "SELECT k.language FROM customer k JOIN chat c ON c.customer_id = k.id WHERE c.id = :id"
    before = house.one(told, id=stays)
    joined(house, botir, DILSHOD, SHAHNOZA, language="other")

    assert house.one(told, id=stays) == "en"
    parted(house, botir, stays)
    assert house.one(told, id=stays) == before


def test_a_merge_is_journalled_and_told_in_the_thread(house: House, botir: Viewer) -> None:
    stays = house.says(DILSHOD)
    house.says(SHAHNOZA)
    joined(house, botir, DILSHOD, SHAHNOZA)
    parted(house, botir, stays)

    kinds = "SELECT string_agg(kind, ' ' ORDER BY id) FROM journal WHERE kind LIKE 'customer.%merged'"
    assert house.one(kinds) == "customer.merged customer.unmerged"
    verbs = [item.verb for item in thread.latest(stays).items if isinstance(item, thread.Event)]
    assert "merged" in verbs and "unmerged" in verbs


def test_only_who_serves_the_client_merges(house: House, cast: Cast, botir: Viewer) -> None:
    stays, comes = house.says(DILSHOD), house.says(SHAHNOZA)
    timur = takes(cast.timur, stays)
    chats = [seen_by(timur, stays), seen_by(takes(cast.botir, comes), comes)]
    merging.merge(chats[0], chats[1], {}, timur, FROM_HERE, clock.now())

    aziza = takes(cast.aziza, house.says(BEKZOD))
    with pytest.raises(merging.NotYours):
        merging.merge(seen_by(botir, stays), seen_by(aziza, house.chat_of(BEKZOD)), {}, aziza, FROM_HERE, clock.now())


def test_the_old_number_leads_to_the_chat(house: House, cast: Cast, botir: Viewer) -> None:
    stays, comes = house.says(DILSHOD), house.says(SHAHNOZA)
    joined(house, botir, DILSHOD, SHAHNOZA)
    db.session.commit()

    answer = cast.botir.browser.get(f"/chats/{comes}")
    assert answer.status_code == 302 and answer.location.endswith(f"/chats/{stays}")
    assert cast.kamola.browser.get(f"/chats/{comes}").status_code in (403, 404)


_STEP = st.one_of(
    st.tuples(st.just("says"), st.sampled_from(CLIENTS)),
    st.tuples(st.just("merge"), st.permutations(CLIENTS)),
    st.tuples(st.just("unmerge"), st.integers(0, 5)),
    st.tuples(st.just("close"), st.sampled_from(CLIENTS)),
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(_STEP, min_size=4, max_size=12))
def test_every_word_comes_back_to_its_own_chat(house: House, botir: Viewer, steps: list[Any]) -> None:
    """Whatever is merged, said, closed and parted in whatever order."""
    for who in CLIENTS:
        house.says(who)
    for what, about in steps:
        _do(house, botir, what, about)
        _sound()
    while house.one("SELECT count(*) FROM customer_merge WHERE ended_at IS NULL"):
        _do(house, botir, "unmerge", 0)
        _sound()
    astray = """SELECT count(*) FROM message m JOIN identity i ON i.id = m.identity_id
                 JOIN chat c ON c.customer_id = i.customer_id WHERE m.chat_id <> c.id"""
    assert house.one(astray) == 0
    for who in CLIENTS:
        assert house.chat_of(who) == _own_chat(house, who)


def _own_chat(house: House, who: int) -> int:
    found = "SELECT c.id FROM chat c JOIN identity i USING (customer_id) WHERE i.external_id = :who"
    return int(house.one(found, who=str(who)))


def _do(house: House, botir: Viewer, what: str, about: Any) -> None:
    match what:
        case "says":
            house.says(about)
        case "merge":
            if house.chat_of(about[0]) != house.chat_of(about[1]):
                joined(house, botir, about[0], about[1])
        case "close":
            closing.finish_by_system(house.chat_of(about), "idle", clock.now())
        case "unmerge":
            records = list(db.session.scalars(text("SELECT id FROM customer_merge WHERE ended_at IS NULL ORDER BY id")))
            if records:
                record = records[about % len(records)]
                root = house.one(
                    """SELECT c.id FROM customer_merge m JOIN customer k ON k.id = m.customer_id
                         JOIN chat c ON c.customer_id = coalesce(k.merged_into, k.id) WHERE m.id = :id""",
                    id=record,
                )
                merging.unmerge(seen_by(botir, root), record, botir, FROM_HERE, clock.now())


def _sound() -> None:
    """What always holds: one open request a chat, its standing beside it, and a request for whatever was said."""
    wrong = """
        SELECT (SELECT count(*) FROM episode e FULL JOIN standing s ON s.episode_id = e.id
                 WHERE (e.closed_at IS NULL) <> (s.chat_id IS NOT NULL) OR s.chat_id <> e.chat_id)
             + (SELECT count(*) FROM chat c JOIN customer k ON k.id = c.customer_id
                 WHERE k.merged_into IS NULL AND EXISTS (SELECT 1 FROM message m WHERE m.chat_id = c.id)
                   AND NOT EXISTS (SELECT 1 FROM episode e WHERE e.chat_id = c.id))
             + (SELECT count(*) FROM chat c JOIN customer k ON k.id = c.customer_id
                 WHERE k.merged_into IS NOT NULL AND EXISTS (SELECT 1 FROM message m WHERE m.chat_id = c.id))
    """
    assert db.session.scalar(text(wrong)) == 0
