"""Words of roles: rooms of permissions and scopes."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.models.permission import PERMISSIONS, Permission, Scope

ROOMS = {
    "desk": _l("Desk"),
    "chats": _l("Chats"),
    "customers": _l("Clients"),
    "messages": _l("Messages"),
    "operators": _l("Operators"),
    "routing": _l("Distribution"),
    "news": _l("News"),
    "fields": _l("Fields shown whole"),
    "people": _l("People"),
    "roles": _l("Roles"),
    "sessions": _l("Sessions"),
    "access": _l("Access"),
    "settings": _l("Settings"),
    "lists": _l("Lists"),
    "channels": _l("Channels"),
    "shifts": _l("Shifts"),
    "hrm": _l("Schedules and absences"),
    "seats": _l("Seats"),
    "licence": _l("Licence"),
    "inbox": _l("Message road"),
    "keys": _l("Keys"),
    "journal": _l("Journal"),
}
SCOPES = {
    Scope.OWN: lazy_pgettext("scope", "own"),
    Scope.GROUPS: lazy_pgettext("scope", "my groups"),
    Scope.ALL: lazy_pgettext("scope", "all"),
}


def by_room() -> list[tuple[str, list[Permission]]]:
    """Every permission under the name of its room; rooms nobody named here come last."""
    order = list(ROOMS)
    rooms = {one.room for one in PERMISSIONS.values()}
    known = sorted(rooms, key=lambda room: (order.index(room) if room in order else len(order), room))
    return [(str(ROOMS.get(room, room)), [one for one in PERMISSIONS.values() if one.room == room]) for room in known]
