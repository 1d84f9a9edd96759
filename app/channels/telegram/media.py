"""What a message carries besides text, as attachments."""

from collections.abc import Callable

from app.channels.contract import Attachment, AttachmentKind
from app.channels.telegram.fields import Fields, amount, degrees, items, number, part, string

NAME = 255


def attachments(body: Fields) -> tuple[Attachment, ...]:
    """The attachments of a message; usually one, an album's come as messages of their own."""
    for key, read in _READERS.items():
        if key in body:
            found = read(body)
            return (found,) if found else ()
    return ()


def sticker_emoji(body: Fields) -> str:
    """What a sticker means in one character, for lists and searches."""
    return string(part(body, "sticker"), "emoji", 16)


def _file(body: Fields, key: str, kind: AttachmentKind, mime: str = "") -> Attachment | None:
    told = part(body, key)
    ref = string(told, "file_id", 512)
    if not ref:
        return None
    side = amount(told, "length") if kind == "video_note" else None
    return Attachment(
        kind,
        file_ref=ref,
        thumb_ref=_thumb(told),
        name=string(told, "file_name", NAME),
        mime=string(told, "mime_type", 127) or mime,
        size=amount(told, "file_size"),
        width=amount(told, "width", 31) if side is None else side,
        height=amount(told, "height", 31) if side is None else side,
        seconds=amount(told, "duration", 31),
    )


def _thumb(told: Fields) -> str:
    """Bot API before 6.6 said thumb."""
    return string(part(told, "thumbnail") or part(told, "thumb"), "file_id", 512)


def _photo(body: Fields) -> Attachment | None:
    """The largest of the sizes; they come ascending, the smallest serves as the preview."""
    sizes = [size for size in items(body, "photo") if string(size, "file_id", 512)]
    if not sizes:
        return None
    largest = sizes[-1]
    return Attachment(
        "image",
        file_ref=string(largest, "file_id", 512),
        thumb_ref=string(sizes[0], "file_id", 512) if len(sizes) > 1 else "",
        mime="image/jpeg",
        size=amount(largest, "file_size"),
        width=amount(largest, "width", 31),
        height=amount(largest, "height", 31),
    )


def _sticker(body: Fields) -> Attachment | None:
    told = part(body, "sticker")
    animated, video = told.get("is_animated") is True, told.get("is_video") is True
    return _file(body, "sticker", "sticker", _STICKER_MIME[animated, video])


# https://core.telegram.org/stickers: still, Lottie (gzipped), VP9
_STICKER_MIME = {
    (False, False): "image/webp",
    (True, False): "application/x-tgsticker",
    (False, True): "video/webm",
    (True, True): "video/webm",
}


def _place(body: Fields) -> Attachment | None:
    venue = part(body, "venue")
    point = part(venue, "location") or part(body, "location")
    latitude, longitude = degrees(point, "latitude", 90), degrees(point, "longitude", 180)
    if latitude is None or longitude is None:
        return None
    place = ", ".join(word for word in (string(venue, "title", NAME), string(venue, "address", NAME)) if word)
    return Attachment("location", latitude=latitude, longitude=longitude, place=place)


def _contact(body: Fields) -> Attachment | None:
    """A phone number. Anybody's contact can be shared: it is the sender's own only when the ids are the same."""
    told = part(body, "contact")
    phone = string(told, "phone_number", 32)
    if not phone:
        return None
    name = f"{string(told, 'first_name', NAME)} {string(told, 'last_name', NAME)}".strip()
    owner, sender = number(told, "user_id"), number(part(body, "from"), "id")
    return Attachment("contact", phone=phone, contact_name=name, own_contact=owner is not None and owner == sender)


# Order matters: an animation arrives with a document, a venue with a location.
_READERS: dict[str, Callable[[Fields], Attachment | None]] = {
    "animation": lambda body: _file(body, "animation", "animation", "video/mp4"),
    "photo": _photo,
    "document": lambda body: _file(body, "document", "document"),
    "voice": lambda body: _file(body, "voice", "voice", "audio/ogg"),
    "video_note": lambda body: _file(body, "video_note", "video_note", "video/mp4"),
    "video": lambda body: _file(body, "video", "video", "video/mp4"),
    "audio": lambda body: _file(body, "audio", "audio", "audio/mpeg"),
    "sticker": _sticker,
    "venue": _place,
    "location": _place,
    "contact": _contact,
}
