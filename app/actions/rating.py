"""What the client answers when asked: a mark, perhaps a word to it; what supervisors leave out (clause 9.6)."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import journal, notices
from app.actions.record import record
from app.base import crypt
from app.base.masks import masked, without_codes
from app.base.refusal import Refusal
from app.base.text import clean
from app.live import push
from app.models.chat import Verb
from app.models.db import Transaction, db, retried, transaction
from app.models.journal import declare as declare_kind
from app.models.notice import declare as declare_notice
from app.models.rating import LOW, is_low
from app.models.viewer import AnyViewer
from app.queries import ratings, settings
from app.queries.ratings import Rating
from app.queries.standing import locked

EXCLUDED = declare_kind("rating.excluded", _l("Rating left out of the figures"))
INCLUDED = declare_kind("rating.included", _l("Rating counted again"))
LOW_MARK = declare_notice(
    "rating.low", _l("Chat %(chat)s: the client gave %(mark)s of %(scale)s."), _l("A low mark of a client")
)
LONGEST = 1000


class TooLate(Refusal):
    notice = _l("The time to rate this chat is over. Thank you all the same!")
    status = 410


class RatedAlready(Refusal):
    notice = _l("You have rated this chat already. Thank you!")


class NoSuchMark(Refusal):
    notice = _l("Choose a mark.")
    status = 422


class NotRated(Refusal):
    notice = _l("Choose a mark first, then write a comment.")
    status = 422


class ReasonMissing(Refusal):
    notice = _l("Write why this mark is left out.")
    status = 422


_MARK = text("""
    UPDATE rating SET mark = :mark, rated_at = :now WHERE id = :id AND mark IS NULL AND ends_at >= :now RETURNING 1
""")
_COMMENT = text("""
    UPDATE rating SET comment = :comment, commented_at = :now, comment_until = NULL
     WHERE id = :id AND mark IS NOT NULL AND comment IS NULL RETURNING 1
""")
_EXCLUDE = text("""
    UPDATE rating SET excluded_at = :now, excluded_by = :person_id, excluded_why = :why
     WHERE id = :id AND mark IS NOT NULL AND excluded_at IS NULL RETURNING 1
""")
_INCLUDE = text("""
    UPDATE rating SET excluded_at = NULL, excluded_by = NULL, excluded_why = NULL
     WHERE id = :id AND excluded_at IS NOT NULL RETURNING 1
""")


@retried
def rate(rating: Rating, mark: int, now: datetime) -> None:
    """Keep the client's mark, once. Raises NoSuchMark, RatedAlready, TooLate."""
    if not 1 <= mark <= rating.scale:
        raise NoSuchMark
    with transaction() as tx:
        locked(rating.chat_id)
        if db.session.execute(_MARK, {"id": rating.id, "mark": mark, "now": now}).one_or_none() is None:
            raise _why_not(rating.id)
        record(tx, rating.chat_id, rating.episode_id, Verb.RATED, None, now, mark=mark, scale=rating.scale)
        tx.after(push.message_changed, rating.chat_id, rating.message_id)
        if is_low(mark, rating.scale, int(settings.value(LOW))):
            _alert(tx, rating, mark, now)


@retried
def comment(rating: Rating, said: str, now: datetime) -> None:
    """Keep what the client adds to a mark, once; an empty one is none. Raises NotRated, TooLate."""
    said = without_codes(clean(said, LONGEST).strip())
    if not said:
        return
    if now > rating.ends_at:
        raise TooLate
    with transaction() as tx:
        locked(rating.chat_id)
        sealed = crypt.seal(said, at=("rating.comment", rating.id))
        if db.session.execute(_COMMENT, {"id": rating.id, "comment": sealed, "now": now}).one_or_none() is None:
            found = ratings.one(rating.id)
            if found is None or found.mark is None:
                raise NotRated
            return
        record(tx, rating.chat_id, rating.episode_id, Verb.COMMENTED, None, now)
        tx.after(push.message_changed, rating.chat_id, rating.message_id)


def answer(rating: Rating, mark: int | None, said: str, now: datetime) -> None:
    """A form with both: the mark, and what is written beside it. Raises what `rate` and `comment` raise."""
    with transaction():
        if mark is not None or rating.mark is None:
            rate(rating, mark or 0, now)
        comment(rating, said, now)


def exclude(rating_id: int, why: str, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Leave a mark out of the figures; it stays to be read. Raises ReasonMissing."""
    why = masked(clean(why, 500).strip())
    if not why:
        raise ReasonMissing
    values = {"id": rating_id, "person_id": by.person_id, "now": now}
    sealed = crypt.seal(why, at=("rating.excluded_why", rating_id))
    with transaction():
        if db.session.execute(_EXCLUDE, {**values, "why": sealed}).one_or_none() is not None:
            journal.note(EXCLUDED, by, now, origin, of=("rating", rating_id), why=why)


def include(rating_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Count a mark again that was left out."""
    with transaction():
        if db.session.execute(_INCLUDE, {"id": rating_id}).one_or_none() is not None:
            journal.note(INCLUDED, by, now, origin, of=("rating", rating_id))


def _why_not(rating_id: int) -> Refusal:
    found = ratings.one(rating_id)
    return RatedAlready() if found is not None and found.mark is not None else TooLate()


def _alert(tx: Transaction, rating: Rating, mark: int, now: datetime) -> None:
    people = ratings.supervisors_of(rating.group_id)
    notices.tell(tx, people, LOW_MARK, now, chat_id=rating.chat_id, important=True, mark=mark, scale=rating.scale)
