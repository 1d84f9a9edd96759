"""Office: the administrators' wing."""

from flask import Blueprint

office = Blueprint("office", __name__, url_prefix="/office")

from app.pages.office import (  # noqa: E402,F401  (the routes register themselves)
    access,
    channels,
    first_steps,
    hrm,
    inbox,
    journal,
    journal_export,
    journal_policy,
    keys,
    list_form,
    lists,
    news,
    news_form,
    people,
    people_import,
    person,
    person_life,
    reconciliation,
    role,
    roles,
    rule_form,
    rule_trial,
    rules,
    score,
    seats,
    serving,
    sessions,
    settings,
    template_files,
    topics,
    topics_import,
    updates,
    webchat,
)
