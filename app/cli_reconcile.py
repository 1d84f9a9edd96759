"""`bin/muloqot reconcile`: received = stored = shown, said = accepted, per channel of a day."""

import json
import sys
from datetime import datetime

import click

from app.actions import reconciling
from app.base import clock


@click.command("reconcile")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="A day of Tashkent; today when none is named.")
def reconcile(day: datetime | None) -> None:
    """Count a day on every stretch of the road and print it as JSON. Fails when something differs."""
    now = clock.now()
    try:
        found = reconciling.count(day.date() if day else clock.business_day(now), now)
    except ValueError as error:
        sys.exit(f"muloqot: {error}")
    click.echo(json.dumps([one.told() for one in found], ensure_ascii=False, indent=2))
    if not all(one.agrees for one in found):
        sys.exit("muloqot: something differs")
