"""The audit policy: changed by others than those who set up the system, and every change is journalled."""

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import journal_policy as changes
from app.models.journal import MANAGE_JOURNAL
from app.models.journal_policy import POLICY
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.respond import done
from app.queries import settings as stored


@office.get("/journal/policy")
@needs(MANAGE_JOURNAL)
def journal_policy() -> Response:
    return _shown({}, {})


@office.post("/journal/policy")
@needs(MANAGE_JOURNAL)
def save_journal_policy() -> AnyResponse:
    given = {one.key: request.form.get(one.key, "") for one in POLICY}
    errors = changes.change(given, viewer(), origin(), now())
    if errors:
        return _shown(given, errors)
    return done(url_for("office.journal_policy"), _("Saved"))


def _shown(given: dict[str, str], errors: dict[str, str]) -> Response:
    page = render_template(
        "office/journal_policy.html",
        policy=POLICY,
        value=lambda one: given.get(one.key, stored.value(one)),
        errors=errors,
    )
    return make_response(page, 422 if errors else 200)
