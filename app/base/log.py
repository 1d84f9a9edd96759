"""Log lines: JSON for machines or plain for eyes, with the request's id and without personal data."""

import json as _json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

# An id of ours (a UUID) is left alone; tokens of bots, phones, cards and provider ids of people are not.
_PRIVATE = re.compile(
    r"(?P<ours>\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b)"
    r"|(?P<token>\d+:[A-Za-z0-9_-]{20,})"
    r"|(?<![A-Za-z0-9.])\+\d[\d ()-]{7,}\d"
    r"|(?<!\d)\d{4}(?:[ -]\d{4}){2}[ -]\d{1,7}(?!\d)"
    r"|(?<![A-Za-z0-9.])\d{9,}(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_PLAIN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def configure(level: str | int, json: bool) -> None:
    """Send everything from `level` up to the standard output; safe to call again."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines() if json else PlainLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # They log whole addresses at INFO, and a bot's address holds its token.
    for chatty in ("httpx", "httpcore", "alembic.runtime.plugins"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def without_private(text: str) -> str:
    """The text with bot tokens and long runs of digits hidden."""
    return _PRIVATE.sub(_hidden, text)


def _hidden(match: re.Match[str]) -> str:
    if match["ours"]:
        return match[0]
    return "<token>" if match["token"] else "<digits>"


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, request_id, and what `extra=` brought."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_private(record.getMessage()),
            "request_id": request_id.get(),
        }
        line |= {name: _plain(value) for name, value in vars(record).items() if name not in _PLAIN_FIELDS}
        if record.exc_info:
            line["error"] = without_private(self.formatException(record.exc_info))
        return _json.dumps(line, ensure_ascii=False)


class PlainLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        about = f" [{request_id.get()}]" if request_id.get() else ""
        line = f"{_time(record)} {record.levelname:<7} {record.name}{about}: {without_private(record.getMessage())}"
        if record.exc_info:
            line += "\n" + without_private(self.formatException(record.exc_info))
        return line


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _plain(value: object) -> object:
    text = without_private(str(value))
    return value if isinstance(value, int | float | None) and text == str(value) else text
