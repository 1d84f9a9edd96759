"""The Telegram door: bots over the Bot API, by long polling (default) or a webhook."""

from app.channels.telegram import amend
from app.channels.telegram import poll as polling
from app.channels.telegram import send as sending
from app.channels.telegram.api import whose
from app.channels.telegram.limits import LIMITS, RATES
from app.channels.telegram.parse import parse
from app.channels.telegram.split import split


class Telegram:
    """The `Channel` of kind "telegram"."""

    kind = "telegram"
    label = "Telegram"
    limits = LIMITS
    rates = RATES

    whose = staticmethod(whose)
    parse = staticmethod(parse)
    unpack = staticmethod(polling.unpack)
    verify_hook = staticmethod(polling.verify_hook)
    poll = staticmethod(polling.poll)
    fetch_file = staticmethod(polling.fetch_file)
    set_webhook = staticmethod(polling.set_webhook)
    check = staticmethod(polling.check)
    split = staticmethod(split)
    send = staticmethod(sending.send)
    edit = staticmethod(amend.edit)
    delete = staticmethod(amend.delete)
    answer_callback = staticmethod(amend.answer_callback)
    typing = staticmethod(amend.typing)


door = Telegram()
