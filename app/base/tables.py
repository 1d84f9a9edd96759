"""Tables in and out: CSV and XLSX, read without believing them, written so that no cell becomes a formula.

openpyxl is loaded when a sheet is: seven megabytes in each of five processes, most of which never see one.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

# A sheet of five thousand people has half a megabyte; what unpacks to more is not one.
_UNPACKED = 50 * 2**20
_LONGEST_CELL = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


class Unreadable(ValueError):
    """Neither a CSV nor an XLSX table, or larger than it may be."""


def read(content: bytes, most: int) -> list[list[str]]:
    """Rows of cells as text, empty rows left out. A formula stays as it is written. Raises Unreadable."""
    rows = []
    for row in _xlsx(content) if content[:4] == b"PK\x03\x04" else _csv(content):
        cells = [cell.strip()[:_LONGEST_CELL] for cell in row]
        if any(cells):
            rows.append(cells)
        if len(rows) > most:
            raise Unreadable(f"more than {most} rows")
    return rows


def csv_file(rows: Iterable[Sequence[Any]]) -> bytes:
    """With semicolons and a byte-order mark, as Excel of our regions opens it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_file(rows: Iterable[Sequence[Any]], title: str) -> bytes:
    from openpyxl import Workbook  # type: ignore[import-untyped]

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def harmless(cell: Any) -> Any:
    """A text that a spreadsheet would run gets an apostrophe in front (OWASP, CSV injection)."""
    if not isinstance(cell, str):
        return cell
    text = "".join(char for char in cell if char in "\t\n" or ord(char) >= 32)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251", errors="replace")
    if "\0" in text:
        raise Unreadable("not a table")
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter)
    except csv.Error as error:
        raise Unreadable(str(error)) from None


def _xlsx(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _UNPACKED:
                raise Unreadable("too large when unpacked")
        # Not data_only: then a formula would give the value somebody else's program has computed.
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_plain(cell) for cell in row]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError, SyntaxError) as error:
        raise Unreadable(str(error)) from None


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    # 998901234567 typed as a number comes as 998901234567.0
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
