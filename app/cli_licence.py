"""`bin/muloqot licence <verb>`: `install` and `show` for the bank; `keygen` and `sign` for the vendor."""

import os
import sys
from datetime import date
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.actions import licence as verbs
from app.actions.journal import HERE
from app.base import clock
from app.base.refusal import Refusal
from app.models import licence
from app.models.licence import Licence
from app.models.viewer import SYSTEM
from app.queries import licence as known
from app.queries import seats

commands = click.Group("licence", help="How many may work with chats at once, and until when.")


@commands.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def install(file: Path) -> None:
    """Put in the vendor's file; it is in force at once, without a restart."""
    try:
        found = verbs.install(file.read_text("utf-8", "replace"), SYSTEM, HERE, clock.now())
    except Refusal as refusal:
        sys.exit(f"muloqot: {refusal.message}")
    click.echo(_said(found))


@commands.command()
def show() -> None:
    """Print the licence in force and how many seats are taken."""
    paid = known.in_force(clock.now())
    if paid.licence is None:
        sys.exit("muloqot: no licence is installed: bin/muloqot licence install FILE")
    click.echo(f"{_said(paid.licence)}\nstate {paid.state}\ntaken {seats.taken()} of {paid.seats}")


@commands.command()
@click.argument("file", type=click.Path(exists=False, path_type=Path))
def keygen(file: Path) -> None:
    """The vendor's: make a key pair. The private key goes to FILE, which never leaves the vendor; the public one is
    printed for MULOQOT_LICENCE_KEY."""
    key = Ed25519PrivateKey.generate()
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        sys.exit(f"muloqot: {file} exists already: a key is never overwritten")
    with open(handle, "wb") as out:
        out.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    click.echo(licence.public(key))


@commands.command()
@click.option("--key", "key_file", required=True, type=click.Path(exists=True, path_type=Path), help="From keygen.")
@click.option("--bank", required=True, help="Whose licence it is.")
@click.option("--seats", "count", required=True, type=click.IntRange(1, licence.MOST_SEATS), help="How many at once.")
@click.option("--from", "valid_from", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The first day.")
@click.option("--to", "valid_to", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The last day.")
def sign(key_file: Path, bank: str, count: int, valid_from: date, valid_to: date) -> None:
    """The vendor's: print a signed licence: bin/muloqot licence sign --key … --bank … --seats … > bank.licence"""
    key = load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        sys.exit(f"muloqot: {key_file} holds no Ed25519 key")
    days = [date(day.year, day.month, day.day) for day in (valid_from, valid_to)]
    if days[1] < days[0]:
        sys.exit("muloqot: --to is before --from")
    click.echo(licence.signed(Licence(bank, count, *days), key), nl=False)


def _said(found: Licence) -> str:
    return f"bank {found.bank}\nseats {found.seats}\nvalid {found.valid_from} – {found.valid_to}"
