"""The rights of the desk."""

from flask_babel import lazy_gettext as _l

from app.models.permission import declare

WORK = declare("desk.work", _l("Work at the desk"), _l("Open the desk and its chats"))
