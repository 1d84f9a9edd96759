"""The Bot API methods that the simulator knows. Source: https://core.telegram.org/bots/api."""

import time
from collections.abc import Callable
from typing import Any

from deploy.demo.cloud import Chat, Cloud, Fields

Uploads = dict[str, tuple[str, str, bytes]]  # field → name, type, bytes
MEDIA = {
    "sendphoto": "photo",
    "senddocument": "document",
    "sendvoice": "voice",
    "sendvideo": "video",
    "sendvideonote": "video_note",
    "sendaudio": "audio",
    "sendanimation": "animation",
}
LONGEST_POLL = 50


class Refused(Exception):
    """An answer with "ok": false."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


class Methods:
    """Calls by name, over one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.webhook: Fields = {}
        self._polls = 0

    def call(self, name: str, params: Fields, files: Uploads) -> Any:
        """The result of a method. Raises Refused."""
        method: Callable[[Fields], Any] | None = getattr(self, f"do_{name}", None)
        if method:
            return method(params)
        if name in MEDIA:
            return self._send(params, self._media(MEDIA[name], params.get(MEDIA[name]), files, MEDIA[name]))
        if name == "sendmediagroup":
            return self._album(params, files)
        raise Refused(404, "Not Found: method not found")

    def do_getme(self, params: Fields) -> Fields:
        return {**self.cloud.bot, "can_join_groups": True, "can_read_all_group_messages": False}

    def do_getupdates(self, params: Fields) -> list[Fields]:
        cloud, offset = self.cloud, _int(params.get("offset"))
        if self.webhook:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            )
        with cloud.lock:
            self._polls += 1
            mine = self._polls
            cloud.lock.notify_all()
            if offset > 0:
                cloud.updates = [update for update in cloud.updates if update["update_id"] >= offset]
            wait = min(_int(params.get("timeout")), LONGEST_POLL)
            cloud.wait(lambda: bool(cloud.updates) or self._polls != mine, wait)
            if self._polls != mine:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            return cloud.updates[: min(max(_int(params.get("limit")) or 100, 1), 100)]

    def do_setwebhook(self, params: Fields) -> bool:
        with self.cloud.lock:
            self.webhook = {"url": params["url"], "secret": params.get("secret_token", "")} if params.get("url") else {}
            self.cloud.lock.notify_all()
        return True

    def do_deletewebhook(self, params: Fields) -> bool:
        return self.do_setwebhook({})

    def do_getwebhookinfo(self, params: Fields) -> Fields:
        return {"url": self.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": 0}

    def do_sendmessage(self, params: Fields) -> Fields:
        text = params.get("text", "")
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le", "replace")) > 2 * 4096:
            raise Refused(400, "Bad Request: message is too long")
        return self._send(params, {"text": text, "entities": params.get("entities")})

    def do_sendlocation(self, params: Fields) -> Fields:
        return self._send(params, {"location": {key: params.get(key) for key in ("latitude", "longitude")}})

    def do_sendvenue(self, params: Fields) -> Fields:
        point = {key: params.get(key) for key in ("latitude", "longitude")}
        venue = {"location": point, "title": params.get("title"), "address": params.get("address")}
        return self._send(params, {"location": point, "venue": venue})

    def do_sendchataction(self, params: Fields) -> bool:
        self.cloud.typing(self._chat(params).id)
        return True

    def do_editmessagetext(self, params: Fields) -> Fields:
        return self._edit(params, {"text": params.get("text"), "entities": params.get("entities")})

    def do_editmessagecaption(self, params: Fields) -> Fields:
        return self._edit(
            params, {"caption": params.get("caption"), "caption_entities": params.get("caption_entities")}
        )

    def do_deletemessage(self, params: Fields) -> bool:
        self.cloud.change(self._old(params, "delete"), "deleted")
        return True

    def do_answercallbackquery(self, params: Fields) -> bool:
        return True

    def do_getfile(self, params: Fields) -> Fields:
        file = self.cloud.files.get(params.get("file_id", ""))
        if not file:
            raise Refused(400, "Bad Request: invalid file_id")
        if len(file.data) > 20 << 20:
            raise Refused(400, "Bad Request: file is too big")
        return {"file_id": file.id, "file_unique_id": file.id[-8:], "file_size": len(file.data), "file_path": file.path}

    def _send(self, params: Fields, content: Fields) -> Fields:
        chat = self._chat(params)
        quoted = (params.get("reply_parameters") or {}).get("message_id")
        extra = {
            "caption": params.get("caption"),
            "caption_entities": params.get("caption_entities"),
            "reply_markup": params.get("reply_markup"),
            "reply_to_message": self.cloud.messages.get((chat.id, _int(quoted))) if quoted else None,
        }
        return self.cloud.deliver(chat.id, {key: value for key, value in {**extra, **content}.items() if value})

    def _album(self, params: Fields, files: Uploads) -> list[Fields]:
        media = params.get("media") or []
        if not 2 <= len(media) <= 10:
            raise Refused(400, "Bad Request: wrong number of messages in the album")
        group = str(time.time_ns())
        return [
            self._send(
                {**params, "caption": item.get("caption"), "caption_entities": item.get("caption_entities")},
                {**self._media(item["type"], item["media"], files, ""), "media_group_id": group},
            )
            for item in media
        ]

    def _media(self, kind: str, ref: str | None, files: Uploads, name: str) -> Fields:
        """The file of a message: uploaded with it, or one that the cloud has."""
        upload = files.get((ref or "").removeprefix("attach://") or name)
        file = self.cloud.keep(*upload) if upload else self.cloud.files.get(ref or "")
        if not file:
            raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
        told = {"file_id": file.id, "file_unique_id": file.id[-8:], "file_size": len(file.data)}
        if kind == "photo":
            return {"photo": [{**told, "width": 1280, "height": 960}]}
        return {kind: {**told, "file_name": file.name, "mime_type": file.mime}}

    def _edit(self, params: Fields, new: Fields) -> Fields:
        old = self._old(params, "edit")
        changed = {**old, **new, "reply_markup": params.get("reply_markup")}
        changed = {key: value for key, value in changed.items() if value}
        if {key: value for key, value in old.items() if key != "edit_date"} == {
            key: value for key, value in changed.items() if key != "edit_date"
        }:
            raise Refused(400, "Bad Request: message is not modified: the new content is the same as the current one")
        changed["edit_date"] = int(time.time())
        self.cloud.change(changed, "edited")
        return changed

    def _old(self, params: Fields, verb: str) -> Fields:
        message = self.cloud.messages.get((self._chat(params).id, _int(params.get("message_id"))))
        if not message:
            raise Refused(400, f"Bad Request: message to {verb} not found")
        return message

    def _chat(self, params: Fields) -> Chat:
        chat = self.cloud.chats.get(_int(params.get("chat_id")))
        if not chat:
            raise Refused(400, "Bad Request: chat not found")
        if chat.state.get("migrated_to"):
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.state["migrated_to"],
            )
        if chat.state.get("blocked"):
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat.state.get("deactivated"):
            raise Refused(403, "Forbidden: user is deactivated")
        return chat


def _int(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
