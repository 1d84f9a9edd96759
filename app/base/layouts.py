"""What the same keys say on another keyboard: somebody who forgot to switch types "rfhnf" and means "карта"."""

# The keys of letters, row by row: US, Russian ЙЦУКЕН, Uzbek Cyrillic as Windows and X11 have them.
_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`-="
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё-="
_UZBEK = "йцукенгшўзхъфқвапролджэячсмитьбюёғҳ"

_READINGS = (
    str.maketrans(_LATIN, _RUSSIAN),
    str.maketrans(_LATIN, _UZBEK),
    str.maketrans(_RUSSIAN + _UZBEK, _LATIN + _LATIN),
)


def other_layouts(words: str) -> list[str]:
    """The words as other layouts read the same keys, without those that say the same."""
    read = [words.lower().translate(reading) for reading in _READINGS]
    return list(dict.fromkeys(one for one in read if one != words.lower()))
