"""News for the employees: all there is, who has read it, and what its authors do with it (clauses 7.1, 8.5)."""

from flask import Response, abort, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from app.actions import news as verbs
from app.actions import reminding
from app.models.group import GROUPS
from app.models.names import pick
from app.models.news import IMPORTANCE, STATES, WRITE_NEWS
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.respond import done
from app.queries import lists, newsroom, roles
from app.queries import news as read
from app.queries.news import News
from app.queries.visible import NotVisible

menu.entry(_l("News"), "office.news_all", WRITE_NEWS, 62, wing="office")


@office.get("/news")
@needs(WRITE_NEWS)
def news_all() -> Response:
    found = newsroom.everything()
    values = {"counts": newsroom.counts([one.id for one in found]), "states": STATES, "audience": audience}
    return make_response(render_template("office/news_all.html", news=found, now=now(), **values))


@office.get("/news/<int:news_id>")
@needs(WRITE_NEWS)
def news_one(news_id: int) -> Response:
    shown = authored(news_id)
    readers = newsroom.readers(news_id, viewer().locale)
    page = render_template(
        "office/news_one.html",
        news=shown,
        files=read.files(news_id),
        state=shown.state(now()),
        states=STATES,
        importance=IMPORTANCE[shown.importance],  # type: ignore[index]
        audience=audience(shown),
        unread=[one for one in readers if one.read_at is None],
        readers=[one for one in readers if one.read_at is not None],
    )
    return make_response(page)


@office.post("/news/<int:news_id>/publish")
@needs(WRITE_NEWS)
def publish_news(news_id: int) -> AnyResponse:
    authored(news_id)
    verbs.publish(news_id, viewer(), origin(), now())
    return done(url_for("office.news_one", news_id=news_id), _("The news is published."))


@office.post("/news/<int:news_id>/withdraw")
@needs(WRITE_NEWS)
def withdraw_news(news_id: int) -> AnyResponse:
    authored(news_id)
    verbs.withdraw(news_id, viewer(), origin(), now())
    return done(url_for("office.news_one", news_id=news_id), _("The news is withdrawn: nobody sees it any more."))


@office.post("/news/<int:news_id>/remind")
@needs(WRITE_NEWS)
def remind_of_news(news_id: int) -> AnyResponse:
    authored(news_id)
    count = reminding.remind(news_id, viewer(), origin(), now())
    said = ngettext("%(num)s person is reminded.", "%(num)s people are reminded.", count)
    return done(url_for("office.news_one", news_id=news_id), said)


def authored(news_id: int) -> News:
    try:
        return newsroom.one(news_id)
    except NotVisible:
        abort(404)


def audience(shown: News) -> str:
    """For whom it is, in words."""
    locale = viewer().locale
    named = [pick(one.names, locale) for one in lists.rows(GROUPS) if one.id in shown.group_ids]
    named_roles = [pick(one.names, locale) for one in roles.everyone() if one.id in shown.role_ids]
    return " · ".join(", ".join(part) for part in (named, named_roles) if part) or _("Everyone")
