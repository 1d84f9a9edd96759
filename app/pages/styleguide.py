"""The look: every part in every state, drawn before the pages are built. Never in production."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Blueprint, abort, render_template, request
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # its stubs are a version behind
from wtforms.validators import InputRequired, NumberRange

from app.base.forms import Form
from app.base.locale import LOCALES
from app.pages.guard import now, page_locale, public

styleguide = Blueprint("styleguide", __name__)

THEMES = ("auto", "light", "dark", "contrast")
# Pages as they stand alone in a window; the rest is on the one long page.
WINDOWS = (
    "desk",
    "desk_empty",
    "desk_paused",
    "dashboard",
    "report",
    "settings",
    "sign_in",
    "error",
    "widget",
    "rating",
)


class SampleForm(Form):
    """A field of every kind."""

    name = StringField(_l("Name"), [InputRequired()])
    password = PasswordField(_l("Password"), description=_l("At least 12 characters"))
    greeting = TextAreaField(_l("Greeting"))
    group = SelectField(
        _l("Group"), choices=[SelectChoice("cards", _l("Cards")), SelectChoice("transfers", _l("Transfers"))]
    )
    late = IntegerField(
        _l("Client waits: late, s"), [NumberRange(60, message=_l("Must be more than the warning (60)"))]
    )
    way = RadioField(
        _l("Distribution"), choices=[SelectChoice("busy", _l("Least busy")), SelectChoice("idle", _l("Longest idle"))]
    )
    sound = BooleanField(_l("Sound of a new chat"), description=_l("Plays also when the window is hidden"))


@styleguide.get("/styleguide")
@public
def parts() -> str:
    """Every part on one page; `?lang=uz_Cyrl&theme=dark`."""
    return _drawn("styleguide/page.html")


@styleguide.get("/styleguide/<window>")
@public
def window(window: str) -> str:
    """One page as it fills a window."""
    if window not in WINDOWS:
        abort(404)
    return _drawn(f"styleguide/windows/{window}.html")


def _drawn(template: str) -> str:
    locale = request.args.get("lang") or page_locale()
    theme = request.args.get("theme", "auto")
    if locale not in LOCALES or theme not in THEMES:
        abort(404)
    with force_locale(locale):
        return render_template(
            template, theme=theme, lang=locale, windows=WINDOWS, themes=THEMES, past=_past(now()), form=_filled()
        )


def _past(moment: datetime) -> Callable[[int], datetime]:
    """So many seconds before now; below zero, after."""
    return lambda seconds: moment - timedelta(seconds=seconds)


def _filled() -> SampleForm:
    form = SampleForm(data={"name": "", "late": 45, "way": "busy", "sound": True, "group": "cards"})
    form.validate()
    return form
