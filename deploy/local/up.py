"""The whole road of bin/run: check, servers, prepare, children, ready."""

import os
import resource
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from deploy.local import children, cluster, disk, environment, lock, ports, postgres, probe, processes, ready, redis
from deploy.local.child import Child, last_lines
from deploy.local.place import ROOT, data_directory
from deploy.local.say import Refusal, complain, say
from deploy.local.supervisor import StopAsked, Supervisor

FIRST_PORT, FIRST_DEMO_PORT = 8800, 8900
READY_SECONDS = 60.0
OPEN_FILES = 65536


def up(
    *,
    empty: bool = False,
    processes_of: Callable[[Mapping[str, str]], tuple[Child, ...]] = children.children,
    prepare_with: Callable[[Mapping[str, str]], tuple[str, ...]] = children.prepare,
) -> None:
    """Run a desk until asked to stop. Raises Refusal."""
    began = time.monotonic()
    with _until_stopped(), _servers(empty) as (supervisor, env):
        _prepare(supervisor, prepare_with(env), env)
        for child in processes_of(env):
            supervisor.add(child, env)
        _wait_until_ready(supervisor, env)
        ready.announce(env, supervisor.data, time.monotonic() - began)
        supervisor.run()


def servers() -> None:
    """Run only PostgreSQL and Redis, and print how to reach them."""
    with _until_stopped(), _servers(empty=False) as (supervisor, _):
        for name, value in environment.read(supervisor.data).items():
            say(f"{name}={value}")
        supervisor.run()


@contextmanager
def _servers(empty: bool) -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """The servers, started or given, and the environment that leads to them; all is stopped at the end."""
    data = data_directory(os.environ)
    disk.make_ready(data)
    with lock.held(data), Supervisor(data, os.environ) as supervisor:
        # Whatever a killed run left would hold ports and the database.
        processes.end(processes.tagged(data))
        _raise_open_files()
        env = environment.base(os.environ, data, empty=empty)
        env["PORT"] = str(ports.choose("PORT", FIRST_PORT, env, data))
        if env["MULOQOT_MODE"] == "demo":
            taken = frozenset({int(env["PORT"])})
            env["DEMO_PORT"] = str(ports.choose("DEMO_PORT", FIRST_DEMO_PORT, env, data, taken))
        _probe_given(env)
        env |= _database(supervisor, env) | _redis(supervisor, env)
        environment.write(env, data)
        yield supervisor, env


@contextmanager
def _until_stopped() -> Iterator[None]:
    try:
        yield
    except StopAsked:
        say("stopped")


def _probe_given(env: Mapping[str, str]) -> None:
    """Judge what was given before anything of our own is made."""
    if env.get("DATABASE_URL") or env.get("DATABASE_OWNER_URL"):
        probe.check_database(env)
    if env.get("REDIS_URL"):
        probe.check_redis(env["REDIS_URL"])


def _database(supervisor: Supervisor, env: Mapping[str, str]) -> dict[str, str]:
    if env.get("DATABASE_URL"):
        return {}
    made = postgres.cluster_in(supervisor.data)
    supervisor.add(cluster.child(made))
    return {"DATABASE_URL": made.url(cluster.APP), "DATABASE_OWNER_URL": made.url(cluster.OWNER)}


def _redis(supervisor: Supervisor, env: Mapping[str, str]) -> dict[str, str]:
    if env.get("REDIS_URL"):
        return {}
    supervisor.add(redis.child(supervisor.data))
    return {"REDIS_URL": redis.url(supervisor.data)}


def _prepare(supervisor: Supervisor, command: tuple[str, ...], env: Mapping[str, str]) -> None:
    """Keys, tables, people. What goes wrong is said by the command itself."""
    quiet = {"LOG_LEVEL": "WARNING", **env}
    with subprocess.Popen(command, cwd=ROOT, env=quiet, stdin=subprocess.DEVNULL, start_new_session=True) as preparing:
        try:
            while preparing.poll() is None:
                supervisor.turn(1)
        finally:
            preparing.terminate()
    if preparing.returncode:
        raise SystemExit(1)


def _wait_until_ready(supervisor: Supervisor, env: Mapping[str, str]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        is_ready, why = ready.is_ready(env)
        if is_ready:
            return
        if time.monotonic() > deadline:
            for line in last_lines(supervisor.data, "web", 10):
                complain(f"  web: {line}")
            raise Refusal(f"not ready after {READY_SECONDS:g} s: {why.strip()}; logs are in {supervisor.data / 'log'}")
        supervisor.turn(0.1)


def _raise_open_files() -> None:
    """Thousands of sockets in one web process need more than the usual 1024 open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
