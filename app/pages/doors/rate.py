"""The page on which a client rates a closed chat: by a link that only we can make, once, in the client's language."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response as AnyResponse

from app.actions import going_on, rating
from app.base.floods import Flood
from app.base.locale import negotiate
from app.base.refusal import Refusal
from app.pages import guard
from app.pages.doors import doors
from app.pages.guard import now, public
from app.queries import ratings
from app.queries.ratings import Rating

# A person opens and answers; behind one address stands a whole office. Guessing a signature is hopeless anyway.
_OF_ADDRESS = Flood("rate-address", rate=1, burst=60)


@doors.get("/rate/<token>")
@public
def rate(token: str) -> Response:
    """The question, or what became of it."""
    if _OF_ADDRESS.wait(guard.address()) > 0:
        return _page(None, "often", 429)
    found = ratings.by_token(token)
    return _page(found, _stage(found), 404 if found is None else 410 if _stage(found) == "late" else 200)


@doors.post("/rate/<token>")
@public
def rated(token: str) -> AnyResponse:
    """The mark, or a word to it. The link itself is the proof; no cookie is read."""
    if _OF_ADDRESS.wait(guard.address()) > 0:
        return _page(None, "often", 429)
    found = ratings.by_token(token)
    if found is None:
        return _page(None, "unknown", 404)
    mark = request.form.get("mark", "")
    number = int(mark) if mark.isascii() and mark.isdigit() and len(mark) < 3 else None
    try:
        rating.answer(found, number, request.form.get("comment", ""), now())
    except Refusal as refusal:
        return _page(found, _stage(found), refusal.status, refusal)
    return redirect(url_for("doors.rate", token=token), 303)


@doors.post("/rate/<token>/resume")
@public
def rated_resume(token: str) -> Response:
    """The client goes on with the chat."""
    if _OF_ADDRESS.wait(guard.address()) > 0:
        return _page(None, "often", 429)
    found = ratings.by_token(token)
    if found is None:
        return _page(None, "unknown", 404)
    went = going_on.go_on(found.chat_id, found.identity_id, now())
    return _page(found, "over" if went == "over" else "resumed", 200)


def _stage(found: Rating | None) -> str:
    """`ask`, `comment`, `done`, `late` or `unknown`."""
    if found is None:
        return "unknown"
    if found.mark is not None:
        return "done" if found.commented or now() > found.ends_at else "comment"
    return "late" if now() > found.ends_at else "ask"


def _page(found: Rating | None, stage: str, status: int, refusal: Refusal | None = None) -> Response:
    with force_locale(found.language if found else negotiate(request.headers.get("Accept-Language"))):
        page = render_template("doors/rate.html", rating=found, stage=stage, wrong=refusal.message if refusal else "")
    return make_response(page, status)
