"""python -m deploy.local.testing [--long] [pytest's arguments]: every test, one summary."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local import throwaway
from deploy.local.place import ROOT
from deploy.local.say import Refusal, complain, say
from deploy.local.setup import install_system_packages
from deploy.local.supervisor import StopAsked, Supervisor

PYTEST = (sys.executable, "-m", "pytest")
BROWSER_TESTS = "tests/browser"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Part:
    """`again`: how what failed is tried once more, alone."""

    name: str
    command: tuple[str, ...]
    again: tuple[str, ...] = ()
    needs_browser: bool = False


@dataclass(frozen=True)
class Outcome:
    part: Part
    seconds: float
    result: str

    @property
    def good(self) -> bool:
        return self.result.startswith("passed") or self.result == "no tests"


def main(arguments: list[str]) -> int:
    long = "--long" in arguments
    chosen = [argument for argument in arguments if argument != "--long"]
    env = {**os.environ, **({"LONG": "1"} if long else {})}
    parts = [Part("chosen tests", (*PYTEST, *_patience(long), *chosen))] if chosen else _all_parts(long)
    try:
        with throwaway.servers() as (supervisor, addresses):
            outcomes = [_run(part, supervisor, {**env, **addresses}) for part in parts]
    except StopAsked:
        complain("stopped")
        return 130
    except Refusal as refusal:
        complain(str(refusal))
        return 1
    if not chosen:
        _summarize(outcomes)
    return 0 if all(outcome.good for outcome in outcomes) else 1


def _all_parts(long: bool) -> list[Part]:
    everything = (*_patience(long), *(("-m", "") if long else ()))
    rooms, browser = (f"--ignore={BROWSER_TESTS}", *everything), (BROWSER_TESTS, *everything)
    return [
        Part("static", (str(ROOT / "bin" / "check"),)),
        Part("unit and integration", (*PYTEST, "-n", "2", *rooms), (*PYTEST, "--last-failed", *rooms)),
        Part("browser", (*PYTEST, "-n", "2", *browser), (*PYTEST, "--last-failed", *browser), needs_browser=True),
    ]


def _patience(long: bool) -> tuple[str, ...]:
    """What is only run by hand takes as long as it takes."""
    return ("--timeout=0",) if long else ()


def _run(part: Part, supervisor: Supervisor, env: Mapping[str, str]) -> Outcome:
    say(f"\n== {part.name}")
    began = time.monotonic()
    result = _obstacle(part) or _result(part.command, supervisor, env)
    if part.again and result == "failed (1)":
        # A busy machine can make one test too slow; what fails alone as well is a fault. The summary tells either way.
        say(f"\n== {part.name}, once more what failed")
        second = _result(part.again, supervisor, env)
        result = f"{second} at the second try" if second == "passed" else result
    return Outcome(part, time.monotonic() - began, result)


def _obstacle(part: Part) -> str | None:
    """Why this part cannot run at all."""
    if not part.needs_browser:
        return None
    if not (ROOT / BROWSER_TESTS).exists():
        return "no tests"
    if any(map(shutil.which, CHROMIUMS)):
        return None
    try:
        install_system_packages(["chromium", "fonts-dejavu-core"])
    except Refusal as refusal:
        complain(str(refusal))
        return "not run"
    return None


def _result(command: tuple[str, ...], supervisor: Supervisor, env: Mapping[str, str]) -> str:
    with subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True) as running:
        try:
            while running.poll() is None:
                supervisor.turn(5)
        except StopAsked:
            os.killpg(running.pid, signal.SIGTERM)
            raise
    results = {0: "passed", NOTHING_COLLECTED: "no tests"}
    return results.get(running.returncode, f"failed ({running.returncode})")


def _summarize(outcomes: list[Outcome]) -> None:
    say("\n== summary")
    for outcome in outcomes:
        say(f"  {outcome.part.name:24}{outcome.seconds:7.1f} s   {outcome.result}")
    total = sum(outcome.seconds for outcome in outcomes)
    verdict = "everything passed" if all(outcome.good for outcome in outcomes) else "NOT everything passed"
    say(f"  {'together':24}{total:7.1f} s   {verdict}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
