"""What every import of a table shares: its rows by known columns, and their way through the preview and back."""

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.base import crypt, tables
from app.base.refusal import Refusal
from app.models.viewer import Viewer


class NoTable(Refusal):
    notice = _l("This file cannot be read as a table. Save it as CSV or XLSX with up to %(most)s rows.")
    status = 422


class Stale(Refusal):
    notice = _l("The preview is out of date. Choose the file again.")


def rows(
    content: bytes, most: int, called: Mapping[str, str], needed: set[str], without: type[Refusal]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines under the first one, by number, their cells by column; `called`: what a column may be called.

    Raises NoTable, or `without` where a needed column is missing.
    """
    try:
        found = tables.read(content, most + 1)
    except tables.Unreadable as error:
        raise NoTable(most=most) from error
    columns = [called.get(cell.casefold().strip(" .*")) for cell in found[0]] if found else []
    if not needed <= set(columns):
        raise without
    return (
        (number, {name: cell for name, cell in zip(columns, cells, strict=False) if name})
        for number, cells in enumerate(found[1:], 2)
    )


def sealed(judged: Any, what: str, viewer: Viewer) -> str:
    """For the page of who looks at it: what is imported is what was shown."""
    packed = zlib.compress(json.dumps(judged, ensure_ascii=False, default=sorted).encode(), 9)
    return base64.b64encode(crypt.seal(packed, (what, viewer.person_id))).decode()


def opened(given: str, what: str, by: Viewer, stale: type[Refusal] = Stale) -> Any:
    """What `sealed` gave this person for this import. Raises `stale`."""
    try:
        packed = crypt.open_bytes(base64.b64decode(given, validate=True), (what, by.person_id))
    except (crypt.SealBroken, crypt.KeyUnknown, ValueError) as error:
        raise stale from error
    return json.loads(zlib.decompress(packed))
