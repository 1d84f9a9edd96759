"""JSON lines for machines, a table for people, and what changed since an older run."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.figures import Figure

_MARKS = {True: "reached", False: "NOT REACHED", None: ""}


def table(figures: Iterable[Figure], older: dict[tuple[str, str], float]) -> str:
    lines = []
    for one in figures:
        target = "" if one.target is None else f"{'≥' if one.more else '≤'} {_short(one.target)}"
        then = older.get((one.bench, one.what))
        change = f"was {_short(then)}" if then is not None else ""
        value = f"{_short(one.value)} {one.unit}"
        lines.append(f"{one.bench:15} {one.what:44} {value:>16}  {target:>8} {_MARKS[one.reached]:12}{change}".rstrip())
    return "\n".join(lines)


def lines(figures: Iterable[Figure], load: float) -> str:
    return "\n".join(json.dumps({**one.told(), "load": load}, ensure_ascii=False) for one in figures)


def read(path: Path) -> dict[tuple[str, str], float]:
    """The values of an older run, from its JSON lines."""
    found: dict[tuple[str, str], float] = {}
    for line in path.read_text().splitlines():
        if line.startswith("{"):
            told: dict[str, Any] = json.loads(line)
            found[told["bench"], told["what"]] = told["value"]
    return found


def _short(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 1000 else f"{value:g}"
