"""The menu: each wing declares its entries beside its pages; a person sees what his rights open."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for

from app.models.permission import Permission


@dataclass(frozen=True)
class Entry:
    label: Any
    endpoint: str
    needs: Permission | None
    order: int
    wing: str
    badge: Callable[[], int] | None = None


@dataclass(frozen=True)
class Shown:
    label: str
    url: str
    current: bool
    badge: int = 0


_entries: list[Entry] = []
_wings: list[tuple[int, Any, str]] = []


def entry(
    label: Any,
    endpoint: str,
    needs: Permission | None,
    order: int,
    *,
    wing: str = "bar",
    badge: Callable[[], int] | None = None,
) -> None:
    """`wing`: `bar` is the top bar, `office` the side menu of the settings. `badge` counts what waits on the page."""
    _entries.append(Entry(label, endpoint, needs, order, wing, badge))


def wing(label: Any, name: str, order: int) -> None:
    """An entry of the top bar for a whole wing: it opens on whatever page of the wing the viewer may see."""
    _wings.append((order, label, name))


def shown(place: str = "bar", counted: bool = True) -> list[Shown]:
    """What this viewer may open, in order; `counted` with the badges."""
    viewer = g.get("viewer")
    if viewer is None:
        return []
    mine = [one for one in _entries if one.wing == place and (one.needs is None or viewer.may(one.needs))]
    here = request.endpoint
    found = [
        (
            one.order,
            Shown(
                str(one.label),
                url_for(one.endpoint),
                here == one.endpoint,
                one.badge() if one.badge and counted else 0,
            ),
        )
        for one in mine
    ]
    if place == "bar":
        found += _whole_wings({one.url for _, one in found})
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _whole_wings(already: set[str]) -> Iterator[tuple[int, Shown]]:
    """A wing is worth its place where it holds a page that does not stand in the bar itself."""
    for order, label, name in _wings:
        inside = [one for one in shown(name, counted=False) if one.url not in already]
        if inside:
            here = request.blueprint == name and request.path not in already
            yield order, Shown(str(label), inside[0].url, here)


def first_open() -> str | None:
    """Where this viewer begins: the first entry that is his."""
    entries = shown()
    return entries[0].url if entries else None
