"""Parameters that several methods share."""

import re
from typing import Any

from app.channels.contract import Button, Outgoing


def address(lane: str) -> dict[str, Any]:
    """Where to."""
    return {"chat_id": whole(lane)}


def keyboard(part: Outgoing) -> dict[str, Any] | None:
    """The buttons under the message; None for none."""
    rows = [[_button(button) for button in row] for row in part.buttons if row]
    return {"inline_keyboard": rows} if rows else None


def _button(button: Button) -> dict[str, str]:
    act = {"url": button.url} if button.url else {"callback_data": button.data}
    return {"text": button.label, **act}


def whole(external_id: str) -> int | str:
    """Ids travel as numbers; what is none goes as it is and the server says why not."""
    return int(external_id) if re.fullmatch(r"-?[0-9]{1,19}", external_id) else external_id
