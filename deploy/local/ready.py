"""When the desk answers, say where it is."""

import http.client
from collections.abc import Mapping
from pathlib import Path

from deploy.local.say import say

# Who listens everywhere is asked at home.
_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def is_ready(env: Mapping[str, str]) -> tuple[bool, str]:
    """Whether /readyz says yes, and what it says when not."""
    connection = http.client.HTTPConnection(_LOOPBACK.get(env["HOST"], env["HOST"]), int(env["PORT"]), timeout=2)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"{env['HOST']}:{env['PORT']}"})
        answer = connection.getresponse()
        return answer.status == 200, answer.read(2000).decode(errors="replace")
    except OSError as error:
        return False, f"the web server does not answer ({error.strerror or error})"
    finally:
        connection.close()


def announce(env: Mapping[str, str], data: Path, seconds: float) -> None:
    """Print the address and, in the demo, the five links."""
    host = _LOOPBACK.get(env["HOST"], env["HOST"])
    desk = env.get("MULOQOT_URL") or f"http://{f'[{host}]' if ':' in host else host}:{env['PORT']}"
    say(f"\nMuloqot is ready at {desk} ({seconds:.1f} s)")
    if env["MULOQOT_MODE"] == "demo":
        _announce_demo(desk, env["DEMO_PORT"], data / "accounts.txt")
    else:
        say("  the first administrator is made by: bin/muloqot people create-admin LOGIN")
    say("Ctrl-C stops everything.")


def _announce_demo(desk: str, demo_port: str, accounts: Path) -> None:
    logins = _logins(accounts)
    say(f"  desk            {desk}/      sign in as {logins.get('operator', 'an operator')}")
    say(f"  supervisor      {desk}/      sign in as {logins.get('supervisor', 'the supervisor')}")
    say(f"  administrator   {desk}/      sign in as {logins.get('administrator', 'the administrator')}")
    say(f"  a client        http://127.0.0.1:{demo_port}/")
    say(f"  the bank's site http://127.0.0.1:{demo_port}/bank")
    if logins:
        say(f"Passwords are in {accounts}")


def _logins(accounts: Path) -> dict[str, str]:
    """The first login of each role; a line is: login, password, role and remarks."""
    try:
        lines = [line.split() for line in accounts.read_text().splitlines()]
    except FileNotFoundError:
        return {}
    return {line[2].rstrip(":"): line[0] for line in reversed(lines) if len(line) > 2}
