"""Ratings: what the client thinks of an episode, asked once for each closing (clauses 9.6, 1.7)."""

from flask_babel import lazy_gettext as _l

from app.base.numbers import whole
from app.models import setting

setting.section("rating", _l("Ratings"))
ASK = setting.declare(
    "rating.ask",
    "bool",
    True,
    _l("Ask clients for a rating"),
    _l("As soon as a chat is closed in which an operator spoke; never after spam or when the client blocked us."),
)
SCALE = setting.declare(
    "rating.scale",
    "choice",
    "5",
    _l("Scale"),
    _l("Marks given on another scale keep their own."),
    choices=(("5", _l("1 to 5")), ("10", _l("1 to 10"))),
)
HOURS = setting.declare(
    "rating.hours",
    "int",
    72,
    _l("A rating is accepted for"),
    _l("Counted from the closing. Later the buttons and the link answer that it is over."),
    low=1,
    high=720,
    unit=_l("h"),
)
MOST_A_DAY = setting.declare(
    "rating.most_a_day",
    "int",
    0,
    _l("At most so many questions to one client a day"),
    _l("0: after every closing."),
    low=0,
    high=50,
)
LOW = setting.declare(
    "rating.low",
    "int",
    2,
    _l("A low mark: this one or lower"),
    _l("Of five; on the scale of ten it counts twice. Supervisors are told at once."),
    low=0,
    high=4,
)
COMMENT_MINUTES = 15


def is_low(mark: int, scale: int, low: int) -> bool:
    """Whether supervisors want to know. `low` is of five."""
    return mark * 5 <= low * scale


def callback(rating_id: int, what: str) -> str:
    """What a button sends back, at most 64 bytes: a mark, `comment` or `resume`."""
    return f"rate:{rating_id}:{what}"


def read_callback(data: str) -> tuple[int, str] | None:
    """The rating's id and what was pressed; None for what is no button of ours."""
    name, _, rest = data.partition(":")
    number, _, what = rest.partition(":")
    rating_id = whole(number)
    return None if name != "rate" or rating_id is None else (rating_id, what)
