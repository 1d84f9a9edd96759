"""The table that was chosen on a page of imports."""

from flask import request
from flask_babel import lazy_gettext as _l

from app.base.refusal import Refusal

_MOST_BYTES = 5 * 2**20


class TooLarge(Refusal):
    notice = _l("This file is larger than 5 MB. Such a table never is.")
    status = 413


def table() -> bytes:
    """What was sent as `table`, empty when nothing was. Raises TooLarge."""
    sent = request.files.get("table")
    content = sent.read(_MOST_BYTES + 1) if sent else b""
    if len(content) > _MOST_BYTES:
        raise TooLarge
    return content
