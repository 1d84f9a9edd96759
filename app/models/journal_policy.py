"""The audit policy. Its values lie beside the settings, but who sets up the system cannot change them."""

from flask_babel import lazy_gettext as _l

from app.models.setting import Setting

VIEW_MINUTES = Setting(
    "journal.view_minutes",
    "int",
    10,
    _l("One look lasts"),
    _l("Looking at the same record again within this time is not written down again; 0 = every look is."),
    "journal",
    low=0,
    high=60,
    unit=_l("min"),
)
SHOWN_DAYS = Setting(
    "journal.shown_days",
    "int",
    30,
    _l("Days shown at first"),
    _l("How far back the journal looks when no period is chosen."),
    "journal",
    low=1,
    high=366,
    unit=_l("days"),
)
POLICY = (VIEW_MINUTES, SHOWN_DAYS)
