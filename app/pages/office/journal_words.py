"""Words of the journal: rooms of events, kinds of objects, and what a row of details says."""

import json
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from app.models.journal import KINDS
from app.models.listing import LISTS
from app.models.setting import SETTINGS

ROOMS = {
    "session": _l("Sessions"),
    "sign_in": _l("Sign-in"),
    "password": _l("Passwords"),
    "factor": _l("Second factor"),
    "person": _l("People"),
    "role": _l("Roles"),
    "access": _l("Access"),
    "setting": _l("Settings"),
    "list": _l("Lists"),
    "channel": _l("Channels"),
    "shift": _l("Shifts"),
    "status": _l("Work statuses"),
    "seat": _l("Seats"),
    "licence": _l("Licence"),
    "journal": _l("Journal"),
    "rules": _l("Routing rules"),
    "score": _l("Score of the queue"),
    "news": _l("News"),
}
OBJECTS = {
    "person": _l("person"),
    "role": _l("role"),
    "session": _l("session"),
    "setting": _l("setting"),
    "channel": _l("channel"),
    "journal": _l("journal"),
    "chat": _l("chat"),
    "rules": _l("routing rule"),
    "scores": _l("rule of the score"),
    "score": _l("score of the queue"),
    "day": _l("day"),
    "shift": _l("shift"),
    "licence": _l("licence"),
    "news": _l("news"),
}
FIELDS = {
    "name": _l("Name"),
    "names": _l("Title"),
    "public_name": _l("Name for clients"),
    "login": _l("Login"),
    "login_of": _l("Login"),
    "locale": _l("Language of the interface"),
    "roles": _l("Roles"),
    "rights": _l("Rights"),
    "groups": _l("Groups"),
    "languages": _l("Languages spoken with clients"),
    "capacity": _l("Chats at once"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "technical": _l("Technical account"),
    "purpose": _l("Purpose"),
    "skills": _l("Skills"),
    "hours": _l("Working hours"),
    "weight": _l("Counts for"),
    "conditions": _l("Conditions"),
    "outcome": _l("Then the chat goes"),
    "points": _l("Points"),
    "curve": _l("Points for waiting"),
    "reason": _l("Reason"),
    "bank": _l("Bank"),
    "seat": _l("Seat"),
    "seats": _l("Seats"),
    "valid_from": _l("Holds from"),
    "valid_to": _l("Holds to"),
    "began_at": _l("Began"),
    "ended_at": _l("Ended"),
}


def kind_label(code: str) -> str:
    return str(KINDS[code].label) if code in KINDS else code


def by_room() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(room, its name, kinds) in the order of ROOMS; the rest after them."""
    order = list(ROOMS)
    rooms = sorted({kind.room for kind in KINDS.values()}, key=lambda one: (one not in order, _place(order, one), one))
    return [(room, str(ROOMS.get(room, room)), _kinds(room)) for room in rooms]


def object_label(kind: str, object_id: str) -> str:
    if kind == "setting" and object_id in SETTINGS:
        return str(SETTINGS[object_id].label)
    word = LISTS[kind].title if kind in LISTS else OBJECTS.get(kind, kind)
    return f"{word} {object_id}".strip()


def object_url(kind: str, object_id: str) -> str | None:
    """The page of the object, where it has one."""
    if not object_id.isdecimal() or len(object_id) > 18:
        return None
    if kind == "person":
        return url_for("office.person", person_id=object_id)
    return url_for("office.role", role_id=object_id) if kind == "role" else None


def told(details: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """(name, before, after) of each thing the details say; what did not change stands under "after" alone."""
    before, after = details.get("before"), details.get("after")
    if isinstance(before, dict) or isinstance(after, dict):
        was, became = before or {}, after or {}
        rows = [(_name(key), _word(was, key), _word(became, key)) for key in was | became]
    else:
        rows = [("", _plain(before), _plain(after))] if {"before", "after"} & details.keys() else []
    rest = {key: value for key, value in details.items() if key not in ("before", "after")}
    return rows + [(_name(key), None, _plain(value)) for key, value in rest.items()]


def _kinds(room: str) -> list[tuple[str, str]]:
    return [(kind.code, str(kind.label)) for kind in KINDS.values() if kind.room == room]


def _place(order: list[str], room: str) -> int:
    return order.index(room) if room in order else 0


def _name(key: str) -> str:
    return str(FIELDS.get(key, key))


def _word(values: dict[str, Any], key: str) -> str | None:
    return _plain(values[key]) if key in values else None


def _plain(value: Any) -> str:
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False, indent=1) if isinstance(value, dict) else str(value)
