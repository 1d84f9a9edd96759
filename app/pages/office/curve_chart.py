"""The waiting curve as a drawing: places of its line, its knots and its ticks in a box of 640 × 220."""

from dataclasses import dataclass

from app.models.curve import Curve

WIDTH, HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 16, 12, 28


@dataclass(frozen=True)
class Chart:
    """`line`: the path; `knots`: (x, y, minutes, points); `down` and `across`: (place, number) of the ticks."""

    line: str
    knots: list[tuple[float, float, int, int]]
    down: list[tuple[float, int]]
    across: list[tuple[float, int]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    bottom: int = HEIGHT - _BOTTOM


def chart(curve: Curve) -> Chart:
    """From 0 minutes to a little behind the last knot, where the line runs level."""
    end = max(10, round(curve[-1][0] * 1.15))
    low, high = min(0, *(points for _, points in curve)), max(10, *(points for _, points in curve))

    def x(minutes: float) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * minutes / end, 1)

    def y(points: float) -> float:
        return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * (points - low) / (high - low), 1)

    places = [(x(minutes), y(points), minutes, points) for minutes, points in curve]
    line = " L".join(f"{left} {top}" for left, top, *_ in [*places, (x(end), places[-1][1])])
    return Chart(
        f"M{line}",
        places,
        [(y(points), points) for points in _ticks(low, high)],
        [(x(minutes), minutes) for minutes in _ticks(0, end)],
    )


def _ticks(low: int, high: int) -> list[int]:
    """About five round numbers between the two."""
    step = next(step for step in _steps() if (high - low) / step <= 5)
    first = -(-low // step) * step
    return list(range(first, high + 1, step))


def _steps() -> list[int]:
    return [factor * 10**power for power in range(5) for factor in (1, 2, 5)]
