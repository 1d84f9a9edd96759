"""The rights of the desk's memory: showing what is masked, and seeing how the keys stand."""

from flask_babel import lazy_gettext as _l

from app.models.permission import declare

UNMASK = declare(
    "messages.unmask",
    _l("Show what is masked"),
    _l("See the numbers of cards and documents in messages whole; each time is journalled"),
)
SEE_KEYS = declare("keys.see", _l("See the keys"), _l("See which keys seal and how far a rotation has come"))
