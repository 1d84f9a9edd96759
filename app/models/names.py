"""Names that administrators give in every language of the interface, and how one is picked."""

from collections.abc import Mapping

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

Names = Mapping[str, str]
# When the asked language has no name: the sister script first, then Russian, which every bank fills in.
_FALLBACK = {
    "uz_Latn": ("uz_Cyrl", "ru", "en"),
    "uz_Cyrl": ("uz_Latn", "ru", "en"),
    "ru": ("uz_Latn", "uz_Cyrl", "en"),
    "en": ("ru", "uz_Latn", "uz_Cyrl"),
}


def pick(names: Names, locale: str) -> str:
    """The name in this language, or the nearest one there is; never empty while any is given."""
    for code in (locale, *_FALLBACK.get(locale, ("ru",))):
        if names.get(code):
            return names[code]
    return next(iter(names.values()), "")


def names_column() -> Mapped[dict[str, str]]:
    return mapped_column(JSONB, nullable=False)
