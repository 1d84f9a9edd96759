"""What each person chooses for oneself beside language and look."""

from sqlalchemy import update

from app.models.db import db, transaction
from app.models.person import Person
from app.models.viewer import Viewer


def choose_sounds(viewer: Viewer, on: bool) -> None:
    """Whether a new chat and a new message are heard. It holds with the next page."""
    with transaction():
        db.session.execute(update(Person).where(Person.id == viewer.person_id).values(sounds=on))


def choose_sending(viewer: Viewer, *, by_ctrl: bool) -> None:
    """Which key sends what is written: Ctrl+Enter, or Enter alone."""
    with transaction():
        db.session.execute(update(Person).where(Person.id == viewer.person_id).values(ctrl_sends=by_ctrl))


def choose_undo(viewer: Viewer, on: bool) -> None:
    """Whether what one sends waits a few seconds, to be taken back."""
    with transaction():
        db.session.execute(update(Person).where(Person.id == viewer.person_id).values(undo=on))
