"""`bin/muloqot <noun> <verb>`: commands for the bank's operations, each a thin call into actions."""

import json
import os
import sys
from pathlib import Path

import click
from flask import current_app
from flask_babel import force_locale
from flask_migrate import upgrade as run_migrations
from sqlalchemy.exc import OperationalError

from app import cli_licence, cli_updates
from app.actions import access, channels, demo, generate, journal_chain, licence, people, upkeep
from app.actions.journal import HERE
from app.base import clock, crypt
from app.base.refusal import Refusal
from app.cli_keys import keys_commands, search_commands
from app.cli_reconcile import reconcile
from app.config import Misconfigured, Settings, read_environment
from app.factory import create_app
from app.models.viewer import SYSTEM
from app.pages.office.journal_register import register
from app.queries import journal_chain as chain
from app.queries import people as known
from app.queries import road
from migrations import attach

commands = click.Group(help="Muloqot, the chat desk of a bank's contact centre.")
people_commands = click.Group("people", help="The people who work here.")
demo_commands = click.Group("demo", help="The demonstration.")
channels_commands = click.Group("channels", help="Where clients write.")
access_commands = click.Group("access", help="From where the desk may be opened.")
inbox_commands = click.Group("inbox", help="What the channels delivered.")
outbox_commands = click.Group("outbox", help="What is on its way to clients.")
journal_commands = click.Group("journal", help="Who used which right.")


def main() -> None:
    if sys.argv[1:3] in (["licence", "keygen"], ["licence", "sign"]):  # the vendor has no database
        commands.main(prog_name="muloqot")
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
@click.option("--demo-bot", default="", help="The token of the demonstration's bot on DEMO_PORT.")
@click.option("--demo-site", default=("", ""), type=(str, str), help="Key and secret of the demonstration's bank site.")
def prepare(with_demo: bool, demo_bot: str, demo_site: tuple[str, str]) -> None:
    """Make ready to start: keys, structure of the database, months ahead, demonstration people."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.owner_url:
        sys.exit("muloqot: DATABASE_OWNER_URL is not set: migrations run as the owner of the database")
    attach(current_app._get_current_object())  # type: ignore[attr-defined]
    try:
        run_migrations()
    except OperationalError as error:
        sys.exit(f"muloqot: the database cannot be reached or changed: {' '.join(str(error.orig).split())}")
    upkeep.make_months(clock.now())
    if settings.mode in ("demo", "empty"):
        licence.install_demo(clock.now())
    if with_demo and not known.any_at_all():
        accounts = demo.people(clock.now())
        _keep_accounts(settings.data / "accounts.txt", accounts)
    if demo_bot and settings.demo_port:
        demo.channel(clock.now(), f"http://127.0.0.1:{settings.demo_port}", demo_bot)
    if demo_site[0] and settings.demo_port:
        sites = tuple(f"http://{host}:{settings.demo_port}" for host in ("127.0.0.1", "localhost"))
        demo.site(clock.now(), sites, *demo_site)


@demo_commands.command("clients")
def demo_clients() -> None:
    """Run the demonstration's Telegram and its simulated clients; Ctrl-C stops them."""
    port = str(current_app.config["SETTINGS"].demo_port or 8900)
    os.execv(sys.executable, [sys.executable, "-m", "deploy.demo", "--port", port])  # noqa: S606 - our own module


@demo_commands.command("generate")
@click.option("--chats", "count", default=2000, show_default=True, help="How many dialogues.")
@click.option("--days", default=30, show_default=True, help="Over how many days, up to now.")
@click.option("--waiting", default=100, show_default=True, help="How many of the newest wait in the queue.")
def demo_generate(count: int, days: int, waiting: int) -> None:
    """Write invented dialogues straight into the database, for demonstrations and measurements."""
    try:
        made = generate.chats(count, days, clock.now(), waiting=waiting)
    except Refusal as refusal:
        sys.exit(f"muloqot: {refusal.message}")
    click.echo(json.dumps({"chats": made.chats, "messages": made.messages}))


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
@click.option("--webhook-url", default="", help="The same, at another public address than MULOQOT_URL.")
def channels_add(kind: str, name: str, token: str, api_url: str, webhook: bool, webhook_url: str) -> None:
    """Connect a channel: bin/muloqot channels add telegram --name … --token …"""
    try:
        wish = channels.Wish(name, token, api_url, webhook or bool(webhook_url), webhook_url)
        made = channels.connect(kind, wish, SYSTEM, HERE, clock.now())
    except Refusal as refusal:
        sys.exit(f"muloqot: {refusal.message}")
    click.echo(json.dumps({"id": made.id, "key": made.key}))


@access_commands.command("open")
def access_open() -> None:
    """Empty every access list: the way back in for those whom a list has locked out. It is journalled."""
    access.open_all(SYSTEM, HERE, clock.now())


@inbox_commands.command("status")
def inbox_status() -> None:
    """Print what was accepted and what became of it, as JSON."""
    click.echo(json.dumps(road.inbox(clock.now())))


@outbox_commands.command("status")
def outbox_status() -> None:
    """Print what was sent and what waits, as JSON."""
    click.echo(json.dumps(road.outbox(clock.now())))


@journal_commands.command("verify")
def journal_verify() -> None:
    """Prove the journal; names every row that was edited, removed or slipped in, and every block that is missing."""
    data = current_app.config["SETTINGS"].data
    found = chain.verify(data / journal_chain.HEAD, data / journal_chain.HEADS)
    for finding in found.findings:
        click.echo(str(finding))
    click.echo(f"{found.rows} rows in {found.blocks} blocks, {found.unsealed} not sealed yet")
    if found.findings:
        sys.exit(f"muloqot: the journal was tampered with: {len(found.findings)} findings")


@journal_commands.command("export-head")
def journal_export_head() -> None:
    """Write the signed head of the chain to journal-heads.log and to the system's log."""
    number = journal_chain.export_head(clock.now(), current_app.config["SETTINGS"].data)
    click.echo("no new block" if number is None else f"block {number}")


@journal_commands.command("register")
def journal_register() -> None:
    """Print the register of events: bin/muloqot journal register > docs/journal-events.md"""
    click.echo(register(), nl=False)


for noun in (
    people_commands,
    demo_commands,
    keys_commands,
    search_commands,
    channels_commands,
    access_commands,
    inbox_commands,
    outbox_commands,
    journal_commands,
    cli_licence.commands,
    cli_updates.commands,
    reconcile,
):
    commands.add_command(noun)

if __name__ == "__main__":
    main()
