"""What a benchmark gives: figures with their target, and how a program is measured beside its floor."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

ROUNDS = 3


@dataclass(frozen=True)
class Figure:
    """One measured value. `target` is a floor when `more` is better, else a ceiling; None is only told."""

    bench: str
    what: str
    value: float
    unit: str
    target: float | None = None
    more: bool = False
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def reached(self) -> bool | None:
        if self.target is None:
            return None
        return self.value >= self.target if self.more else self.value <= self.target

    def told(self) -> dict[str, Any]:
        return {**asdict(self), "reached": self.reached}


def beside(program: Callable[[], float], floor: Callable[[], float], rounds: int = ROUNDS) -> tuple[float, float]:
    """Medians of both, measured in turn (A B A B): whatever else the machine does meets them alike."""
    pairs = [(program(), floor()) for _ in range(rounds)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
