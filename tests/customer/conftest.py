"""A bank with two bots and a site, its clients, and a shop assistant's view of who is who."""

from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import text

from app.actions import channels, routing, webchat
from app.actions.journal import HERE, Origin
from app.base import clock, crypt
from app.models.channel import Channel
from app.models.db import db, transaction
from app.models.viewer import SYSTEM, Viewer
from app.queries import visible
from app.queries.visible import ChatView
from tests.cast import Actor, Cast
from tests.peers import Peer
from tests.road.conftest import Bank, message, telegram, telegram_server, viewer_of  # noqa: F401  (fixtures)
from tests.widget.conftest import SECRET, SITE, Visitor

FROM_HERE = Origin("127.0.0.1", "test")


class House(Bank):
    """Two bots and the bank's site; short words for what clients do and where it is found."""

    def __init__(self, app: Flask, main: Channel, second: Channel, site: Channel) -> None:
        super().__init__(main)
        self.app, self.second_id, self.site_id, self.site_key = app, second.id, site.id, site.key

    def says(self, who: int, words: str = "Salom", **more: Any) -> int:
        """A word in the first bot; the chat it stands in."""
        self.receive(message(words, of=who, **more))
        return self.chat_of(who)

    def starts(self, who: int, payload: str) -> None:
        """The client presses "Start" behind a link."""
        self.receive(message(f"/start {payload}", of=who))

    def visitor(self) -> Visitor:
        """Somebody on the site."""
        found = Visitor(self.app, self.site_key)
        assert found.enters().status_code == 200
        return found

    def chat_of(self, who: int | str) -> int:
        """The chat in which this sender's next word stands."""
        found = self.one(
            """SELECT c.id FROM identity i JOIN customer k ON k.id = i.customer_id
                 JOIN chat c ON c.customer_id = coalesce(k.merged_into, k.id) WHERE i.external_id = :who""",
            who=str(who),
        )
        return int(found)

    def words_in(self, chat_id: int) -> list[str]:
        rows = db.session.execute(
            text("SELECT id, text FROM message WHERE chat_id = :id ORDER BY at, id"), {"id": chat_id}
        )
        return [crypt.open_sealed(row.text, ("message.text", row.id)) for row in rows]

    def sent(self, provider: Peer) -> list[str]:
        self.deliver()
        return [call["params"]["text"] for call in provider.calls("sendMessage") if call["status"] == 200]


@pytest.fixture
def house(app: Flask, context: None, telegram: Peer) -> Iterator[House]:  # noqa: F811
    """The site's clients may go on in the first bot."""
    for who in CLIENTS:
        telegram.chat(who)
    now = clock.now()
    main = channels.connect("telegram", channels.Wish("Bank bot", telegram.token, telegram.url), SYSTEM, HERE, now)
    second = channels.connect("telegram", channels.Wish("Loans bot", "2:second", telegram.url), SYSTEM, HERE, now)
    with transaction():
        second.token = telegram.token  # the server knows one bot only
        main.username, second.username = "bank_bot", "loans_bot"
    site = webchat.connect(webchat.Wish("Site", (SITE,), "HS256", SECRET, bot_id=main.id), SYSTEM, HERE, now)
    yield House(app, main, second, site)
    db.session.remove()


DILSHOD, SHAHNOZA, BEKZOD = CLIENTS = (4242, 4343, 4444)


def takes(actor: Actor, chat_id: int) -> Viewer:
    """The operator takes this chat, whoever is in the queue before it."""
    person = viewer_of(actor)
    with transaction():
        db.session.execute(text("UPDATE standing SET language = NULL"))
    routing.take(chat_id, person, clock.now())
    return person


def seen_by(person: Viewer, chat_id: int) -> ChatView:
    return visible.chat(person, chat_id)


def token_of(address: str) -> str:
    """The token in a link that was sent."""
    asked = parse_qs(urlsplit(address).query)
    return (asked.get("start") or asked.get("continue") or asked["muloqot"])[0]


def link_in(words: Collection[str]) -> str:
    """The last link among these words."""
    return [part for said in words for part in said.split() if part.startswith("http")][-1]


@pytest.fixture
def botir(house: House, cast: Cast) -> Viewer:
    return viewer_of(cast.botir)
