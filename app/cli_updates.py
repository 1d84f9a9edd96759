"""`bin/muloqot update announce | call-off`: tell everybody who works here of a planned update (clause 8.5)."""

import sys
from datetime import datetime

import click

from app.actions import updates
from app.actions.journal import HERE
from app.base import clock
from app.base.refusal import Refusal
from app.models.viewer import SYSTEM

commands = click.Group("update", help="Updates of the system that people are told of.")
_HOUR = click.DateTime(["%Y-%m-%d %H:%M"])


@commands.command()
@click.option("--from", "from_at", type=_HOUR, required=True, help="Day and hour of Tashkent: 2026-11-22 23:00.")
@click.option("--till", "till_at", type=_HOUR, required=True, help="The same.")
@click.option("--ru", default="", help="What does not work meanwhile, in Russian.")
@click.option("--uz-latn", default="", help="The same in Uzbek, Latin script.")
@click.option("--uz-cyrl", default="", help="The same in Uzbek, Cyrillic script.")
def announce(from_at: datetime, till_at: datetime, ru: str, uz_latn: str, uz_cyrl: str) -> None:
    """Tell everybody; prints the number by which the update can be called off."""
    texts = {"ru": ru, "uz_Latn": uz_latn, "uz_Cyrl": uz_cyrl}
    begins, ends = (local.replace(tzinfo=clock.TASHKENT) for local in (from_at, till_at))
    try:
        click.echo(updates.announce(begins, ends, texts, SYSTEM, HERE, clock.now()))
    except Refusal as refusal:
        sys.exit(f"muloqot: {refusal.message}")


@commands.command("call-off")
@click.argument("number", type=int)
def call_off(number: int) -> None:
    """Tell everybody that the update does not come."""
    if not updates.call_off(number, SYSTEM, HERE, clock.now()):
        sys.exit("muloqot: no such update is ahead")
