"""The demo's invented clients: they tell their story, react to people, and never say what the door cannot read."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from app.channels.telegram import door
from deploy.demo.clients import Clients, Visit
from deploy.demo.cloud import Cloud, Fields
from deploy.demo.people import PEOPLE
from deploy.demo.story import Person

DILNOZA = PEOPLE[0]
BOT = {"id": 1, "is_bot": True, "first_name": "Bank"}


def told(cloud: Cloud) -> list[str]:
    """What reached the bot, in short."""
    found = [door.parse(update) for update in cloud.updates]
    return [f"{update.lane} {update.kind} {update.text or [a.kind for a in update.attachments]}" for update in found]


def live(clients: Clients, start: int, seconds: int) -> None:
    for now in range(start, start + seconds):
        clients.tick(float(now))


def pass_by(visit: Visit, start: int, seconds: int) -> None:
    for now in range(start, start + seconds):
        visit.tick(float(now))


def answer(cloud: Cloud, chat_id: int = DILNOZA.id, **content: object) -> Fields:
    return cloud.deliver(chat_id, {"text": "Hozir koʻraman", **content})


def test_the_same_seed_tells_the_same_stories() -> None:
    clouds = [Cloud(BOT), Cloud(BOT)]
    for cloud in clouds:
        live(Clients(cloud, seed=7, pace=20), 0, 300)
    assert told(clouds[0]) == told(clouds[1])
    assert len(clouds[0].chats) > 8


def test_no_more_visits_than_allowed_are_open() -> None:
    clients = Clients(Cloud(BOT), pace=1, most=5)
    live(clients, 0, 200)
    assert len(clients.visits) == 5


def test_a_client_waits_for_a_person_and_thanks_at_the_end() -> None:
    cloud = Cloud(BOT)
    visit = Visit(cloud, DILNOZA, DILNOZA.stories[0], Random(1), 0.0)
    pass_by(visit, 0, 60)
    now = 60
    while not visit.over:
        before = len(cloud.updates)
        pass_by(visit, now, 30)
        assert len(cloud.updates) == before, "spoke without being answered"
        answer(cloud)
        pass_by(visit, now + 30, 60)
        assert len(cloud.updates) > before
        now += 90
    assert told(cloud)[-1].endswith(DILNOZA.stories[0].thanks)


def test_an_automatic_greeting_is_not_taken_for_an_answer() -> None:
    cloud = Cloud(BOT)
    visit = Visit(cloud, DILNOZA, DILNOZA.stories[0], Random(1), 0.0)
    pass_by(visit, 0, 1)
    answer(cloud)
    pass_by(visit, 1, 100)
    assert len(cloud.updates) == 1 + len(DILNOZA.stories[0].opening)


def test_a_rating_is_given_by_its_button() -> None:
    cloud = Cloud(BOT)
    visit = Visit(cloud, DILNOZA, DILNOZA.stories[0], Random(1), 0.0)
    pass_by(visit, 0, 60)
    rows = [[{"text": str(mark), "callback_data": f"rate:{mark}"} for mark in range(1, 6)]]
    answer(cloud, reply_markup={"inline_keyboard": rows})
    pass_by(visit, 60, 5)
    press = door.parse(cloud.updates[-1]).callback
    assert press
    assert press.data.startswith("rate:")


@pytest.mark.parametrize("story", [0, 1])
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.first_name)
def test_everything_a_person_may_say_is_understood(person: Person, story: int) -> None:
    cloud = Cloud(BOT)
    visit = Visit(cloud, person, person.stories[story], Random(1), 0.0)
    for now in range(1, 1000):
        visit.tick(float(now))
        if now % 60 == 0:
            answer(cloud, person.id)
    assert visit.over
    assert {door.parse(update).kind for update in cloud.updates} <= {"started", "message", "edited"}


def test_the_switch_pauses_them(tmp_path: Path) -> None:
    control = tmp_path / "clients"
    control.write_text("off\n")
    clients = Clients(Cloud(BOT), control=control)
    live(clients, 0, 60)
    assert (clients.visits, clients.status()["running"]) == ([], False)
    control.write_text("on\n")
    live(clients, 60, 60)
    assert clients.visits
    clients.adjust({"running": False})
    assert clients.status()["running"] is False


def test_the_demo_starts_and_stops_by_a_signal() -> None:
    command = [sys.executable, "-m", "deploy.demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout
        assert "http://127.0.0.1:" in demo.stdout.readline()
        demo.terminate()
        assert demo.wait(10) == 0
