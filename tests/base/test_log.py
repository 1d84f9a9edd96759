import json
import logging
from collections.abc import Iterator

import pytest

from app.base import log

TOKEN = "123456789:AAF0_abcdefghijklmnopqrstuvwxyz-12345"


@pytest.fixture(autouse=True)
def _root() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before


def _line(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_a_line_is_json_with_the_requests_id(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("INFO", json=True)
    token = log.request_id.set("r-1")
    logging.getLogger("app.desk").warning("chat %s\nfinished", 42, extra={"chat": 42})
    log.request_id.reset(token)
    line = _line(capsys)
    assert line.pop("time", "").endswith("+00:00")  # type: ignore[attr-defined]
    assert line == {
        "level": "warning",
        "logger": "app.desk",
        "message": "chat 42\nfinished",
        "request_id": "r-1",
        "chat": 42,
    }


@pytest.mark.parametrize(
    "private",
    [TOKEN, f"https://api.telegram.org/bot{TOKEN}/getMe", "+998 90 123-45-67", "998901234567", "8600 1234 1234 4471",
     "8600123412344471", "-1001234567890", "31205901234567"],
)  # fmt: skip
@pytest.mark.parametrize("as_json", [True, False])
def test_nothing_personal_is_written(capsys: pytest.CaptureFixture[str], private: str, as_json: bool) -> None:
    log.configure("INFO", json=as_json)
    digits = "".join(filter(str.isdigit, private))
    try:
        raise ValueError(f"cannot send {private}")
    except ValueError:
        logging.getLogger("x").exception("sending to %s failed", private, extra={"to": private, "number": int(digits)})
    written = capsys.readouterr().out
    assert private not in written
    assert digits[-9:] not in written
    assert "AAF0" not in written


@pytest.mark.parametrize(
    "ours",
    [
        "0192f5a0-1234-7678-9012-123456789012",
        "chat 104233",
        "took 0.123456789 s",
        "127.0.0.1:5432",
        "2026-11-22T10:20:56.123Z",
    ],
)
def test_what_helps_to_find_a_fault_stays(capsys: pytest.CaptureFixture[str], ours: str) -> None:
    log.configure("INFO", json=True)
    logging.getLogger("x").info("about %s", ours)
    assert _line(capsys)["message"] == f"about {ours}"


def test_configuring_twice_writes_each_line_once(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("INFO", json=False)
    log.configure("INFO", json=False)
    logging.getLogger("x").info("once")
    assert capsys.readouterr().out.count("once") == 1


def test_http_libraries_do_not_log_addresses(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("DEBUG", json=True)
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/")
    assert capsys.readouterr().out == ""
