"""Pictures of settings: drawn anew, kept under their digest, gone when no setting names them."""

import hashlib
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from app.base import pictures
from app.models.db import db
from app.models.setting import Picture, Unacceptable

MOST_BYTES = 200 * 1024
_WIDTH, _HEIGHT = 480, 160


def drawn(content: bytes) -> bytes:
    """The picture as it would be kept. Raises Unacceptable."""
    if len(content) > MOST_BYTES:
        raise Unacceptable(_("The picture is larger than 200 KB. Make it smaller first."))
    try:
        return pictures.redrawn(content, _WIDTH, _HEIGHT)
    except pictures.NoPicture:
        raise Unacceptable(_("This file is not a picture we can show: choose PNG, JPEG or WebP.")) from None


def keep(content: bytes, now: datetime) -> str:
    """Inside the caller's transaction; the digest by which the setting names it."""
    digest = hashlib.sha256(content).hexdigest()[:32]
    row = {"digest": digest, "content": content, "at": now}
    db.session.execute(insert(Picture).values(row).on_conflict_do_nothing())
    return digest


def drop(digest: str) -> None:
    """Inside the caller's transaction."""
    db.session.execute(delete(Picture).where(Picture.digest == digest))
