"""Clause → number of tests, one line each (`bin/test --clauses`)."""

import re
from collections import Counter
from pathlib import Path

import pytest

_LIST = Path(__file__).parent / "clauses.txt"


def show(items: list[pytest.Item]) -> None:
    """Print every clause of the customer's documents with the number of its tests; none is a line too."""
    counted: Counter[str] = Counter()
    for item in items:
        for marker in item.iter_markers("clause"):
            counted.update(marker.args)
    for clause in sorted({*_LIST.read_text().split(), *counted}, key=_order):
        print(f"{clause}\t{counted[clause]}")


def _order(clause: str) -> tuple[str, list[int]]:
    letter = "S" if clause.startswith("S") else ""
    return letter, [int(number) for number in re.findall(r"\d+", clause)]
