"""After any schedule of events and cuts of the wire, a page that was kept alive equals one that is loaded now."""

import difflib
import os
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import text

from app.actions import intake, outgoing
from app.base import clock
from app.channels.contract import Raw
from app.live import push
from app.models.db import db, transaction
from tests.browser.conftest import PageOf
from tests.browser.desk_server import wait_until
from tests.browser.test_desk import opened
from tests.browser.watch import Faults
from tests.cast import Actor, Cast
from tests.writes import Client

pytestmark = pytest.mark.clause("8.1", "1.2")

SEEDS = range(1, 31) if os.environ.get("LONG") else (1,)
EVENTS = 40
# Far less than the half minute after which a page compares itself with the server.
SECONDS = 8.0
ALIKE = Path(__file__).with_name("alike.js").read_text()
# The page's own socket, so that the test can cut it.
WIRE = """
let io;
Object.defineProperty(window, "io", {
  get: () => io,
  set(made) { io = (...how) => (window.wire = made(...how)); },
});
"""


class Bank:
    """Clients, colleagues, the channel and the wire: each `event` is something one of them does."""

    def __init__(self, app: Flask, cast: Cast, page: Page, seed: int) -> None:
        self.app, self.cast, self.page = app, cast, page
        self.dice = random.Random(seed)
        self.clients = [Client(app, name) for name in ("Dilshod", "Malika", "Jasur", "Nargiza")]
        self.done: list[str] = []
        self.people: list[Actor] = [cast.aziza, cast.aziza, cast.aziza, cast.timur, cast.botir]

    def event(self) -> None:
        verbs: list[tuple[Callable[[], object], int]] = [
            (self.writes, 8), (self.edits, 3), (self.quotes, 3), (self.asks, 30), (self.marks, 6), (self.opens, 4),
            (self.drops, 2), (self.leaves, 2), (self.returns, 4),
        ]  # fmt: skip
        verb = self.dice.choices([one for one, _ in verbs], [weight for _, weight in verbs])[0]
        self.done.append(f"{verb.__name__}: {verb()}")
        self.page.wait_for_timeout(self.dice.choice((0, 0, 20, 150)))

    def writes(self) -> int:
        return self.dice.choice(self.clients).says(f"Xabar {self.dice.randrange(1000)}")

    def edits(self) -> str:
        """A client rewords one of his messages."""
        moment = int(clock.now().timestamp())
        return self._of_his(
            lambda said: {"edited_message": {**said, "edit_date": moment, "text": f"Tuzatdim {moment}"}}
        )

    def quotes(self) -> str:
        """A client refers to one of his messages."""
        number = 900_000 + len(self.done)
        return self._of_his(
            lambda said: {"message": {**said, "message_id": number, "text": "Shu haqda", "reply_to_message": said}}
        )

    def _of_his(self, update: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
        """Something about a message that some client has written."""
        client = self.dice.choice(self.clients)
        asked = "SELECT m.external_id FROM message m JOIN identity i ON i.id = m.identity_id"
        with self.app.app_context():
            found = text(f"{asked} WHERE i.external_id = :number AND m.kind = 'client'")
            numbers = list(db.session.scalars(found, {"number": str(client.number)}))
            if numbers:
                person = {"id": client.number, "is_bot": False, "first_name": client.name, "language_code": "ru"}
                said: dict[str, Any] = {"message_id": int(self.dice.choice(numbers)), "from": person}
                said |= {"date": int(clock.now().timestamp()) - 5, "chat": {"id": client.number, "type": "private"}}
                raw = Raw(f"of his {len(self.done)}", {"update_id": 1, **update(said)})
                intake.accept(client._channel_id, "telegram", [raw], clock.now())
                intake.take(clock.now())
            db.session.remove()
        return client.name

    def asks(self) -> str:
        """Somebody does something with some chat; whoever may not is refused."""
        chat_id, who = self._chat(), self.dice.choice(self.people)
        if chat_id is None:
            return "nothing"
        what = self.dice.choices(
            ["take", "say", "note", "return", "transfer", "finish", "aside/client", "wake", "accept", "decline"],
            [8, 8, 3, 2, 3, 1, 1, 1, 3, 1],
        )[0]
        form = {
            "say": {"text": f"Javob {len(self.done)}"},
            "note": {"text": f"Eslatma {len(self.done)}"},
            "finish": {"outcome": "solved", "later": "1"},
            "transfer": {"to": f"person:{self.dice.choice(self.people).id}", "note": ""},
        }.get(what, {})
        answer = who.browser.post(f"/chats/{chat_id}/{what}", form, headers={"HX-Request": "true"})
        assert answer.status_code < 500
        return f"{who.login} {what} {chat_id} {answer.status_code}"

    def marks(self) -> str:
        """A part of an answer comes further on its way, or does not."""
        state = self.dice.choice(("sent", "sent", "delivered", "read", "failed", "uncertain"))
        with self.app.app_context():
            parts = db.session.execute(text("SELECT id, message_id, chat_id FROM outbox ORDER BY id")).all()
            if parts:
                part = self.dice.choice(parts)
                with transaction() as tx:
                    marked = text("UPDATE outbox SET state = :state, external_ids = '{1}' WHERE id = :id")
                    db.session.execute(marked, {"id": part.id, "state": state})
                    outgoing.summarise(part.message_id, part.chat_id)
                    tx.after(push.message_changed, part.chat_id, part.message_id)
                    tx.after(push.row_changed, part.chat_id)
            db.session.remove()
        return state

    def opens(self) -> str:
        """Aziza opens a chat of the list she sees."""
        rows = self.page.locator("#chats .row[id^=row-] a, #chats a.row[id^=row-]")
        if not (count := rows.count()):
            return "nothing"
        shown = rows.nth(self.dice.randrange(count))
        href = shown.get_attribute("href") or ""
        shown.dispatch_event("click")
        return href

    def drops(self) -> str:
        """The wire breaks; it mends itself within a second or two."""
        self.page.evaluate("window.wire.io.engine?.close()")
        return "cut"

    def leaves(self) -> str:
        """The wire stays away until it `returns`."""
        self.page.evaluate("window.wire.disconnect()")
        return "away"

    def returns(self) -> str:
        self.page.evaluate("window.wire.connect()")
        return "back"

    def _chat(self) -> int | None:
        with self.app.app_context():
            chats = list(db.session.scalars(text("SELECT id FROM chat ORDER BY id")))
            db.session.remove()
        return self.dice.choice(chats) if chats else None


@pytest.mark.parametrize("seed", SEEDS)
def test_a_page_kept_alive_by_pushes_and_healing_equals_one_loaded_now(
    app: Flask, cast: Cast, page_of: PageOf, faults: Faults, seed: int
) -> None:
    page = page_of(cast.aziza)
    page.add_init_script(WIRE)
    bank = Bank(app, cast, page, seed)
    opened(page, "/chats?tab=queue" if seed % 3 == 0 else "/chats")
    chat_id = bank.clients[0].says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    for _ in range(EVENTS):
        bank.event()
    bank.returns()
    expect(page.locator("html")).to_have_attribute("data-wire", re.compile("online|back"))
    fresh = page.context.new_page()
    difference: list[str] = []

    def alike() -> bool:
        """Each look loads the other page anew: what the first one still waits for may come in between."""
        opened(fresh, page.url)
        _show_tab(fresh, page.locator("#chats").get_attribute("data-tab") or "")
        fresh.wait_for_timeout(300)
        was, now = page.evaluate(ALIKE), fresh.evaluate(ALIKE)
        difference[:] = difflib.unified_diff(was, now, "kept alive", "loaded now", n=1, lineterm="")
        return not difference

    wait_until(alike, SECONDS, lambda: "\n".join([*bank.done, "", *difference]))
    # A chat that is no longer hers is asked for once more, and is not there.
    faults[:] = [one for one in faults if "status of 404" not in one]


def _show_tab(page: Page, tab: str) -> None:
    """Which list is shown is not in the address of a chat."""
    if page.locator("#chats").get_attribute("data-tab") != tab:
        page.locator(f'#chats .tabs a[href$="tab={tab}"]').click()
        expect(page.locator("#chats")).to_have_attribute("data-tab", tab)
