"""python -m deploy.local up [--empty] | servers | env"""

import os
import sys
from collections.abc import Callable
from functools import partial

from deploy.local import environment
from deploy.local.place import data_directory
from deploy.local.say import Refusal, complain, say
from deploy.local.up import servers, up


def main(arguments: list[str]) -> int:
    commands: dict[tuple[str, ...], Callable[[], None]] = {
        ("up",): up,
        ("up", "--empty"): partial(up, empty=True),
        ("servers",): servers,
        ("env",): show_environment,
    }
    command = commands.get(tuple(arguments))
    if command is None:
        complain("use: up [--empty] | servers | env")
        return 2
    return refusing(command)


def refusing(command: Callable[[], None]) -> int:
    """Run it; a refusal becomes its one line and exit code 1."""
    try:
        command()
    except Refusal as refusal:
        complain(str(refusal))
        return 1
    return 0


def show_environment() -> None:
    for name, value in environment.read(data_directory(os.environ)).items():
        say(f"{name}={value}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
