"""Small acts around a message: edit it, take it back, show "typing…", answer a press. Harmless twice."""

from collections.abc import Mapping
from typing import Any

from app.base.text import utf16_len
from app.channels.contract import Account, Never, Outgoing, Reason, Result, Sent
from app.channels.telegram import text
from app.channels.telegram.api import call
from app.channels.telegram.limits import LIMITS
from app.channels.telegram.params import address, keyboard, whole
from app.channels.telegram.results import CALL_ERRORS, outcome


def edit(account: Account, external_id: str, part: Outgoing) -> Result:
    """Replace the text of a sent message, or the caption of a sent file."""
    limit, caption = (LIMITS.text, "") if part.kind == "text" else (LIMITS.caption, "caption_")
    if utf16_len(part.text) > limit:
        return Never(Reason.TOO_LONG, f"more than {limit} units")
    method, name = ("editMessageCaption", "caption") if caption else ("editMessageText", "text")
    params = {
        **address(part.lane),
        "message_id": whole(external_id),
        name: part.text,
        f"{caption}entities": text.entities(part.text, part.markup) or None,
        "reply_markup": keyboard(part),
    }
    return _simple(account, method, params, external_id)


def delete(account: Account, lane: str, external_id: str) -> Result:
    """Take a sent message back."""
    return _simple(account, "deleteMessage", {**address(lane), "message_id": whole(external_id)}, external_id)


def answer_callback(account: Account, callback_id: str, notice: str = "") -> Result:
    """Stop the button's spinner; Telegram forgets a press after a short while, which is no failure."""
    return _simple(account, "answerCallbackQuery", {"callback_query_id": callback_id, "text": notice[:200] or None})


def typing(account: Account, lane: str) -> Result:
    """Show "typing…"; it fades by itself after 5 s."""
    return _simple(account, "sendChatAction", {**address(lane), "action": "typing"})


def _simple(account: Account, method: str, params: Mapping[str, Any], external_id: str = "") -> Result:
    """A call that may be repeated without harm."""
    done = Sent((external_id,) if external_id else ())
    try:
        call(account, method, params)
    except CALL_ERRORS as error:
        result = outcome(error, repeatable=True)
        return done if isinstance(result, Sent) else result
    return done
