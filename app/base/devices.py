"""A browser's User-Agent in a few words: Chrome 109, Windows 7. For people's eyes; nothing is decided by it."""

import re

# The first that is found: each later one also stands in the headers of those before it.
_BROWSERS = (
    ("Yandex", r"YaBrowser/(\d+)"),
    ("Opera", r"(?:OPR|Opera)/(\d+)"),
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"),
    ("Samsung Internet", r"SamsungBrowser/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+)[\d.]* (?:Mobile/\w+ )?Safari/"),
    ("Internet Explorer", r"(?:MSIE |rv:)(\d+).*(?:Trident|\))"),
)
_SYSTEMS = (
    ("Windows 7", r"Windows NT 6\.1"),
    ("Windows 8", r"Windows NT 6\.[23]"),
    ("Windows 10/11", r"Windows NT 10"),
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("macOS", r"Mac OS X"),
    ("Linux", r"Linux"),
    ("Windows", r"Windows"),
)


def short_device(user_agent: str) -> str:
    """As `Chrome 109, Windows 7`; what is not known is left out, and a program's name stands as it is, cut."""
    found = ((name, re.search(pattern, user_agent)) for name, pattern in _BROWSERS)
    browser = next((f"{name} {match[1]}" for name, match in found if match), "")
    system = next((name for name, pattern in _SYSTEMS if re.search(pattern, user_agent)), "")
    return ", ".join(part for part in (browser, system) if part) or user_agent[:40]
