"""What could not be read or sent: why, when, and try again. Nobody's words are shown."""

from uuid import UUID

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import intake
from app.models.channel import MANAGE_INBOX
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.respond import done
from app.queries import road

menu.entry(_l("Message road"), "office.inbox", MANAGE_INBOX, 30, wing="office")


@office.get("/road")
@needs(MANAGE_INBOX)
def inbox() -> Response:
    page = render_template(
        "office/inbox.html", inbox=road.inbox(now()), outbox=road.outbox(now()), failed=road.failed()
    )
    return make_response(page)


@office.post("/road/<uuid:row_id>/retry")
@needs(MANAGE_INBOX)
def retry_inbox(row_id: UUID) -> AnyResponse:
    intake.retry(row_id, viewer(), origin(), now())
    return done(url_for("office.inbox"), _("It will be taken again in a moment"))
