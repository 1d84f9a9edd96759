"""python -m bench [--quick] [--compare OLD.json] [NAME…]"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import (
    assignment,
    desk,
    endurance,
    intake,
    page,
    reading,
    recovery,
    report,
    screen,
    search,
    simulation,
    storm,
    web,
    widgets,
)
from bench import reply as replying
from bench.figures import Figure
from bench.lab import Lab

BENCHES: dict[str, Callable[[Lab], Iterator[Figure]]] = {
    "intake.accept": intake.accept,
    "intake.take": intake.take,
    "intake.polled": intake.polled,
    "screen": screen.screen,
    "endurance": endurance.endurance,
    "widgets": widgets.widgets,
    "page": page.page,
    "reply": replying.reply,
    "fan-out": web.fan_out,
    "reading": reading.reading,
    "search": search.search,
    "search.written": search.written,
    "assignment": assignment.assignment,
    "simulation": simulation.simulation,
    "storm": storm.storm,
    "recovery": recovery.recovery,
    "start": web.start,
}
# What --quick runs unless it is told what: together a minute and a half on a quiet machine. The others build large
# worlds, wait for people's pace or start processes over and over; each of them is quick by its name.
EVERY_DAY = ("intake.accept", "intake.take", "intake.polled", "screen", "reply", "fan-out", "reading")


def main() -> int:
    asked = _asked()
    older = report.read(asked.compare) if asked.compare else {}
    found: list[Figure] = []
    load = os.getloadavg()[0]
    began = time.monotonic()
    with desk.running() as running:
        lab = Lab(running, asked.quick)
        for name in asked.names or (EVERY_DAY if asked.quick else BENCHES):
            print(f"{name}…", end="", file=sys.stderr, flush=True)
            started = time.monotonic()
            found += BENCHES[name](lab)
            print(f" {time.monotonic() - started:.0f} s", file=sys.stderr)
    print(report.lines(found, round(load, 2)))
    print(report.table(found, older), file=sys.stderr)
    took = time.monotonic() - began
    print(f"{took:.0f} s; the machine's load before: {load:.1f}, now: {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Figures on stdout as JSON lines, a table beside.")
    parser.add_argument(
        "--quick", action="store_true", help=f"shorter, and without names only {', '.join(EVERY_DAY)}: ninety seconds"
    )
    parser.add_argument("--compare", type=Path, metavar="OLD.json", help="also tell what an older run measured")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in BENCHES]
    if unknown:
        parser.error(f"there is no {unknown[0]}; there are {', '.join(BENCHES)}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
