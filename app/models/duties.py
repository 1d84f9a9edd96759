"""Separation of duties: permissions that no role and no person may have together (clause 12.13)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.models.journal import MANAGE_JOURNAL
from app.models.permission import Permission
from app.models.person import MANAGE_PEOPLE
from app.models.role import CHANGE_ROLES
from app.models.setting import CHANGE_SETTINGS


@dataclass(frozen=True)
class Apart:
    """Two permissions that belong to different people, and why."""

    first: Permission
    second: Permission
    why: Any


APART = (
    Apart(MANAGE_PEOPLE, CHANGE_ROLES, _l("Who makes accounts does not decide what their roles may do.")),
    Apart(MANAGE_PEOPLE, MANAGE_JOURNAL, _l("Who makes accounts does not decide what is written about it.")),
    Apart(CHANGE_SETTINGS, MANAGE_JOURNAL, _l("Who sets the system up does not decide what is written about it.")),
)


def conflict(rights: Collection[str]) -> Apart | None:
    """The first pair that stands together in these rights."""
    return next((pair for pair in APART if pair.first.code in rights and pair.second.code in rights), None)
