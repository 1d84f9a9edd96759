"""Hand-written updates as Telegram sends them."""

from typing import Any

DILSHOD = {
    "id": 4242,
    "is_bot": False,
    "first_name": "Dilshod",
    "last_name": "Aliyev",
    "username": "dilshod_a",
    "language_code": "uz",
}
CHAT = {"id": 4242, "type": "private", "first_name": "Dilshod", "last_name": "Aliyev", "username": "dilshod_a"}
GROUP = {"id": -100200300, "type": "supergroup", "title": "Neighbours"}
SENT = 1_795_300_000


def message(**content: Any) -> dict[str, Any]:
    """An update with one message of Dilshod's."""
    return {"update_id": 1000, "message": {"message_id": 7, "from": DILSHOD, "chat": CHAT, "date": SENT, **content}}


def edited(**content: Any) -> dict[str, Any]:
    update = message(edit_date=SENT + 60, **content)
    return {"update_id": 1001, "edited_message": update["message"]}


def membership(status: str) -> dict[str, Any]:
    bot = {"id": 123456, "is_bot": True, "first_name": "Bank"}
    change = {"chat": CHAT, "from": DILSHOD, "date": SENT, "old_chat_member": {"user": bot, "status": "member"}}
    return {"update_id": 1002, "my_chat_member": {**change, "new_chat_member": {"user": bot, "status": status}}}


def callback(**content: Any) -> dict[str, Any]:
    press = {"id": "555", "from": DILSHOD, "chat_instance": "1", "data": "rate:5"}
    return {
        "update_id": 1003,
        "callback_query": {**press, "message": {"message_id": 9, "chat": CHAT, "date": SENT}, **content},
    }


def file(name: str, **more: Any) -> dict[str, Any]:
    return {"file_id": f"ref-{name}", "file_unique_id": name, "file_size": 2048, **more}


THUMB = {"file_id": "ref-thumb", "file_unique_id": "t", "width": 90, "height": 90}
BY_KIND: dict[str, dict[str, Any]] = {
    "image": {"photo": [file("small", width=90, height=60), file("large", width=1280, height=853)]},
    "document": {"document": file("doc", file_name="шартнома.pdf", mime_type="application/pdf", thumb=THUMB)},
    "voice": {"voice": file("voice", duration=6, mime_type="audio/ogg")},
    "video_note": {"video_note": file("note", duration=4, length=240, thumbnail=THUMB)},
    "video": {"video": file("video", duration=9, width=720, height=1280, mime_type="video/mp4", file_name="a.mp4")},
    "audio": {"audio": file("audio", duration=180, performer="Yalla", title="Uchquduq", mime_type="audio/mpeg")},
    "sticker": {
        "sticker": file("st", type="regular", width=512, height=512, is_animated=False, is_video=False, emoji="👍")
    },
    "animation": {
        "animation": file("gif", duration=2, width=320, height=240, mime_type="video/mp4"),
        "document": file("gif", mime_type="video/mp4"),
    },
    "location": {"location": {"latitude": 41.3111, "longitude": 69.2797}},
    "contact": {"contact": {"phone_number": "+998901234567", "first_name": "Dilshod", "user_id": 4242}},
}
