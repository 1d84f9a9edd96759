"""Keep the bank's lists: add, change, order, archive, restore. Journalled with before and after (clause 7.1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.actions import journal
from app.actions.list_rules import check_off, check_on
from app.actions.list_values import accept, place, stored
from app.actions.rights import OwnRights
from app.actions.topic_versions import hold_tree, keep
from app.base.refusal import Refusal
from app.models.db import db, transaction
from app.models.group import Group
from app.models.journal import declare as declare_kind
from app.models.kinds import Entered
from app.models.listing import Listed, Listing
from app.models.topic import Topic
from app.models.viewer import AnyViewer
from app.queries import lists

ADDED = declare_kind("list.added", _l("List entry added"))
CHANGED = declare_kind("list.changed", _l("List entry changed"))
MOVED = declare_kind("list.moved", _l("List entry moved"))
ARCHIVED = declare_kind("list.archived", _l("List entry archived"))
RESTORED = declare_kind("list.restored", _l("List entry restored"))


class NotThere(Refusal):
    notice = _l("There is no such entry in this list any more.")
    status = 404


class GivenByTheSystem(Refusal):
    notice = _l("Entries of this list are given; they are changed, not added.")


class ParentArchived(Refusal):
    notice = _l("The topic above is archived. Restore that one first, or move this one elsewhere.")


def add(
    listing: Listing, entered: Mapping[str, Entered], by: AnyViewer, origin: journal.Origin, now: datetime
) -> Listed:
    """A new entry, at the end of its list. Raises NotAccepted with a sentence for each field that does not fit."""
    if listing.add is None:
        raise GivenByTheSystem
    with transaction():
        _hold(listing)
        row = listing.model()
        values = accept(listing, row, entered)
        _check_not_joining(row, [], values, by)
        place(row, values)
        row.position = 1 + (db.session.scalar(select(func.max(listing.model.position))) or 0)
        db.session.add(row)
        db.session.flush()
        keep(row, now)
        journal.note(ADDED, by, now, origin, of=(listing.key, row.id), after=values)
    return row


def change(
    listing: Listing,
    row_id: int,
    entered: Mapping[str, Entered],
    by: AnyViewer,
    origin: journal.Origin,
    now: datetime,
) -> None:
    """Save what differs. Raises NotAccepted, NotThere."""
    with transaction():
        row = _locked(listing, row_id)
        before = stored(listing, row)
        after = accept(listing, row, entered)
        changed = [name for name in after if after[name] != before.get(name)]
        if not changed:
            return
        _check_not_joining(row, before.get("members", []), after, by)
        place(row, {name: after[name] for name in changed})
        keep(row, now)
        journal.note(
            CHANGED,
            by,
            now,
            origin,
            of=(listing.key, row.id),
            before={name: before.get(name) for name in changed},
            after={name: after[name] for name in changed},
        )


def _check_not_joining(row: Listed, before: Sequence[int], after: Mapping[str, Any], by: AnyViewer) -> None:
    """A group opens its chats to its members: nobody adds or removes oneself (clause 12.13)."""
    if by.person_id is None or not isinstance(row, Group) or "members" not in after:
        return
    if (by.person_id in before) != (by.person_id in after["members"]):
        raise OwnRights


def move(listing: Listing, row_id: int, up: bool, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """One place up or down among its neighbours; at the end of the list nothing happens."""
    with transaction():
        row = _locked(listing, row_id)
        order = list(lists.siblings(row))
        was = order.index(row) if row in order else -1
        to = was - 1 if up else was + 1
        if was < 0 or not 0 <= to < len(order):
            return
        order.insert(to, order.pop(was))
        for position, one in enumerate(order, 1):
            one.position = position
        journal.note(MOVED, by, now, origin, of=(listing.key, row.id), before=was + 1, after=to + 1)


def archive(listing: Listing, row_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Out of use, with everything below it; the past keeps its name. Raises StillNeeded."""
    with transaction():
        row = _locked(listing, row_id)
        if row.archived_at is not None:
            return
        check_off(row)
        branch = _branch(row, None)
        for one in branch:
            one.archived_at = now
        journal.note(ARCHIVED, by, now, origin, of=(listing.key, row.id), names=row.names, entries=len(branch))


def restore(listing: Listing, row_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Back in use, with what was archived together with it. Raises ParentArchived."""
    with transaction():
        row = _locked(listing, row_id)
        if row.archived_at is None:
            return
        if isinstance(row, Topic) and row.parent_id and _locked(listing, row.parent_id).archived_at is not None:
            raise ParentArchived
        branch = _branch(row, row.archived_at)
        check_on(row, branch)
        for one in branch:
            one.archived_at = None
            if isinstance(one, Topic):
                one.merged_into = None
        journal.note(RESTORED, by, now, origin, of=(listing.key, row.id), names=row.names, entries=len(branch))


def _hold(listing: Listing) -> None:
    if listing.tree:
        hold_tree()


def _locked(listing: Listing, row_id: int) -> Any:
    _hold(listing)
    row = db.session.get(listing.model, row_id, with_for_update=True)
    if row is None:
        raise NotThere
    return row


def _branch(row: Listed, archived_at: datetime | None) -> list[Listed]:
    """The entry and, in a tree, what stands below it and went the same way at the same moment."""
    if not isinstance(row, Topic):
        return [row]
    below = db.session.scalars(
        select(Topic).where(Topic.parent_id == row.id, Topic.archived_at.is_not_distinct_from(archived_at))
    )
    return [row, *(one for child in below for one in _branch(child, archived_at))]
