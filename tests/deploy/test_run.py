"""The launcher, really started: what is killed heals, what is stopped is gone, what is stored stays."""

import os
import signal
import stat
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from deploy.local import environment, processes
from tests.deploy.conftest import Desk, until


def ask(desk: Desk, statement: str) -> list[tuple[object, ...]]:
    url = environment.read(desk.data)["DATABASE_OWNER_URL"].replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def answers(desk: Desk) -> bool:
    try:
        return ask(desk, "SELECT 1") == [(1,)]
    except psycopg.OperationalError:
        return False


def test_a_killed_child_is_started_again_and_what_it_left_is_ended(desk: Desk) -> None:
    before = desk.pids("web")
    assert len(before) == 2, "the web and its runaway descendant"
    os.kill(min(before), signal.SIGKILL)
    until(lambda: len(desk.pids("web") - before) == 2)
    assert not desk.pids("web") & before
    assert "web died (signal 9)" in desk.wait_for("web died")


def test_killed_servers_come_back_with_what_was_stored(desk: Desk) -> None:
    ask(desk, "CREATE TABLE kept (word text)")
    ask(desk, "INSERT INTO kept VALUES ('salom')")
    os.kill(desk.postmaster(), signal.SIGKILL)
    for redis in desk.pids("redis"):
        os.kill(redis, signal.SIGKILL)
    desk.wait_for("postgres died")
    desk.wait_for("redis died")
    until(lambda: answers(desk))
    assert ask(desk, "SELECT word FROM kept") == [("salom",)]
    until(lambda: desk.pids("redis"))
    until((desk.data / "redis" / "redis.sock").exists)
    with Redis.from_url(environment.read(desk.data)["REDIS_URL"]) as redis_client:
        until(redis_client.ping)


def test_a_killed_launcher_is_succeeded_by_the_next(desk: Desk) -> None:
    ask(desk, "CREATE TABLE IF NOT EXISTS stays (word text)")
    orphans = desk.pids("web") | desk.pids("redis") | {desk.postmaster()}
    desk.stop(signal.SIGKILL)
    assert all(map(processes.alive, orphans))

    successor = Desk(desk.data)
    said = successor.wait_for("is ready at")
    assert "died" not in said
    assert not any(map(processes.alive, orphans))
    assert ask(successor, "SELECT * FROM stays") == []
    assert successor.stop() == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_leaves_nothing_running(desk: Desk, how: signal.Signals) -> None:
    postmaster = desk.postmaster()
    assert desk.stop(how) == 0
    assert not list(processes.tagged(desk.data))
    assert not processes.alive(postmaster)
    assert not (desk.data / "postgres" / "cluster" / "postmaster.pid").exists()


def test_a_second_run_of_one_data_directory_is_refused(desk: Desk) -> None:
    second = Desk(desk.data)
    said = second.wait_for("\n")
    assert second.end() == 1
    assert said.count("\n") == 1
    assert str(desk.process.pid) in said


def test_two_desks_run_side_by_side(desk: Desk, place: Path) -> None:
    neighbour = Desk(place.parent / "neighbour")
    neighbour.wait_for("is ready at")
    ours, theirs = environment.read(desk.data), environment.read(neighbour.data)
    for name in ("PORT", "DATABASE_URL", "REDIS_URL"):
        assert ours[name] != theirs[name]
    assert neighbour.stop() == 0


def test_the_environment_is_left_for_operations_and_for_nobody_else(desk: Desk) -> None:
    assert stat.S_IMODE((desk.data / "env").stat().st_mode) == 0o600
    assert stat.S_IMODE((desk.data / "log" / "web.log").stat().st_mode) == 0o600
    env = environment.read(desk.data)
    assert env["MULOQOT_DATA"] == str(desk.data)
    assert "muloqot_app@" in env["DATABASE_URL"]


def test_the_applications_role_cannot_make_tables(desk: Desk) -> None:
    url = environment.read(desk.data)["DATABASE_URL"].replace("+psycopg", "")
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (id int)")


def test_a_port_that_was_asked_for_and_is_busy_is_refused_in_one_line(desk: Desk, place: Path) -> None:
    port = environment.read(desk.data)["PORT"]
    refused = Desk(place.parent / "other", PORT=port)
    said = refused.wait_for("\n")
    assert refused.end() == 1
    assert said.startswith(f"port {port} on 127.0.0.1 is busy")
    assert said.count("\n") == 1
