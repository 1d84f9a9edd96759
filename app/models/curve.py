"""What waiting is worth: points by minutes, as administrators draw it (clause 1.4)."""

from collections.abc import Sequence

Curve = Sequence[tuple[int, int]]  # minutes and points, the first at 0, in order

# Waiting counts in whole steps: a queue that changes its order every second cannot be read.
STEP_SECONDS = 30


def earned(curve: Curve, seconds: float) -> int:
    """Points for having waited so long: evenly from knot to knot, rounded down, and no more after the last one."""
    waited = max(0, int(seconds)) // STEP_SECONDS * STEP_SECONDS
    points = 0
    for number, (minutes, points) in enumerate(curve):
        if number + 1 == len(curve):
            break
        to_minutes, to_points = curve[number + 1]
        if waited < 60 * to_minutes:
            return points + (to_points - points) * (waited - 60 * minutes) // (60 * (to_minutes - minutes))
    return points
