"""One's own numbers: what they are compared with (clause 8.6)."""

from flask_babel import lazy_gettext as _l

from app.models import setting

setting.section("numbers", _l("My numbers"))
COMPARE = setting.declare(
    "numbers.compare",
    "bool",
    True,
    _l("Show the group’s median beside one’s own numbers"),
    _l("Only where at least three people have such a number; nobody’s own numbers are shown to others."),
)
FEWEST = 3
