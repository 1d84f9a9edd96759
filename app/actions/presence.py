"""Who looks and who types: Redis only, ten seconds; never stored, never needed (house.md, "The road back")."""

from redis.exceptions import RedisError

from app.base import redis
from app.live import push
from app.models.viewer import Viewer

SECONDS = 10


def signal(chat_id: int, by: Viewer, what: str) -> None:
    """Note that a person looks at a chat or types in it. `what` is `looks` or `types`."""
    key = f"muloqot:present:{chat_id}:{by.person_id}"
    try:
        before = redis.client().getset(key, what)
        redis.client().expire(key, SECONDS)
    except RedisError:
        return
    if before != what.encode():
        push.presence_changed(chat_id)
