"""Where the files lie."""

from flask import current_app

from app.base.storage import Storage


def storage() -> Storage:
    return Storage(current_app.config["SETTINGS"].data / "files")
