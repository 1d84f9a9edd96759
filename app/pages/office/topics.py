"""The tree of topics: seen whole, merged, and how each topic was called before (clause 9.5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import topics as changes
from app.base.fold import fold
from app.models.listing import CHANGE_LISTS, LISTS
from app.models.topic import DEPTH, TOPICS, Topic
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.respond import done
from app.queries import lists as stored
from app.queries import settings
from app.queries import topics as tree


@dataclass
class Branch:
    """A topic as the tree shows it. `open`: something below it was searched for."""

    topic: Topic
    level: int
    below: list["Branch"] = field(default_factory=list)
    open: bool = False

    @property
    def size(self) -> int:
        return sum(1 + one.size for one in self.below)


@office.get("/lists/topics")
@needs(CHANGE_LISTS)
def topics() -> Response:
    archived = bool(request.args.get("archived"))
    words = request.args.get("q", "").strip()[:80]
    grown = _grown(stored.branches(stored.rows(TOPICS, archived=archived)))
    page = render_template(
        "office/topics.html",
        listing=TOPICS,
        lists=sorted(LISTS.values(), key=lambda listing: listing.order),
        branches=_searched(grown, fold(words).split()) if words else grown,
        words=words,
        counts=stored.counts(TOPICS),
        archived=archived,
        depth=settings.value(DEPTH),
        heirs=_heirs(grown) if archived else {},
    )
    return make_response(page)


@office.get("/lists/topics/<int:topic_id>/past")
@needs(CHANGE_LISTS)
def topic_past(topic_id: int) -> Response:
    """What the topic was called and where it stood; and the way to move or merge it."""
    row = stored.one(TOPICS, topic_id)
    if not isinstance(row, Topic):
        abort(404)
    branch = set(tree.branch(topic_id))
    page = render_template(
        "office/topic.html",
        topic=row,
        spans=tree.spans(topic_id),
        heir=tree.said(tree.today([topic_id])[topic_id]) if row.merged_into else "",
        others=[(one, level) for one, level in stored.branches(stored.rows(TOPICS)) if one.id not in branch],
        depth=settings.value(DEPTH),
    )
    return make_response(page)


@office.post("/lists/topics/<int:topic_id>/merge")
@needs(CHANGE_LISTS)
def merge_topic(topic_id: int) -> AnyResponse:
    into = request.form.get("into", type=int) or abort(400)
    changes.merge(topic_id, into, viewer(), origin(), now())
    notice = _("Merged. Chats of the past keep the old name; reports can ask for today’s.")
    return done(url_for("office.topics", _anchor=f"row-{into}"), notice)


@office.post("/lists/topics/<int:topic_id>/under")
@needs(CHANGE_LISTS)
def put_topic_under(topic_id: int) -> AnyResponse:
    changes.move(topic_id, request.form.get("parent", type=int), viewer(), origin(), now())
    return done(url_for("office.topics", _anchor=f"row-{topic_id}"), _("Moved with all below it"))


def _grown(rows: Sequence[tuple[Topic, int]]) -> list[Branch]:
    """Rows in reading order, as branches."""
    top: list[Branch] = []
    line: list[Branch] = []
    for topic, level in rows:
        made = Branch(topic, level)
        line[level - 1 :] = [made]
        (line[level - 2].below if level > 1 else top).append(made)
    return top


def _searched(branches: list[Branch], words: list[str]) -> list[Branch]:
    """Branches with a topic that has all the words, in any language; the way to it stands open."""
    kept = []
    for one in branches:
        below = _searched(one.below, words)
        own = all(f" {word}" in f" {one.topic.folded}" for word in words)
        if own or below:
            kept.append(Branch(one.topic, one.level, below or (one.below if own else []), bool(below)))
    return kept


def _heirs(branches: list[Branch]) -> dict[int, str]:
    """Of merged topics, the path of the one that took the place."""
    merged = [one.topic.id for one in branches if one.topic.merged_into]
    return {topic_id: tree.said(path) for topic_id, path in tree.today(merged).items()}
