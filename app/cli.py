"""`bin/muloqot <noun> <verb>`: commands for the bank's operations, each a thin call into actions."""

import json
import os
import sys
from pathlib import Path

import click
from flask import current_app
from flask_babel import force_locale
from flask_migrate import upgrade as run_migrations

from app.actions import channels, demo, people, upkeep
from app.actions.journal import HERE
from app.base import clock, crypt
from app.base.refusal import Refusal
from app.config import Misconfigured, Settings, read_environment
from app.factory import create_app
from app.models.viewer import SYSTEM
from app.queries import people as known
from app.queries import road
from deploy.demo.simulator import TOKEN as DEMO_TOKEN
from migrations import attach

commands = click.Group(help="Muloqot, the chat desk of a bank's contact centre.")
people_commands = click.Group("people", help="The people who work here.")
demo_commands = click.Group("demo", help="The demonstration.")
keys_commands = click.Group("keys", help="Keys that seal what is stored.")
channels_commands = click.Group("channels", help="Where clients write.")
inbox_commands = click.Group("inbox", help="What the channels delivered.")
outbox_commands = click.Group("outbox", help="What is on its way to clients.")


def main() -> None:
    try:
        settings = read_environment()
        if sys.argv[1:2] == ["prepare"]:
            _ensure_keys(settings)
        app = create_app(settings)
    except (Misconfigured, crypt.KeyMissing) as error:
        sys.exit(f"muloqot: {error}")
    with app.app_context(), force_locale("en"):
        commands.main(prog_name="muloqot")


@commands.command()
@click.option("--demo", "with_demo", is_flag=True, help="Also make demonstration people on an empty database.")
def prepare(with_demo: bool) -> None:
    """Make ready to start: keys, structure of the database, months ahead, demonstration people."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.owner_url:
        sys.exit("muloqot: DATABASE_OWNER_URL is not set: migrations run as the owner of the database")
    attach(current_app._get_current_object())  # type: ignore[attr-defined]
    run_migrations()
    upkeep.make_months(clock.now())
    if with_demo and not known.any_at_all():
        accounts = demo.people(clock.now())
        _keep_accounts(settings.data / "accounts.txt", accounts)
    if with_demo and settings.demo_port:
        demo.channel(clock.now(), f"http://127.0.0.1:{settings.demo_port}", DEMO_TOKEN)


@demo_commands.command("clients")
def demo_clients() -> None:
    """Run the demonstration's Telegram and its simulated clients; Ctrl-C stops them."""
    port = str(current_app.config["SETTINGS"].demo_port or 8900)
    os.execv(sys.executable, [sys.executable, "-m", "deploy.demo", "--port", port])  # noqa: S606 - our own module


@people_commands.command("create-admin")
@click.argument("login")
@click.option("--name", prompt="Full name", help="Family name and first name.")
def create_admin(login: str, name: str) -> None:
    """Make the first administrator; the password is printed once and must be changed at first sign-in."""
    try:
        _person, password = people.create(login, name, ["administrator"], SYSTEM, HERE, clock.now())
    except Refusal as refusal:
        sys.exit(f"muloqot: {refusal.message}")
    click.echo(f"login {login}\npassword {password}")


@keys_commands.command("where")
def keys_where() -> None:
    """Say where the key file lies and which key seals now."""
    settings: Settings = current_app.config["SETTINGS"]
    click.echo(f"{settings.keys}: key {crypt.ring().current}")


def _ensure_keys(settings: Settings) -> None:
    """Outside production the first start makes a key file; in production it is made by the key ceremony."""
    if settings.keys.exists():
        return
    if settings.production:
        raise Misconfigured(f"MULOQOT_KEYS={settings.keys} does not exist: bring the bank's key file")
    settings.keys.parent.mkdir(parents=True, exist_ok=True)
    crypt.KeyRing.create(settings.keys)


def _keep_accounts(file: Path, accounts: list[tuple[str, str, str]]) -> None:
    lines = [f"{login:16} {password:16} {what}" for login, password, what in accounts]
    with open(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as out:
        out.write("\n".join(lines) + "\n")
    click.echo("\n".join(lines))


@channels_commands.command("add")
@click.argument("kind")
@click.option("--name", required=True, help="What operators see.")
@click.option("--token", required=True, help="The bot's token.")
@click.option("--api-url", default="", help="Another server of the same API (a local one, a test).")
@click.option("--webhook", is_flag=True, help="Let the provider call MULOQOT_URL instead of asking it.")
def channels_add(kind: str, name: str, token: str, api_url: str, webhook: bool) -> None:
    """Connect a channel: bin/muloqot channels add telegram --name … --token …"""
    try:
        made = channels.connect(kind, channels.Wish(name, token, api_url, webhook), SYSTEM, HERE, clock.now())
    except Refusal as refusal:
        sys.exit(f"muloqot: {refusal.message}")
    click.echo(json.dumps({"id": made.id, "key": made.key}))


@inbox_commands.command("status")
def inbox_status() -> None:
    """Print what was accepted and what became of it, as JSON."""
    click.echo(json.dumps(road.inbox(clock.now())))


@outbox_commands.command("status")
def outbox_status() -> None:
    """Print what was sent and what waits, as JSON."""
    click.echo(json.dumps(road.outbox(clock.now())))


for noun in (people_commands, demo_commands, keys_commands, channels_commands, inbox_commands, outbox_commands):
    commands.add_command(noun)

if __name__ == "__main__":
    main()
