"""Keyboards as they lie on a bank's desks: real key events, with the key's place and what its layout says there."""

from dataclasses import dataclass

from playwright.sync_api import Page

_PLACES = [
    *(f"Key{letter}" for letter in "QWERTYUIOP"), "BracketLeft", "BracketRight",
    *(f"Key{letter}" for letter in "ASDFGHJKL"), "Semicolon", "Quote",
    *(f"Key{letter}" for letter in "ZXCVBNM"), "Comma", "Period", "Slash", "Backslash", "Space",
    *(f"Digit{digit}" for digit in "1234567890"),
]  # fmt: skip
# What each place says alone and with Shift: US (Uzbek Latin is written with it), Russian, Uzbek Cyrillic.
_LAYOUTS = {
    "latin": ("qwertyuiop[]asdfghjkl;'zxcvbnm,./\\ 1234567890", 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?| !@#$%^&*()'),
    "russian": ("йцукенгшщзхъфывапролджэячсмитьбю.\\ 1234567890", 'ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,/ !"№;%:?*()'),
    "uzbek": ("йцукенгшўзхъфқвапролджэячсмитьбю.\\ 1234567890", 'ЙЦУКЕНГШЎЗХЪФҚВАПРОЛДЖЭЯЧСМИТЬБЮ,/ !"№;%:?*()'),
}
_NAMED = {"Enter": ("\r", 13), "Escape": ("", 27), "Tab": ("", 9), "ArrowDown": ("", 40), "ArrowUp": ("", 38)}
_ALT, _SHIFT = 1, 8


@dataclass(frozen=True)
class Stroke:
    code: str
    key: str
    shift: bool = False


class Keyboard:
    """One in front of a page. `layout`: latin, russian or uzbek."""

    def __init__(self, page: Page, layout: str) -> None:
        self._session = page.context.new_cdp_session(page)
        plain, shifted = _LAYOUTS[layout]
        self._plain = dict(zip(_PLACES, plain, strict=True))
        self._strokes = {said: Stroke(code, said, True) for code, said in zip(_PLACES, shifted, strict=True)}
        self._strokes |= {said: Stroke(code, said) for code, said in self._plain.items()}

    def type(self, text: str) -> None:
        """Text that this layout can say."""
        for said in text:
            self._strike(self._strokes[said])

    def type_as_if(self, layout: str, text: str) -> None:
        """The keys that would say it on another layout: somebody forgot to switch."""
        other = dict(zip(_LAYOUTS[layout][0], _PLACES, strict=True))
        for said in text:
            self.press(other[said])

    def press(self, code: str, *, alt: bool = False) -> None:
        """A key by its place, or one that has a name."""
        self._strike(Stroke(code, self._plain.get(code, code)), _ALT if alt else 0)

    def _strike(self, stroke: Stroke, modifiers: int = 0) -> None:
        text, number = _NAMED.get(stroke.code, (stroke.key, 0))
        about = {"code": stroke.code, "key": stroke.key, "modifiers": modifiers | _SHIFT * stroke.shift}
        if number:
            about |= {"windowsVirtualKeyCode": number}
        down = {"type": "keyDown", "text": text} if text and not modifiers else {"type": "rawKeyDown"}
        self._session.send("Input.dispatchKeyEvent", {**about, **down})
        self._session.send("Input.dispatchKeyEvent", {**about, "type": "keyUp"})
