"""Lamps for operations: is the process alive, may it take work, what do the counters say."""

from flask import Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.pages.entry import entry
from app.pages.guard import address, now, public
from app.queries import health


@entry.get("/healthz")
@public
def healthz() -> Response:
    """The process answers; it asks nothing of others."""
    return Response("ok", mimetype="text/plain")


@entry.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Database, migrations, Redis, workers, disk. 503 when work could not be taken."""
    found = health.lamps(now(), current_app.config["SETTINGS"].data)
    ready = all(lamp.ok or not lamp.needed for lamp in found)
    return jsonify({"ready": ready, **{lamp.name: lamp.shown for lamp in found}}), 200 if ready else 503


@entry.get("/metrics")
@public
def metrics() -> Response:
    """Prometheus. Only for this machine and the trusted network: the outer proxy does not pass it on."""
    settings = current_app.config["SETTINGS"]
    if not health.is_near(address(), settings.trusted_proxies):
        return Response("forbidden", status=403, mimetype="text/plain")
    health.measure(now(), settings.data)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
