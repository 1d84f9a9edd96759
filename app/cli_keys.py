"""`bin/muloqot keys …` and `bin/muloqot search …`: the keys at rest, and the words to search by."""

import sys

import click
from flask import current_app

from app.actions import memory, resealing
from app.actions.journal import HERE
from app.base import clock, crypt
from app.config import Settings
from app.models.viewer import SYSTEM
from app.queries import sealing

keys_commands = click.Group("keys", help="Keys that seal what is stored.")
search_commands = click.Group("search", help="The words that sealed text is found by.")


@keys_commands.command("where")
def keys_where() -> None:
    """Say where the key file lies and which key seals now."""
    settings: Settings = current_app.config["SETTINGS"]
    click.echo(f"{settings.keys}: key {crypt.ring().current}")


@keys_commands.command("rotate")
def keys_rotate() -> None:
    """Add a key that seals from now on; what older keys sealed is sealed anew in the background, while all works."""
    settings: Settings = current_app.config["SETTINGS"]
    key_id = resealing.rotate(settings.keys, SYSTEM, HERE, clock.now())
    click.echo(f"key {key_id} seals from now on; see: bin/muloqot keys status")


@keys_commands.command("status")
def keys_status() -> None:
    """Which keys seal what, and how far a rotation has come. Fails when something needs a key the ring has not."""
    click.echo(f"key {crypt.ring().current} seals now; the ring holds {', '.join(sorted(crypt.ring().keys))}")
    for one in sealing.progress():
        state = "done" if one.ended_at else "under way"
        click.echo(
            f"{one.place:30} {one.done:>10} of {one.total:<10} {state}{f', {one.broken} broken' * bool(one.broken)}"
        )
    missing = []
    for held in sealing.held():
        click.echo(f"{held.place:30} key {held.key_id:6} {held.count:>10}{'' if held.known else '  NOT IN THE RING'}")
        missing += [held] * (not held.known)
    if missing:
        sys.exit(f"muloqot: keys that are missing from the ring: {', '.join(sorted({one.key_id for one in missing}))}")


@search_commands.command("rebuild")
def search_rebuild() -> None:
    """Look at every message again for words to search by: after a restore, or when rows were brought in."""
    memory.begin_again()
