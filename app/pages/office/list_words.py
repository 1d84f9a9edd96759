"""Words around the lists: cells of their tables, names of days and colours, samples for previews."""

from babel import Locale
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.models.auto_reply import OCCASIONS, fill
from app.models.group import GROUPS
from app.models.hours import HOURS, runs
from app.models.kinds import DAYS
from app.models.listing import Field, Listed
from app.models.names import pick
from app.pages.templating import BANK_NAME
from app.queries import channels
from app.queries import lists as stored_lists
from app.queries import settings as stored

COLOUR_NAMES = {
    "green": _l("green"),
    "amber": _l("amber"),
    "red": _l("red"),
    "blue": _l("blue"),
    "violet": _l("violet"),
    "grey": _l("grey"),
}
# client, operator, when the bank opens next
_SAMPLES = {
    "ru": ("Дилшод", "Азиза", "завтра в 09:00"),
    "uz_Latn": ("Dilshod", "Aziza", "ertaga soat 09:00 da"),
    "uz_Cyrl": ("Дилшод", "Азиза", "эртага соат 09:00 да"),
    "en": ("Dilshod", "Aziza", "tomorrow at 09:00"),
}


def cell(field: Field, row: Listed) -> str:
    """A value in few words, for the table."""
    value = getattr(row, field.name)
    match field.kind.shape:
        case "number":
            return f"{value} {field.unit}" if value is not None else "–"
        case "week":
            return week(value)
        case "lines":
            return ngettext("%(num)s day", "%(num)s days", len(value))
        case "people":
            return ngettext("%(num)s person", "%(num)s people", len(value))
        case "occasion":
            return str(OCCASIONS.get(value, value))
        case "channel":
            channel = channels.one(value) if value else None
            return channel.name if channel else _("all channels")
        case "group":
            group = stored_lists.one(GROUPS, value) if value else None
            return pick(group.names, str(get_locale())) if group else _("everybody")
        case "choice":
            return str(dict(field.kind.choices)[value])  # type: ignore[attr-defined]
        case "hours":
            hours = stored_lists.one(HOURS, value) if value else None
            return pick(hours.names, str(get_locale())) if hours else "–"
        case _:
            return pick(value, str(get_locale()))


def week(value: dict[str, list[list[str]]]) -> str:
    """Mon–Fri 09:00–18:00, Sat 10:00–16:00"""
    short = day_names("abbreviated")
    parts = [
        f"{short[DAYS[first]] + ('–' + short[DAYS[last]] if last > first else '')} "
        + " ".join("–".join(span) for span in spans)
        for first, last, spans in runs(value)
    ]
    return ", ".join(parts) or "–"


def day_names(width: str = "wide") -> dict[str, str]:
    names = Locale.parse(str(get_locale())).days["stand-alone"][width]
    return {day: names[number] for number, day in enumerate(DAYS)}


def sample(text: str, language: str) -> str:
    """A reply as a client would read it."""
    client, operator, opens = _SAMPLES[language]
    return fill(
        text,
        {
            "client.name": client,
            "operator.name": operator,
            "hours.next": opens,
            "bank.name": stored.value(BANK_NAME),
            "queue.position": "3",
            "queue.minutes": "5",
            "minutes": "10",
            "rating.mark": "5",
            "chat.number": "100001",
        },
    )
