"""The steps before the first client, in words, each with its state and the page where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.queries.first_steps import Standing


@dataclass(frozen=True)
class Step:
    """`state`: done, open, or later (nothing can be done about it here yet)."""

    name: str
    state: str
    shown: str
    about: str
    url: str | None = None


def steps(found: Standing, *, https: bool) -> list[Step]:
    return [*_service(found), *_lists(found), *_ground(https)]


def _service(found: Standing) -> Iterator[Step]:
    yield Step(
        _("Channel"),
        _done(found.channels),
        ngettext("%(num)s channel works", "%(num)s channels work", found.channels),
        _("Where clients write: connect the first bot."),
        _page("office.channels"),
    )
    people = ngettext("%(num)s person", "%(num)s people", found.people)
    if found.demo_people:
        people += ", " + ngettext("%(num)s demo person", "%(num)s demo people", found.demo_people)
    yield Step(
        _("People"),
        _done(found.people),
        people,
        _("Operators, supervisors and administrators with accounts of their own."),
        _page("office.people"),
    )
    yield Step(
        _("Groups"),
        _done(found.members),
        ngettext("%(num)s person in groups", "%(num)s people in groups", found.members),
        _("Who serves what: chats are given to groups, so put people into them."),
        _list("groups"),
    )


def _lists(found: Standing) -> Iterator[Step]:
    yield Step(
        _("Topics"),
        _done(found.topics),
        ngettext("%(num)s topic", "%(num)s topics", found.topics),
        _("What clients ask about; operators choose one when they finish a chat."),
        _list("topics"),
    )
    yield Step(
        _("Work statuses"),
        _done(found.statuses),
        ngettext("%(num)s status", "%(num)s statuses", found.statuses),
        _("Active, break, training… with recommended times."),
        _list("statuses"),
    )
    yield Step(
        _("Working hours"),
        _done(found.hours),
        ngettext("%(num)s timetable", "%(num)s timetables", found.hours),
        _("When people answer; add this year's dates of Ramazon and Qurbon hayit."),
        _list("hours"),
    )


def _ground(https: bool) -> Iterator[Step]:
    yield Step(
        _("Encrypted connection"),
        _done(https),
        "HTTPS" if https else "HTTP",
        _("The bank's certificate stands on the proxy in front; then MULOQOT_URL begins with https://."),
    )
    yield Step(
        _("Seats"),
        "later",
        _("with the licence"),
        _("How many people may serve clients at once comes with the licence file."),
        _page("office.seats"),
    )
    yield Step(
        _("Backup"),
        "later",
        _("by the bank's own means"),
        _("Copy the database and, apart from it, the key file: without the key the copy cannot be read."),
        _page("office.backup"),
    )


def _done(count: int) -> str:
    return "done" if count else "open"


def _list(key: str) -> str:
    return url_for("office.list_rows", key=key)


def _page(endpoint: str) -> str | None:
    """The page's address, where this installation has the page."""
    return url_for(endpoint) if endpoint in current_app.view_functions else None
