"""Writing a piece of news: texts in every language, for whom, from when, files; a look before it is published."""

from datetime import datetime
from typing import Any, BinaryIO, cast

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, DateTimeLocalField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.actions import news as verbs
from app.actions.news import Draft
from app.base.clock import TASHKENT
from app.base.forms import Form
from app.base.locale import LOCALES
from app.base.markup import to_html
from app.base.refusal import Refusal
from app.models.group import GROUPS
from app.models.names import pick
from app.models.news import IMPORTANCE, WRITE_NEWS, Importance
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.office.news import authored
from app.queries import lists, roles
from app.queries import news as read
from app.queries.news import News

_HOUR = "%Y-%m-%dT%H:%M"
_IMPORTANCE = [SelectChoice(one.value, label) for one, label in IMPORTANCE.items()]


def _ticks(label: Any, about: Any = "") -> SelectMultipleField:
    return SelectMultipleField(
        label, description=about, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), coerce=int
    )


def _in_reach(form: Form, field: Any) -> None:
    if field.data is not None and not 2000 <= field.data.year <= 2100:
        raise ValidationError(str(_l("Choose a day of this century.")))


class NewsForm(Form):
    importance = RadioField(
        _l("Importance"),
        choices=_IMPORTANCE,
        default="usual",
        description=_l("Urgent news stands over the open desk at once and must be confirmed."),
    )
    must_read = BooleanField(
        _l("Must be read before work"), description=_l("The desk opens only after it has been confirmed.")
    )
    pinned = BooleanField(_l("Pinned"), description=_l("Stands on top of the list while it is shown."))
    groups = _ticks(_l("For groups"), _l("Nothing ticked: all groups."))
    roles = _ticks(_l("For roles"), _l("Nothing ticked: all roles. With groups ticked as well, both must fit."))
    from_at = DateTimeLocalField(
        _l("Shown from"), [Optional(), _in_reach], format=_HOUR, description=_l("Tashkent time. Empty: at once.")
    )
    till_at = DateTimeLocalField(
        _l("Shown until"),
        [Optional(), _in_reach],
        format=_HOUR,
        description=_l("Tashkent time. Empty: without an end."),
    )
    again = BooleanField(
        _l("Everyone is to read it again"), description=_l("For a changed meaning; a corrected letter needs none.")
    )

    def offer(self) -> None:
        """Groups and roles as they are now."""
        locale = str(get_locale())
        self.groups.choices = [SelectChoice(one.id, pick(one.names, locale)) for one in lists.rows(GROUPS)]
        self.roles.choices = [SelectChoice(one.id, pick(one.names, locale)) for one in roles.everyone()]

    def draft(self) -> Draft:
        return Draft(
            titles=_by_locale("title"),
            texts=_by_locale("text"),
            importance=Importance(self.importance.data),
            must_read=bool(self.must_read.data),
            pinned=bool(self.pinned.data),
            group_ids=self.groups.data or (),
            role_ids=self.roles.data or (),
            from_at=_utc(self.from_at.data),
            till_at=_utc(self.till_at.data),
        )


@office.get("/news/new")
@needs(WRITE_NEWS)
def new_news() -> Response:
    form = NewsForm()
    form.offer()
    return _drawn(form, None, {}, {})


@office.post("/news/new")
@needs(WRITE_NEWS)
def write_news() -> AnyResponse:
    form = _sent()
    if _asked("preview") or not form.validate():
        return _as_sent(form, None)
    try:
        news_id = verbs.write(form.draft(), _files(), _asked("publish"), viewer(), origin(), now())
    except Refusal as refusal:
        return _as_sent(form, None, refusal)
    return redirect(url_for("office.news_one", news_id=news_id), 303)


@office.get("/news/<int:news_id>/edit")
@needs(WRITE_NEWS)
def edit_news(news_id: int) -> Response:
    shown = authored(news_id)
    form = NewsForm(
        data={
            "importance": shown.importance,
            "must_read": shown.must_read,
            "pinned": shown.pinned,
            "groups": list(shown.group_ids),
            "roles": list(shown.role_ids),
            "from_at": _local(shown.from_at),
            "till_at": _local(shown.till_at),
        }
    )
    form.offer()
    return _drawn(form, shown, shown.titles, shown.texts)


@office.post("/news/<int:news_id>/edit")
@needs(WRITE_NEWS)
def save_news(news_id: int) -> AnyResponse:
    shown, form = authored(news_id), _sent()
    if _asked("preview") or not form.validate():
        return _as_sent(form, shown)
    without = request.form.getlist("without", type=int)
    again, out = bool(form.again.data), _asked("publish")
    try:
        verbs.edit(news_id, form.draft(), _files(), without, again, out, viewer(), origin(), now())
    except Refusal as refusal:
        return _as_sent(form, shown, refusal)
    return redirect(url_for("office.news_one", news_id=news_id), 303)


def _sent() -> NewsForm:
    form = NewsForm.sent()
    form.offer()
    return form


def _as_sent(form: NewsForm, shown: News | None, refusal: Refusal | None = None) -> Response:
    """The form again with what was written: wrong, or only to be looked at."""
    titles, texts = _by_locale("title"), _by_locale("text")
    files = read.files(shown.id) if shown else []
    pictures = {one.number: one.url for one in files if one.family == "image"}
    looks = {code: (titles[code], to_html(texts[code], pictures)) for code in LOCALES if titles[code] or texts[code]}
    preview = looks if _asked("preview") else {}
    status = refusal.status if refusal else 422 if form.errors else 200
    return _drawn(form, shown, titles, texts, preview, refusal.message if refusal else "", status)


def _drawn(
    form: NewsForm,
    shown: News | None,
    titles: dict[str, str],
    texts: dict[str, str],
    preview: dict[str, tuple[str, str]] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    page = render_template(
        "office/news_form.html",
        form=form,
        news=shown,
        files=read.files(shown.id) if shown else [],
        titles=titles,
        texts=texts,
        preview=preview or {},
        problem=problem,
        published=shown is not None and shown.published_at is not None and shown.withdrawn_at is None,
    )
    return make_response(page, status)


def _asked(what: str) -> bool:
    return request.form.get("do") == what


def _by_locale(name: str) -> dict[str, str]:
    return {code: request.form.get(f"{name}-{code}", "") for code in LOCALES}


def _files() -> list[tuple[BinaryIO, str]]:
    return [(cast(BinaryIO, one.stream), one.filename) for one in request.files.getlist("files") if one.filename]


def _utc(local: datetime | None) -> datetime | None:
    return local.replace(tzinfo=TASHKENT) if local else None


def _local(at: datetime | None) -> datetime | None:
    return at.astimezone(TASHKENT).replace(tzinfo=None) if at else None
