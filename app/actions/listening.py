"""Ask the channels for what clients wrote: a thread for each account, one consumer for each token."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import text

from app.actions import channels as channels_kept
from app.actions import intake, troubles
from app.base import wakeups
from app.base.later import later
from app.channels import registry
from app.channels.contract import Account, Batch, Later
from app.models.db import AWAY, db, holding, transaction
from app.queries import channels

log = logging.getLogger(__name__)

_LOOK_SECONDS = 2.0
_POLL_SECONDS = 25.0
_TROUBLED_SECONDS = 30.0
_LOCK = 7005

# Rung, or by itself while nobody can ring: a second one would only try in vain, again and again.
_listening = threading.Lock()

_CURSOR = text("SELECT cursor FROM channel WHERE id = :id AND enabled AND webhook_url = ''")
_WELL = text("UPDATE channel SET trouble = '' WHERE id = :id AND trouble <> ''")


def listen(now: Callable[[], datetime]) -> None:
    """Keep a thread listening for each polled account, as administrators switch them on and off.

    Never returns, but at once where this process listens already.
    """
    if not _listening.acquire(blocking=False):
        return
    try:
        _keep_listening(now)
    finally:
        _listening.release()


def _keep_listening(now: Callable[[], datetime]) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    threads: dict[Account, threading.Thread] = {}
    while True:
        try:
            with transaction():
                accounts = set(channels.polled())
        except AWAY:  # the database is away; the next wake-up would come ten seconds later
            log.warning("the database is away, nobody is listened to")
            accounts = set()
        db.session.remove()
        for account in accounts:
            if account not in threads or not threads[account].is_alive():
                thread = threading.Thread(target=_listen_to, args=(app, account, now), daemon=True)
                threads[account] = thread
                thread.start()
        threads = {account: thread for account, thread in threads.items() if thread.is_alive()}
        if not later(wakeups.DRAIN_INBOX):  # Redis is away: nobody would be woken
            intake.take(now())
            db.session.remove()
        time.sleep(_LOOK_SECONDS)


def _listen_to(app: Flask, account: Account, now: Callable[[], datetime]) -> None:
    """Poll one account while it is switched on. A second consumer would steal updates: one lock for each token."""
    with app.app_context(), holding() as holder:
        lock = text("SELECT pg_try_advisory_lock(:lock, :id)")
        if not holder.execute(lock, {"lock": _LOCK, "id": account.id}).scalar():
            return
        holder.commit()
        try:
            channels_kept.keep_username(account.id, registry.channel(account.kind).check(account))
            db.session.remove()
            while (cursor := _cursor(account)) is not None:
                holder.scalar(text("SELECT 1"))  # still there, and with it our lock
                holder.commit()
                time.sleep(_hear(account, cursor, now))
        except Exception:
            log.exception("listening to channel %s stopped", account.id)


def _cursor(account: Account) -> str | None:
    """The account's place, or None when it is no longer polled or has been changed."""
    with transaction():
        found: str | None = db.session.scalar(_CURSOR, {"id": account.id})
        still_same = found is not None and account in channels.polled()
    db.session.remove()
    return found if still_same else None


def _hear(account: Account, cursor: str, now: Callable[[], datetime]) -> float:
    """One long poll; stored for good before the next confirms it. Returns how long to rest."""
    heard = registry.channel(account.kind).poll(account, cursor, _POLL_SECONDS)
    if isinstance(heard, Batch):
        if heard.raws or heard.cursor != cursor:
            intake.accept(account.id, account.kind, heard.raws, now(), cursor=heard.cursor)
        else:
            with transaction():
                db.session.execute(_WELL, {"id": account.id})
        db.session.remove()
        return 0.0
    why = "unreachable" if isinstance(heard, Later) else heard.reason.value
    with transaction() as tx:
        troubles.note(tx, account.id, why, now())
    db.session.remove()
    return heard.seconds if isinstance(heard, Later) else _TROUBLED_SECONDS
