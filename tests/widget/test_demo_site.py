"""The chat of the demonstration's site greets in the language and script of its page, and keeps what was changed."""

import pytest
from flask.testing import FlaskClient

from app.actions import demo, webchat
from app.actions.journal import HERE
from app.base import clock
from app.models.viewer import SYSTEM
from app.queries import channels as known
from app.queries import widget
from deploy.demo import site
from tests.widget.conftest import SITE, words_of

pytestmark = [pytest.mark.clause("9.1"), pytest.mark.own_database]


def prepared(*sites: str) -> None:
    demo.site(clock.now(), sites, site.KEY, site.SECRET)


def greeted(client: FlaskClient, language: str) -> str:
    return words_of(client.get(f"/widget/{site.KEY}?lang={language}").text)[0]


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize(
    ("language", "word"),
    [("ru", "Здравствуйте"), ("uz", "Assalomu alaykum"), ("uz-Cyrl", "Ассалому алайкум"), ("en", "Hello")],
)
def test_a_visitor_is_greeted_in_his_language_and_script(client: FlaskClient, language: str, word: str) -> None:
    prepared(SITE)
    assert greeted(client, language).startswith(word)


@pytest.mark.usefixtures("key")
def test_what_was_written_stays_when_the_demonstration_moves(client: FlaskClient) -> None:
    prepared(SITE)
    channel = known.by_key(site.KEY)
    assert channel is not None
    chat = known.webchat(channel.id)
    assert chat is not None
    words = webchat.Wish("S", (SITE,), titles={"ru": "Пишите нам"}, greetings={"ru": "Добро пожаловать"})
    webchat.change(channel, chat, words, SYSTEM, HERE, clock.now())

    prepared("https://other.example")
    widget.forget()

    assert greeted(client, "uz") == "Добро пожаловать"
    page = client.get(f"/widget/{site.KEY}?lang=ru")
    assert "Пишите нам" in page.text and "https://other.example" in page.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("key")
def test_a_demonstration_of_old_gets_its_greeting(client: FlaskClient) -> None:
    old = webchat.Wish("Demo site", (SITE,), "HS256", site.SECRET)
    webchat.connect(old, SYSTEM, HERE, clock.now(), key=site.KEY)
    prepared(SITE)
    assert greeted(client, "uz-Cyrl").startswith("Ассалому алайкум")
