"""Botir publishes, and the others read: what the tests of news share."""

import re
from typing import Any
from uuid import UUID

from app.actions import news
from app.actions.journal import HERE
from app.actions.news import Draft
from app.base import clock
from app.models.viewer import Viewer
from tests.cast import Actor

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 200
TITLE, TEXT = "Новый лимит", "С понедельника лимит — **15 000 000** сум."


def viewer_of(actor: Actor, locale: str = "ru", groups: frozenset[int] = frozenset()) -> Viewer:
    return Viewer(actor.id, actor.login, actor.name, locale, "auto", UUID(int=0), False, clock.now(), groups=groups)


def published(author: Actor, now: Any = None, title: str = TITLE, **fields: Any) -> int:
    """A piece of news that is shown from now on, unless told otherwise; its id."""
    draft = Draft({"ru": title}, {"ru": fields.pop("text", TEXT)}, **fields)
    return news.write(draft, [], True, viewer_of(author), HERE, now or clock.now())


def form(title: str = TITLE, text: str = TEXT, do: str = "publish", **fields: Any) -> dict[str, Any]:
    """What the editor's page sends."""
    return {"title-ru": title, "text-ru": text, "importance": "usual", "do": do, **fields}


def number_in(location: str) -> int:
    return int(re.search(r"/(\d+)$", location)[1])  # type: ignore[index]
