"""Demonstration people: only on an empty database, never in production."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import text

from app.actions import channels, webchat
from app.actions import people as verbs
from app.actions.journal import HERE
from app.models.db import db, transaction
from app.models.viewer import SYSTEM
from app.models.webchat import WebChat
from app.queries import channels as known

_PEOPLE = (
    ("a.saidov", "Алишер Саидов", "administrator", "ru", (), "administrator"),
    ("k.rahimova", "Камола Рахимова", "supervisor", "ru", ("ru", "uz_Latn", "uz_Cyrl"), "supervisor"),
    ("n.umarova", "Нодира Умарова", "auditor", "ru", (), "auditor"),
    ("s.yusupov", "Сардор Юсупов", "security_officer", "ru", (), "security officer"),
    ("d.karimova", "Дилноза Каримова", "operator", "ru", ("ru", "uz_Latn", "uz_Cyrl"), "operator: Russian, Uzbek"),
    ("j.toshev", "Jasur Toshev", "operator", "uz_Latn", ("uz_Latn", "uz_Cyrl"), "operator: Uzbek"),
    ("s.li", "Светлана Ли", "operator", "ru", ("ru", "en"), "operator: Russian, English"),
)


_CHANNEL = "Demo Telegram"
_SITE = "Demo site"
_GREETINGS = {
    "ru": "Здравствуйте! Спросите нас о картах, переводах и вкладах.",
    "uz_Latn": "Assalomu alaykum! Kartalar, oʻtkazmalar va omonatlar haqida soʻrang.",
    "uz_Cyrl": "Ассалому алайкум! Карталар, ўтказмалар ва омонатлар ҳақида сўранг.",
    "en": "Hello! Ask us about cards, transfers and deposits.",
}


def people(now: datetime) -> list[tuple[str, str, str]]:
    """Make them; gives (login, generated password, what they are)."""
    made = []
    for login, name, role, locale, languages, what in _PEOPLE:
        _person, password = verbs.create(
            login, name, [role], SYSTEM, HERE, now, locale=locale, languages=languages, demo=True
        )
        made.append((login, password, what))
    _join_groups()
    return made


def _join_groups() -> None:
    """Whoever answers clients serves in every group of the start set."""
    join = text("""
        INSERT INTO group_member (group_id, person_id)
        SELECT g.id, p.id FROM staff_group g, person p JOIN person_role pr ON pr.person_id = p.id
          JOIN role r ON r.id = pr.role_id AND r.code IN ('operator', 'supervisor') WHERE p.demo
        ON CONFLICT DO NOTHING
    """)
    with transaction():
        db.session.execute(join)


def site(now: datetime, sites: tuple[str, ...], key: str, secret: str) -> None:
    """The chat on the demonstration's bank site, at the addresses it has this time; it greets in every language."""
    wish = webchat.Wish(_SITE, sites, "HS256", secret, greetings=_GREETINGS, notice_url=f"{sites[0]}/bank")
    for present in known.everyone():
        chat = known.webchat(present.id)
        if present.key == key and chat is not None:
            if tuple(chat.origins) != sites or not chat.greetings:
                webchat.change(present, chat, _keeping_words(wish, chat), SYSTEM, HERE, now)
            return
    webchat.connect(wish, SYSTEM, HERE, now, key=key)


def _keeping_words(wish: webchat.Wish, chat: WebChat) -> webchat.Wish:
    """What somebody has written on the channel's page stays."""
    return replace(
        wish,
        titles=chat.titles,
        greetings=chat.greetings or wish.greetings,
        notices=chat.notices,
        bot_id=chat.bot_id,
        page_url=chat.page_url,
    )


def channel(now: datetime, api_url: str, token: str) -> None:
    """The demonstration's Telegram, at the address its server has this time."""
    wish = channels.Wish(_CHANNEL, token, api_url)
    for present in known.everyone():
        if present.name == _CHANNEL:
            if present.api_url != api_url:
                channels.change(present, wish, SYSTEM, HERE, now)
            return
    channels.connect("telegram", wish, SYSTEM, HERE, now)
