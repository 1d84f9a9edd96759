"""Rooms: who sees a push. A room's name carries the locale, so every listener gets one fragment, ready made."""

from collections.abc import Callable

from app.models.viewer import Viewer

Rule = Callable[[Viewer, str], bool]
_rules: dict[str, Rule] = {}


def rule(kind: str) -> Callable[[Rule], Rule]:
    """Declare who may join rooms `kind:…`; rooms without a rule are closed."""

    def declare(check: Rule) -> Rule:
        _rules[kind] = check
        return check

    return declare


def of_person(viewer: Viewer) -> list[str]:
    """Rooms that come with being signed in."""
    return [
        "everyone",
        f"session:{viewer.session_id}",
        f"person:{viewer.person_id}",
        f"person:{viewer.person_id}:{viewer.locale}",
    ]


def may_join(viewer: Viewer, name: str) -> bool:
    kind, _, of = name.partition(":")
    check = _rules.get(kind)
    return check is not None and check(viewer, of)
