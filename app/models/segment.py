"""Segments: which kind of client this is to the bank (clause 1.4)."""

from flask_babel import lazy_gettext as _l

from app.models.listing import Listed, declare


class Segment(Listed):
    __tablename__ = "segment"


SEGMENTS = declare(
    "segments",
    40,
    Segment,
    _l("Segments"),
    _l("Kinds of clients, the most important first."),
    add=_l("Add a segment"),
)
