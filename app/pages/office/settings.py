"""Settings pages, generated from the declarations (house law 8)."""

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import settings as changes
from app.actions.pictures import MOST_BYTES
from app.base.fold import fold
from app.models.setting import CHANGE_SETTINGS, SECTIONS, SETTINGS
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.respond import done
from app.queries import settings as stored

menu.entry(_l("System settings"), "office.settings", CHANGE_SETTINGS, 80, wing="office")


@office.get("/settings")
@needs(CHANGE_SETTINGS)
def settings() -> Response:
    """All sections, or what a search finds."""
    return _shown(request.args.get("q", ""), {}, {})


@office.post("/settings/<section>")
@needs(CHANGE_SETTINGS)
def save_settings(section: str) -> AnyResponse:
    if section not in SECTIONS:
        abort(404)
    # A search shows a part of a section; what was not shown stays as it is.
    shown = [key for key in request.form.getlist("shown") if key in SETTINGS and SETTINGS[key].section == section]
    given = {key: request.form.get(key, "") for key in shown if SETTINGS[key].kind != "picture"}
    errors = changes.change({**given, **_pictures(shown)}, viewer(), origin(), now())
    if errors:
        return _shown("", given, errors, 422)
    return redirect(url_for("office.settings", saved=section, _anchor=section), 303)


@office.post("/settings/<section>/<key>/reset")
@needs(CHANGE_SETTINGS)
def reset_setting(section: str, key: str) -> AnyResponse:
    if key not in SETTINGS:
        abort(404)
    changes.reset(SETTINGS[key], viewer(), origin(), now())
    return done(url_for("office.settings", _anchor=section), _("The default is back"))


def _pictures(shown: list[str]) -> dict[str, bytes]:
    """Those that were chosen; without a choice the one that is there stays."""
    sent = {key: request.files.get(key) for key in shown if SETTINGS[key].kind == "picture"}
    return {key: file.read(MOST_BYTES + 1) for key, file in sent.items() if file and file.filename}


def _shown(query: str, given: dict[str, str], errors: dict[str, str], status: int = 200) -> Response:
    wanted = fold(query)
    found = [
        one for one in SETTINGS.values() if wanted in fold(f"{one.label} {one.about} {SECTIONS[one.section].label}")
    ]
    page = render_template(
        "office/settings.html",
        query=query,
        sections=[(part, [one for one in found if one.section == part.key]) for part in SECTIONS.values()],
        value=lambda one: given.get(one.key, stored.value(one)),
        changed=lambda one: stored.value(one) != one.default,
        errors=errors,
        saved=request.args.get("saved"),
    )
    return make_response(page, status)
