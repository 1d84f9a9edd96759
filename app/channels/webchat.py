"""The chat on the bank's own site and in its app: a hosted channel. Our own page is its wire, so nothing is sent."""

from typing import Any

from app.channels.contract import Attachment, AttachmentKind, Incoming, Limits, Outgoing, Sender

_LONGEST = 20_000
_LARGEST = 20 << 20
_KINDS: dict[str, AttachmentKind] = {"image": "image", "video": "video", "audio": "audio", "voice": "voice"}


class WebChat:
    """The `Door` of kind "webchat". Its updates are written by our own page's door, not by the outside."""

    kind = "webchat"
    label = "Web chat"
    limits = Limits(
        text=_LONGEST,
        caption=_LONGEST,
        unit="chars",
        upload=_LARGEST,
        image=_LARGEST,
        download=_LARGEST,
        album=10,
        kinds=frozenset(("text", "image", "document", "voice", "video", "audio", "album")),
        edits=True,
        deletes=True,
    )

    def parse(self, raw: dict[str, Any]) -> Incoming:
        """`{"lane", "id", "name", "subject", "language", "chosen", "text", "files": […]}`, see app/actions/widget.py.

        `id` is the client's own, so a word posted twice is one word.
        """
        lane, number = str(raw.get("lane", "")), str(raw.get("id", ""))
        if not lane or not number:
            return Incoming("ignored", "", number, why="nobody's")
        if "start" in raw:
            return Incoming("started", lane, number, sender=Sender(lane), payload=str(raw["start"]))
        about = lane, raw.get("name", ""), raw.get("subject", ""), raw.get("language", "")
        sender = Sender(*about, chose_language=raw.get("chosen", False))
        files = tuple(_attachment(one) for one in raw.get("files", ()))
        return Incoming("message", lane, number, sender=sender, text=raw.get("text", ""), attachments=files)

    def split(self, part: Outgoing) -> tuple[Outgoing, ...]:
        """A word is shown as it was written."""
        return (part,)


def _attachment(file: dict[str, Any]) -> Attachment:
    """A file that already lies here: its reference is where it is stored."""
    kind = _KINDS.get(file["family"], "document")
    return Attachment(kind, file["stored"], name=file["name"], mime=file["mime"], size=file["size"])


door = WebChat()
