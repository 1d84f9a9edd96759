"""Pictures that settings name."""

from sqlalchemy import select

from app.models.db import db
from app.models.setting import Picture


def content(digest: str) -> bytes | None:
    return db.session.scalar(select(Picture.content).where(Picture.digest == digest))
