"""Speak a client's language wherever the words are put together: in a page, a socket or a worker."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, has_request_context
from flask_babel import force_locale


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Inside the block gettext speaks this language."""
    # Outside a request Flask-Babel keeps the language on the application itself, which a worker's threads share.
    if not has_request_context():
        with current_app.test_request_context(), force_locale(locale):
            yield
    else:
        with force_locale(locale):
            yield
