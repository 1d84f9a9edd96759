"""The bell: how much is unread, the newest, and urgent news that no push has brought."""

from flask import Response, make_response, render_template

from app.pages.guard import now, signed_in, viewer
from app.pages.me import me
from app.queries import heard, news


@me.app_template_global("bell")
def bell() -> int:
    """What the bell counts for whoever looks."""
    return heard.unread(viewer().person_id, now())


@me.get("/bell/count")
@signed_in
def bell_count() -> Response:
    return make_response(render_template("frame/_bell_count.html", count=bell()))


@me.get("/bell/list")
@signed_in
def bell_list() -> Response:
    return make_response(render_template("frame/_bell_list.html", entries=heard.newest(viewer(), now())))


@me.get("/before-work")
@signed_in
def over_the_page() -> Response:
    """The oldest urgent piece of news that is not confirmed; nothing when there is none."""
    urgent = [one for one in news.before_work(viewer().person_id, now()) if one.importance == "urgent"]
    if not urgent:
        return Response(status=204)
    shown = urgent[0]
    values = {"news": shown, "files": news.files(shown.id), "tongue": viewer().locale}
    return make_response(render_template("frame/_news.html", **values))
