"""Answers: a page, a fragment, done, a refusal. Every form works without JavaScript (house law 5)."""

import logging
from typing import Any

from flask import Flask, Response, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import DataError
from werkzeug.exceptions import BadRequest, HTTPException, ServiceUnavailable
from werkzeug.wrappers import Response as AnyResponse

from app.base.refusal import Refusal
from app.models.db import AWAY

log = logging.getLogger(__name__)


def wants_fragment() -> bool:
    return "HX-Request" in request.headers


def done(url: str, notice: Any = None) -> AnyResponse:
    """After a change: back to the page for a plain form; nothing for htmx, since the push draws."""
    if wants_fragment():
        return Response(status=204)
    if notice:
        flash(str(notice), "good")
    return redirect(url, 303)


def fragment(template: str, status: int = 200, **values: Any) -> Response:
    return make_response(render_template(template, **values), status)


def install(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _failed)
    for away in AWAY:
        app.register_error_handler(away, _away)
    app.register_error_handler(DataError, _unfit)
    app.register_error_handler(UnicodeError, _unfit)


def _refused(refusal: Refusal) -> AnyResponse:
    if wants_fragment():
        answer = fragment("parts/_toast.html", refusal.status, text=refusal.message, kind=refusal.tone)
        answer.headers["HX-Retarget"] = "#toasts"
        answer.headers["HX-Reswap"] = "beforeend"
        return answer
    flash(refusal.message, refusal.tone)
    return redirect(request.referrer or "/", 303)


def _failed(error: HTTPException) -> AnyResponse:
    code = error.code or 500
    if isinstance(error.response, Response):
        return error.response
    if request.path.startswith(("/healthz", "/readyz", "/metrics")):  # read by machines
        return Response(str(code), status=code)
    if wants_fragment():
        answer = fragment("parts/_toast.html", code, text=_explain(code), kind="bad")
        answer.headers["HX-Retarget"] = "#toasts"
        answer.headers["HX-Reswap"] = "beforeend"
        return answer
    return fragment("frame/error.html", code, code=code, explained=_explain(code))


def _away(error: Exception) -> AnyResponse:
    """The database cannot be reached: said as it is, and nothing was changed."""
    log.error("the database is away: %s", type(getattr(error, "orig", error)).__name__)
    return _failed(ServiceUnavailable())


def _unfit(error: Exception) -> AnyResponse:
    """Asked with what no row can hold: a number too great, letters that are none."""
    log.warning("%s was asked with what cannot be kept: %s", request.endpoint, type(error).__name__)
    return _failed(BadRequest())


def _explain(code: int) -> str:
    """What happened and what to do, in the reader's language."""
    match code:
        case 400:
            return _("This cannot be read. Go back and try again from the page.")
        case 403:
            return _("You have no right to do this. If you need it, ask your administrator.")
        case 404:
            return _("There is no such page, or you may not see it.")
        case 405:
            return _("This address does not accept that. Go back and try again from the page.")
        case 413:
            return _("This is too large to accept. Choose a smaller file.")
        case 429:
            return _("Too many requests. Wait a minute and try again.")
        case 503:
            return _("The system is not ready yet. Try again in a minute; nothing you wrote is lost.")
        case _:
            return _("Something went wrong here. It has been recorded; try again in a minute.")
