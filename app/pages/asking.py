"""What browsers may ask with, for all pages at once: numbers and texts that a row of the database can hold."""

from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter

# bigint, the type of every id (PostgreSQL 13, "Numeric Types").
_BIGGEST = 2**63 - 1


class Id(IntegerConverter):
    """`<int:…>` of an address; eighteen digits always fit, what is longer is an address that does not exist."""

    regex = r"[0-9]{1,18}"


class Fields(ImmutableMultiDict[str, Any]):
    """Fields of a form or an address: without NUL, which PostgreSQL keeps in no text; no number that fits no row."""

    def __init__(self, mapping: Any = None) -> None:
        pairs = mapping.items(multi=True) if isinstance(mapping, MultiDict) else mapping or ()
        super().__init__([(_plain(name), _plain(value)) for name, value in pairs])

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]
        found = super().get(key, default, type)
        return default if _too_big(found) else found

    def getlist(self, key: str, type: Any = None) -> list[Any]:
        return [found for found in super().getlist(key, type) if not _too_big(found)]


class Asked(Request):
    """A request of this application."""

    parameter_storage_class = Fields

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Werkzeug raises at bytes that are no letters where it reads an address, but not where it reads a form.
        self.query_string = self.query_string.decode("utf-8", "replace").encode()


def install(app: Flask) -> None:
    """Before any route is made."""
    app.request_class = Asked
    app.url_map.converters["int"] = Id


def _plain(value: Any) -> Any:
    return value.replace("\x00", "") if isinstance(value, str) else value  # the other kind is a file


def _too_big(found: Any) -> bool:
    return isinstance(found, int) and abs(found) > _BIGGEST
