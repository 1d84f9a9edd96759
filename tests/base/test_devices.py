"""A browser in a few words."""

import pytest

from app.base.devices import short_device

_WINDOWS_7 = (
    "Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36"
)
_EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0"
_YANDEX = _WINDOWS_7.replace("Safari", "YaBrowser/23.1.1 Safari")
_FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0"
_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (_WINDOWS_7, "Chrome 109, Windows 7"),
        (_EDGE, "Edge 120, Windows 10/11"),
        (_YANDEX, "Yandex 23, Windows 7"),
        (_FIREFOX, "Firefox 115, Linux"),
        (_IPHONE, "Safari 17, iPhone"),
        ("curl/8.5", "curl/8.5"),
        ("x" * 300, "x" * 40),
        ("", ""),
    ],
)
def test_browser_and_system_are_named(header: str, words: str) -> None:
    assert short_device(header) == words
