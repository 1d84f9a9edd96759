"""What the person at the terminal reads."""

import sys


class Refusal(Exception):
    """One clear line that says what to do; the command ends with exit code 1."""


def say(line: str) -> None:
    print(line, flush=True)


def complain(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
