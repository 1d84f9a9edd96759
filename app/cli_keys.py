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
    """Which keys seal what, and how far a rotation has come. Fails when a key that is needed is missing or wrong."""
    click.echo(f"key {crypt.ring().current} seals now; the ring holds {', '.join(sorted(crypt.ring().keys))}")
    for one in sealing.progress():
        state = "done" if one.ended_at else "under way"
        click.echo(
            f"{one.place:30} {one.done:>10} of {one.total:<10} {state}{f', {one.broken} broken' * bool(one.broken)}"
        )
    held = sealing.held()
    for found in held:
        trouble = "" if found.fits else "  DOES NOT OPEN IT" if found.known else "  NOT IN THE RING"
        click.echo(f"{found.place:30} key {found.key_id:6} {found.count:>10}{trouble}")
    missing = sorted({found.key_id for found in held if not found.known})
    wrong = sorted({found.key_id for found in held if found.known and not found.fits})
    told = [f"keys that are missing from the ring: {', '.join(missing)}"] * bool(missing)
    told += [f"keys of the ring that are not those that sealed: {', '.join(wrong)}"] * bool(wrong)
    if told:
        sys.exit(f"muloqot: {'; '.join(told)}")


@search_commands.command("rebuild")
def search_rebuild() -> None:
    """Look at every message again for words to search by: after a restore, or when rows were brought in."""
    memory.begin_again()
