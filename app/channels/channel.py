"""What a channel can do. A hosted one (web chat, app) only understands and splits: our own pages are its wire."""

from collections.abc import Mapping
from typing import Any, Protocol

from app.channels.contract import (
    Account,
    Batch,
    Fetched,
    Health,
    Incoming,
    Later,
    Limits,
    Never,
    Outgoing,
    Rates,
    Raw,
    Result,
)


class Door(Protocol):
    """Any channel, carried or hosted."""

    kind: str
    label: str
    limits: Limits

    def parse(self, raw: dict[str, Any]) -> Incoming:
        """Understand one update. Never raises: what it does not know is `unsupported`, with why."""

    def split(self, part: Outgoing) -> tuple[Outgoing, ...]:
        """Cut one message into parts of one call each, in order. An outbox row holds one of them."""


class Channel(Door, Protocol):
    """A carried channel. Nothing here raises for what the outside does: an answer says it."""

    rates: Rates

    def whose(self, token: str) -> str:
        """Which account a token belongs to: the same for all tokens it ever gets."""

    def unpack(self, body: bytes) -> tuple[Raw, ...]:
        """The updates of one webhook body; empty when the body is not the provider's format."""

    def verify_hook(self, headers: Mapping[str, str], body: bytes, secret: str) -> bool:
        """Prove on the raw bytes that a webhook call comes from the provider; headers by names in small letters."""

    def poll(self, account: Account, cursor: str, timeout: float) -> Batch | Later | Never:
        """Wait up to `timeout` seconds for updates after `cursor` ("" at first)."""

    def send(self, account: Account, part: Outgoing) -> Result:
        """Send one part in one call. A part that should have been split is `Never(TOO_LONG)`."""

    def edit(self, account: Account, external_id: str, part: Outgoing) -> Result:
        """Replace the text (or caption) of a sent message."""

    def delete(self, account: Account, lane: str, external_id: str) -> Result:
        """Take a sent message back; one that is already gone counts as done."""

    def answer_callback(self, account: Account, callback_id: str, notice: str = "") -> Result:
        """Stop the pressed button's spinner, perhaps with a short notice. Too late is done."""

    def typing(self, account: Account, lane: str) -> Result:
        """Show "typing…" for a few seconds."""

    def fetch_file(self, account: Account, ref: str, limit: int) -> Fetched | Later | Never:
        """Read a client's file of at most `limit` bytes."""

    def set_webhook(self, account: Account) -> Result:
        """Point the provider at `account.webhook_url`, or back to polling when it is empty."""

    def check(self, account: Account) -> Health:
        """Ask the provider who we are."""
