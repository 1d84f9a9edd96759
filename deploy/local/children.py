"""The processes of a running desk, in the order they start."""

import sys
from collections.abc import Mapping

from deploy.demo import site
from deploy.demo.simulator import TOKEN
from deploy.local.child import Child


def children(env: Mapping[str, str]) -> tuple[Child, ...]:
    """Everything but the servers; the simulated clients only in the demo."""
    desk = (
        Child("web", _web(env["HOST"], env["PORT"])),
        *(Child(queue, _python("jobs.worker", queue)) for queue in ("hot", "send", "slow", "poll")),
        Child("schedule", _python("jobs.schedule")),
    )
    demo = Child("demo", _python("app.cli", "demo", "clients"))
    return (*desk, demo) if env["MULOQOT_MODE"] == "demo" else desk


def prepare(env: Mapping[str, str]) -> tuple[str, ...]:
    """The command that makes keys, tables and, in the demo, people; harmless when all is there."""
    demo = ["--demo", "--demo-bot", TOKEN, "--demo-site", site.KEY, site.SECRET]
    return _python("app.cli", "prepare", *(demo if env["MULOQOT_MODE"] == "demo" else []))


def _web(host: str, port: str) -> tuple[str, ...]:
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = ("-k", "gevent", "-w", "1", "--worker-connections", "5000", "--bind", bind)
    # Open sockets never end by themselves, so a stop must not wait long for them.
    return _python("gunicorn", *options, "--graceful-timeout", "3", "--no-control-socket", "wsgi:app")


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    # By module, never by .venv/bin/NAME: those scripts break when the checkout is moved.
    return (sys.executable, "-m", module, *arguments)
