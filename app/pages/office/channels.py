"""Channels: connect, check, switch on and off (clause 1.1)."""

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.actions import channels as changes
from app.base.forms import Form
from app.base.refusal import Refusal
from app.channels.contract import Health
from app.models.channel import MANAGE, Channel
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.respond import done
from app.queries import channels as known

menu.entry(_l("Channels"), "office.channels", MANAGE, 20, wing="office")

KIND = "telegram"


class ChannelForm(Form):
    name = StringField(_l("Title"), [InputRequired(_l("Give the channel a name that operators know.")), Length(max=60)])
    token = PasswordField(
        _l("Bot token"), [Length(max=200)], description=_l("From @BotFather. It is sealed and never shown again.")
    )
    api_url = StringField(
        _l("Address of the API"),
        [Optional(), Length(max=200)],
        description=_l("Leave empty for Telegram itself; write the address of the bank's own Bot API server here."),
    )
    webhook = BooleanField(
        _l("Telegram calls us"),
        description=_l("Needs this desk to be reachable from the internet by HTTPS. Otherwise we ask Telegram."),
    )
    webhook_url = StringField(
        _l("Public address for its calls"),
        [Optional(), Length(max=200)],
        description=_l("Only when it is another one than this desk's own address."),
    )

    def wish(self) -> changes.Wish:
        name, token, api_url = self.name.data or "", self.token.data or "", self.api_url.data or ""
        return changes.Wish(name, token, api_url, bool(self.webhook.data), self.webhook_url.data or "")


@office.get("/channels")
@needs(MANAGE)
def channels() -> Response:
    return make_response(render_template("office/channels.html", channels=known.everyone()))


@office.get("/channels/new")
@needs(MANAGE)
def new_channel() -> Response:
    return _form(ChannelForm(), None)


@office.post("/channels/new")
@needs(MANAGE)
def add_channel() -> AnyResponse:
    form = ChannelForm.sent()
    if not _complete(form, None):
        return _form(form, None, status=422)
    try:
        changes.connect(KIND, form.wish(), viewer(), origin(), now())
    except Refusal as refusal:
        return _form(form, None, problem=refusal.message, status=422)
    return redirect(url_for("office.channels"), 303)


@office.post("/channels/check")
@needs(MANAGE)
def check_channel() -> AnyResponse:
    """Ask the provider with what the form holds; nothing is saved."""
    form, found = ChannelForm.sent(), known.one(request.args.get("of", 0, int))
    if not _complete(form, found):
        return _form(form, found, status=422)
    return _form(form, found, health=changes.check(KIND, form.wish(), found))


@office.get("/channels/<int:channel_id>")
@needs(MANAGE)
def channel(channel_id: int) -> Response:
    found = _bot(channel_id)
    form = ChannelForm(obj=None, name=found.name, api_url=found.api_url, webhook=bool(found.webhook_url))
    form.webhook_url.data = known.public_address(found)
    return _form(form, found)


@office.post("/channels/<int:channel_id>")
@needs(MANAGE)
def save_channel(channel_id: int) -> AnyResponse:
    found, form = _bot(channel_id), ChannelForm.sent()
    if not _complete(form, found):
        return _form(form, found, status=422)
    try:
        changes.change(found, form.wish(), viewer(), origin(), now())
    except Refusal as refusal:
        return _form(form, found, problem=refusal.message, status=422)
    return redirect(url_for("office.channels"), 303)


@office.post("/channels/<int:channel_id>/switch")
@needs(MANAGE)
def switch_channel(channel_id: int) -> AnyResponse:
    changes.switch(_known(channel_id), "on" in request.form, viewer(), origin(), now())
    return done(url_for("office.channels"))


def _known(channel_id: int) -> Channel:
    found = known.one(channel_id)
    if found is None:
        abort(404)
    return found


def _bot(channel_id: int) -> Channel:
    """A chat on the site has a form of its own."""
    found = _known(channel_id)
    if found.kind != KIND:
        abort(404)
    return found


def _complete(form: ChannelForm, found: Channel | None) -> bool:
    """A new channel needs a token; a known one keeps its own."""
    fits = form.validate()
    if found is None and not form.token.data:
        form.token.errors = [_("Paste the token that @BotFather gave.")]
        return False
    return fits


def _form(
    form: ChannelForm, found: Channel | None, *, health: Health | None = None, problem: str = "", status: int = 200
) -> Response:
    page = render_template("office/channel.html", form=form, channel=found, health=health, problem=problem)
    return make_response(page, status)
