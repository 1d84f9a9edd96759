"""`Outgoing` → one Bot API call and its result. Markup goes as entities, never parse_mode: nothing to escape."""

from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from app.channels.contract import Account, Never, Outgoing, OutgoingKind, Reason, Result, Sent
from app.channels.telegram import text
from app.channels.telegram.api import ApiError, Upload, call
from app.channels.telegram.limits import LIMITS
from app.channels.telegram.params import address, keyboard, whole
from app.channels.telegram.parse import moment
from app.channels.telegram.results import CALL_ERRORS, outcome
from app.channels.telegram.split import file_kind, split

UPLOAD_WAIT = 120.0
PLAIN = "application/octet-stream"
METHODS: dict[OutgoingKind, tuple[str, str]] = {
    "image": ("sendPhoto", "photo"),
    "document": ("sendDocument", "document"),
    "voice": ("sendVoice", "voice"),
    "video": ("sendVideo", "video"),
    "video_note": ("sendVideoNote", "video_note"),
    "audio": ("sendAudio", "audio"),
    "animation": ("sendAnimation", "animation"),
}
MEDIA: dict[OutgoingKind, str] = {"image": "photo", "video": "video", "audio": "audio"}


def send(account: Account, part: Outgoing) -> Result:
    """Send one part (see `split`) in one call; at most one more when Telegram cannot read its markup or picture."""
    refusal = _refusal(part)
    if refusal:
        return refusal
    try:
        return _sent(_try(account, part))
    except CALL_ERRORS as error:
        plainer = _plainer(part, error) if isinstance(error, ApiError) else None
        return send(account, plainer) if plainer else outcome(error, repeatable=False)
    except OSError as error:
        return Never(Reason.FILE_GONE, f"our file cannot be read: {type(error).__name__}")


def _refusal(part: Outgoing) -> Never | None:
    """What Telegram would refuse anyway, told without a call."""
    if part.kind not in LIMITS.kinds or (part.kind == "location" and not part.place):
        return Never(Reason.UNSUPPORTED, f"cannot send {part.kind}")
    if part.kind == "text":
        if not part.text.strip():
            return Never(Reason.EMPTY, "an empty text")
    elif part.kind != "location" and not part.files:
        return Never(Reason.EMPTY, "no file")
    if any(file.size > LIMITS.upload for file in part.files):
        return Never(Reason.TOO_BIG, f"more than {LIMITS.upload} bytes")
    # Two calls would have two outcomes; the outbox holds one for each.
    return Never(Reason.TOO_LONG, "several messages in one part") if len(split(part)) > 1 else None


def _try(account: Account, part: Outgoing) -> Any:
    if part.kind == "text":
        words = {"text": part.text, "entities": text.entities(part.text, part.markup) or None}
        return call(account, "sendMessage", {**_common(part), **words})
    if part.place:
        return call(account, *_place(part))
    with ExitStack() as opened:
        if part.kind == "album":
            method, params, files = _album(part, opened)
        else:
            method, params, files = _single(part, opened)
        return call(account, method, params, files, wait=UPLOAD_WAIT)


def _single(part: Outgoing, opened: ExitStack) -> tuple[str, dict[str, Any], dict[str, Upload]]:
    file, kind = part.files[0], part.kind
    if kind == "image":  # a photo stands still
        kind = "document" if file.size > LIMITS.image else "animation" if file.mime == "image/gif" else "image"
    method, name = METHODS[kind]
    caption = {"caption": part.text or None, "caption_entities": text.entities(part.text, part.markup) or None}
    return method, {**_common(part), **caption}, {name: (file.name, opened.enter_context(file.open()), file.mime)}


def _album(part: Outgoing, opened: ExitStack) -> tuple[str, dict[str, Any], dict[str, Upload]]:
    """The caption of the first file is shown as the album's."""
    media: list[dict[str, Any]] = []
    files: dict[str, Upload] = {}
    for place, file in enumerate(part.files):
        media.append({"type": MEDIA.get(file_kind(file), "document"), "media": f"attach://file{place}"})
        files[f"file{place}"] = (file.name, opened.enter_context(file.open()), file.mime)
    if part.text:
        media[0] |= {"caption": part.text, "caption_entities": text.entities(part.text, part.markup)}
    return "sendMediaGroup", {**_common(part), "media": media}, files


def _place(part: Outgoing) -> tuple[str, dict[str, Any]]:
    place = part.place
    assert place is not None  # noqa: S101 - the caller looked
    point = {**_common(part), "latitude": place.latitude, "longitude": place.longitude}
    if not place.title:
        return "sendLocation", point
    return "sendVenue", {**point, "title": place.title, "address": place.address or place.title}


def _common(part: Outgoing) -> dict[str, Any]:
    """Where to, in answer to what, with which buttons. A quoted message that is gone does not stop the answer."""
    quoted = {"message_id": whole(part.reply_to), "allow_sending_without_reply": True} if part.reply_to else None
    return {**address(part.lane), "reply_parameters": quoted, "reply_markup": keyboard(part)}


def _sent(result: Any) -> Sent:
    messages = [item for item in (result if isinstance(result, list) else [result]) if isinstance(item, dict)]
    at = moment(messages[0].get("date")) if messages else None
    return Sent(tuple(str(item.get("message_id", "")) for item in messages), at)


def _plainer(part: Outgoing, error: ApiError) -> Outgoing | None:
    """The same without what Telegram could not read: markup, or a picture that is none in its eyes."""
    said = error.description.upper()
    if part.markup and ("PARSE ENTITIES" in said or "ENTIT" in said):
        return replace(part, markup=())
    if any(word in said for word in ("PHOTO_INVALID", "IMAGE_PROCESS_FAILED", "WRONG TYPE")):
        return _as_documents(part)
    return None


def _as_documents(part: Outgoing) -> Outgoing | None:
    """An album is of one family: with one picture all of it becomes documents. None when nothing can change."""
    if part.kind == "image":
        return replace(part, kind="document")
    if part.kind == "album" and any(file_kind(file) == "image" for file in part.files):
        return replace(part, files=tuple(replace(file, mime=PLAIN) for file in part.files))
    return None
