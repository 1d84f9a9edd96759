"""The people who work here: found by name, role, group and state (clause 7.8)."""

from flask import Response, make_response, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.models.group import GROUPS
from app.models.names import pick
from app.models.person import SEE_PEOPLE
from app.pages import menu
from app.pages.guard import needs
from app.pages.office import office
from app.queries import lists, roles
from app.queries import people as known

menu.entry(_l("People"), "office.people", SEE_PEOPLE, 22, wing="office")

STATES = {
    "active": _l("Active"),
    "blocked": _l("Blocked"),
    "technical": _l("Technical accounts"),
    "deleted": _l("Deleted"),
}


@office.get("/people")
@needs(SEE_PEOPLE)
def people() -> Response:
    wanted = _wanted()
    number = max(request.args.get("page", 1, int), 1)
    rows, total = known.page(wanted, number)
    locale = str(get_locale())
    page = render_template(
        "office/people.html",
        people=rows,
        groups_of=known.groups_of([person.id for person in rows]),
        wanted=wanted,
        states=STATES,
        roles=[(str(role.id), pick(role.names, locale)) for role in roles.everyone()],
        groups=[(str(group.id), pick(group.names, locale)) for group in lists.rows(GROUPS)],
        total=total,
        first=(number - 1) * known.PAGE + 1,
        before=_turned(number - 1) if number > 1 else None,
        after=_turned(number + 1) if number * known.PAGE < total else None,
    )
    return make_response(page)


def _wanted() -> known.Filter:
    state = request.args.get("state", "")
    return known.Filter(
        request.args.get("q", "")[:80],
        request.args.get("role", type=int),
        request.args.get("group", type=int),
        state if state in known.STATES else "active",
    )


def _turned(number: int) -> str:
    given = {name: value for name, value in request.args.items() if name != "page" and value}
    return url_for("office.people", **given, page=number)  # type: ignore[arg-type]
