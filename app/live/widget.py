"""Push to the bank's site: rooms `widget:<identity>` in a namespace of their own, so no room of the desk is near.

A client's word, an answer of the bank or of the assistant; never a note. The operator's public name, never the login.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from flask import current_app, has_request_context
from flask_babel import force_locale

from app.base import clock, crypt, ears, wire
from app.base.locale import LOCALES
from app.models.webchat import SHOW_NAMES
from app.queries import presence, settings, widget, widget_talk
from app.queries.widget import Home, State
from app.queries.widget_talk import Item

NAMESPACE = "/widget"


def room(identity_id: int, locale: str) -> str:
    return f"widget:{identity_id}:{locale}"


def message_changed(chat_id: int, message_id: UUID) -> None:
    """A word is new, was edited or taken back; to the client's pages, when there are any."""
    identity_id = widget_talk.whose(chat_id, message_id)
    if identity_id is not None:
        _show_word(chat_id, message_id, identity_id, _listened(identity_id))


def word_came(chat_id: int, message_id: UUID, identity_id: int) -> None:
    """The client's own word, and how the dialogue stands with it."""
    if listened := _listened(identity_id):
        _show_word(chat_id, message_id, identity_id, listened)
        _show_state(Home(identity_id, chat_id, 0), listened)


def event_added(chat_id: int, event_id: UUID) -> None:
    """Somebody joined, or the dialogue ended."""
    home = widget.last_hosted(chat_id)
    listened = _listened(home.identity_id) if home else []
    turn = widget_talk.turn(home, event_id) if home and listened else None
    if home is not None and turn is not None:
        for locale in listened:
            _emit("item", {"html": item(turn, locale)}, room(home.identity_id, locale))


def state_changed(chat_id: int) -> None:
    """Who answers, how many wait longer, how much is read."""
    home = widget.last_hosted(chat_id)
    if home is not None and (listened := _listened(home.identity_id)):
        _show_state(home, listened)


def typing(chat_id: int) -> None:
    """Whether somebody of the bank writes; who it is stays in the house."""
    home = widget.hosted(chat_id)
    if home is not None and (listened := _listened(home.identity_id)):
        types = any(one.what == "types" and one.person_id for one in presence.others(chat_id))
        for locale in listened:
            _emit("typing", {"on": types}, room(home.identity_id, locale))


def item(shown: Item, locale: str) -> str:
    """A bubble or a turn, the same in the page and in the push."""
    return _drawn("widget/_item.html", locale, item=shown, link=link)


def state(shown: State, locale: str) -> str:
    left = shown.goes_on_until - clock.now() if shown.goes_on_until else timedelta()
    return _drawn("widget/_state.html", locale, state=shown, left=max(0, int(left.total_seconds())))


def link(file_id: UUID) -> str:
    """The address of a file of the dialogue, good today and tomorrow: pictures and players can send no token."""
    day = f"{clock.business_day(clock.now()):%Y%m%d}"
    return f"/widget/files/{file_id}?day={day}&mark={_mark(file_id, day)}"


def is_link(file_id: UUID, day: str, mark: str) -> bool:
    """Whether we have made this address yesterday or today."""
    today = clock.business_day(clock.now())
    fresh = day in (f"{today:%Y%m%d}", f"{today - timedelta(days=1):%Y%m%d}")
    return fresh and crypt.check_signature("widget.file", f"{file_id}:{day}", mark)


def _listened(identity_id: int) -> list[str]:
    """The languages of this client's pages, without the one that is being answered; a guess while it is not known."""
    rooms = {room(identity_id, locale): locale for locale in LOCALES}
    found = ears.heard(rooms, ears.SITE, but=wire.answered())
    return widget.locales(identity_id) if found is None else [rooms[one] for one in found]


def _show_word(chat_id: int, message_id: UUID, identity_id: int, locales: Iterable[str]) -> None:
    word = widget_talk.word(chat_id, message_id) if locales else None
    if word is not None:
        for locale in locales:
            _emit("item", {"html": item(word, locale)}, room(identity_id, locale))


def _show_state(home: Home, locales: Iterable[str]) -> None:
    stands = widget.state(home)
    for locale in locales:
        _emit("state", {"html": state(stands, locale)}, room(home.identity_id, locale))


def _mark(file_id: UUID, day: str) -> str:
    return crypt.sign("widget.file", f"{file_id}:{day}")


def _drawn(template: str, locale: str, **values: object) -> str:
    # Outside a request Flask-Babel keeps the language on the application itself, which a worker's threads share.
    if not has_request_context():
        with current_app.test_request_context():
            return _drawn(template, locale, **values)
    with force_locale(locale):
        names = settings.value(SHOW_NAMES)
        return current_app.jinja_env.get_template(template).render(values, names=names).strip()


def _emit(event: str, data: object, room: str) -> None:
    wire.emit(event, data, room, NAMESPACE)
