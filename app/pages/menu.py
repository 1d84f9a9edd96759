"""The menu: each wing declares its entries beside its pages; a person sees what his rights open."""

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


@dataclass(frozen=True)
class Shown:
    label: str
    url: str
    current: bool


_entries: list[Entry] = []


def entry(label: Any, endpoint: str, needs: Permission | None, order: int, *, wing: str = "bar") -> None:
    """`wing`: `bar` is the top bar, `office` the side menu of the settings."""
    _entries.append(Entry(label, endpoint, needs, order, wing))


def shown(wing: str = "bar") -> list[Shown]:
    """What this viewer may open, in order."""
    viewer = g.get("viewer")
    if viewer is None:
        return []
    return [
        Shown(str(one.label), url_for(one.endpoint), _is_here(one.endpoint))
        for one in sorted(_entries, key=lambda one: one.order)
        if one.wing == wing and (one.needs is None or viewer.may(one.needs))
    ]


def first_open() -> str | None:
    """Where this viewer begins: the first entry that is his."""
    entries = shown()
    return entries[0].url if entries else None


def _is_here(endpoint: str) -> bool:
    """An entry of a whole wing (`office.…`) is current on each of its pages."""
    here = request.endpoint or ""
    return here == endpoint or here.startswith(endpoint.rpartition(".")[0] + ".") and endpoint.endswith(".first_steps")
