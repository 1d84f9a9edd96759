"""The chat on the bank's site: where it may stand, what it says, how the site proves who its visitor is."""

from typing import Any

from flask import Response, abort, current_app, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # its stubs are a version behind
from wtforms.validators import URL, InputRequired, Length, Optional

from app.actions import webchat as changes
from app.base.forms import Form
from app.base.locale import LOCALES
from app.base.refusal import Refusal
from app.models.channel import MANAGE, Channel
from app.models.webchat import WebChat
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.queries import channels as known

_WORDS = ("titles", "greetings", "notices")


class WebChatForm(Form):
    name = StringField(
        lazy_pgettext("channel", "Name"),
        [InputRequired(_l("Give the channel a name that operators know.")), Length(max=60)],
    )
    sites = TextAreaField(
        _l("Sites that may show the chat"),
        [Optional(), Length(max=4000)],
        description=_l("One in a line, like https://bank.uz. No other site can show it or write through it."),
    )
    proof = RadioField(
        _l("Signed-in visitors"),
        choices=[
            SelectChoice("", _l("The site does not tell who its visitor is")),
            SelectChoice("HS256", _l("Signed with a shared secret (HS256)")),
            SelectChoice("RS256", _l("Signed with the site's private key (RS256)")),
        ],
        default="",
    )
    proof_key = TextAreaField(
        _l("Key of the signature"),
        [Optional(), Length(max=4000)],
        description=_l("The shared secret, or the public key (PEM). It is sealed and never shown again."),
    )
    notice_url = StringField(
        _l("Page about personal data"),
        [Optional(), URL(require_tld=False), Length(max=300)],
        description=_l("A link beside the notice."),
    )

    bot_id = SelectField(
        _l("Clients may continue in"),
        coerce=lambda told: int(told) if told else None,
        description=_l("A Telegram bot of the bank; its client can come here by the command /site."),
    )
    page_url = StringField(
        _l("Page of the site with the chat"),
        [Optional(), URL(require_tld=False), Length(max=300)],
        description=_l("Whoever comes from the bot is led there. Empty: to the chat alone."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bots = [(str(one.id), one.name) for one in known.everyone() if one.kind == "telegram"]
        self.bot_id.choices = [("", _("nowhere")), *bots]

    def wish(self) -> changes.Wish:
        words = {kind: self._words(kind) for kind in _WORDS}
        sites = tuple((self.sites.data or "").split())
        return changes.Wish(
            self.name.data or "",
            sites,
            self.proof.data or "",
            self.proof_key.data or "",
            notice_url=self.notice_url.data or "",
            bot_id=self.bot_id.data,
            page_url=self.page_url.data or "",
            **words,
        )

    def _words(self, kind: str) -> dict[str, str]:
        given = {code: str(self[f"{kind}_{code}"].data or "").strip() for code in LOCALES}
        return {code: words for code, words in given.items() if words}


for _code in LOCALES:
    setattr(WebChatForm, f"titles_{_code}", StringField(_l("Title"), [Optional(), Length(max=40)]))
    setattr(WebChatForm, f"greetings_{_code}", TextAreaField(_l("Greeting"), [Optional(), Length(max=300)]))
    setattr(WebChatForm, f"notices_{_code}", TextAreaField(_l("Notice about personal data"), [Length(max=500)]))


@office.get("/channels/site")
@needs(MANAGE)
def new_webchat() -> Response:
    return _form(WebChatForm(), None)


@office.post("/channels/site")
@needs(MANAGE)
def add_webchat() -> AnyResponse:
    form = WebChatForm.sent()
    if not form.validate():
        return _form(form, None, status=422)
    try:
        made = changes.connect(form.wish(), viewer(), origin(), now())
    except Refusal as refusal:
        return _form(form, None, problem=refusal.message, status=422)
    return redirect(url_for("office.webchat", channel_id=made.id), 303)


@office.get("/channels/site/<int:channel_id>")
@needs(MANAGE)
def webchat(channel_id: int) -> Response:
    channel, chat = _known(channel_id)
    words = {f"{kind}_{code}": getattr(chat, kind).get(code, "") for kind in _WORDS for code in LOCALES}
    about = {"name": channel.name, "sites": "\n".join(chat.origins), "proof": chat.proof, "notice_url": chat.notice_url}
    where = {"bot_id": chat.bot_id, "page_url": chat.page_url}
    return _form(WebChatForm(data={**about, **where, **words}), channel)


@office.post("/channels/site/<int:channel_id>")
@needs(MANAGE)
def save_webchat(channel_id: int) -> AnyResponse:
    (channel, chat), form = _known(channel_id), WebChatForm.sent()
    if not form.validate():
        return _form(form, channel, status=422)
    try:
        changes.change(channel, chat, form.wish(), viewer(), origin(), now())
    except Refusal as refusal:
        return _form(form, channel, problem=refusal.message, status=422)
    return redirect(url_for("office.channels"), 303)


def _known(channel_id: int) -> tuple[Channel, WebChat]:
    found, chat = known.one(channel_id), known.webchat(channel_id)
    if found is None or chat is None:
        abort(404)
    return found, chat


def _form(form: WebChatForm, found: Channel | None, *, problem: str = "", status: int = 200) -> Response:
    desk = current_app.config["SETTINGS"].url
    page = render_template("office/webchat.html", form=form, channel=found, desk=desk, problem=problem)
    return make_response(page, status)
