"""What Telegram accepts. Source: https://core.telegram.org/bots/api#sendmessage, #sending-files, bots/faq (rates)."""

from app.channels.contract import Limits, Rates

MB = 1 << 20

LIMITS = Limits(
    text=4096,
    caption=1024,
    unit="utf16",
    upload=50 * MB,
    image=10 * MB,
    download=20 * MB,
    album=10,
    kinds=frozenset(
        ("text", "image", "document", "voice", "video", "video_note", "audio", "animation", "album", "location")
    ),
    edits=True,
    deletes=True,
    buttons=True,
)
RATES = Rates(per_chat=1.0, per_account=30.0, per_group=20.0)
