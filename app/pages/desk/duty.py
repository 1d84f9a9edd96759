"""One's own status: choose it, finish the shift, and the two fragments that say it."""

from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import duty
from app.live import fragments
from app.models.chat import ANSWER
from app.pages.desk import desk
from app.pages.guard import needs, now, viewer
from app.pages.respond import done
from app.queries import duty as known


@desk.get("/duty/menu")
@needs(ANSWER)
def duty_menu() -> str:
    return fragments.duty_menu(known.menu(viewer().person_id, now()), str(get_locale()))


@desk.get("/duty/band")
@needs(ANSWER)
def duty_band() -> str:
    return fragments.duty_band(known.menu(viewer().person_id, now()), str(get_locale()))


@desk.post("/duty/<int:status_id>")
@needs(ANSWER)
def choose_status(status_id: int) -> AnyResponse:
    duty.choose(status_id, viewer(), now())
    return done(url_for("desk.home"))


@desk.post("/duty/finish")
@needs(ANSWER)
def finish_shift() -> AnyResponse:
    duty.finish(viewer(), now())
    return done(url_for("desk.home"), _("Your shift has ended."))
